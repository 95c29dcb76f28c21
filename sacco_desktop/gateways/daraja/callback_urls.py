"""Which addresses M-Pesa accepts for its callbacks: a refused address costs a payout its answer."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from sacco_desktop.gateways.daraja.connection import Environment

BANNED_WORDS = ("m-pesa", "mpesa", "safaricom", "exec", "exe", "cmd", "sql", "query")
TUNNELS = ("ngrok", "mockbin", "requestbin", "pipedream", "localtunnel", "webhook.site")


def callback_url_problem(url: str, environment: Environment) -> str | None:
    """A sentence that says why M-Pesa would refuse this address, or None when it is fine.

    A random path can hold a banned word by chance, so a new token has to be drawn until this says
    None. Practice allows plain http and this very PC.
    """
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    if parts.scheme not in ("http", "https") or not host:
        return "The callback address must begin with https:// and name a host."
    for word in BANNED_WORDS:
        if word in url.lower():
            return f"M-Pesa refuses callback addresses that contain “{word}”."
    if parts.query or parts.fragment or parts.username:
        return "The callback address may carry no user name, question mark or hash."
    if environment == "practice":
        return None
    if environment == "production" and parts.scheme != "https":
        return "The callback address must begin with https://."
    if not _is_public(host):
        return "The callback address must be reachable from the internet."
    if environment == "production" and any(tunnel in host for tunnel in TUNNELS):
        return "M-Pesa refuses callback addresses of free tunnels."
    return None


def _is_public(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        return "." in host and not host.endswith((".local", ".localhost", ".internal", ".lan"))
