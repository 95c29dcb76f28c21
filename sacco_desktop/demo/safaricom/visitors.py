"""Who asks: a program on this machine for itself, or a web page of somebody else in its name."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from starlette.requests import Request


def is_from_here(request: Request) -> bool:
    """Whether a program on this machine asks, under a name of this machine, and for itself.

    A name that another site has pointed at this machine is refused, too.
    """
    if request.client is None or not _is_loopback(request.client.host):
        return False
    host = urlsplit(f"//{request.headers.get('host', '')}").hostname
    return _is_loopback(host or "") and not is_from_another_site(request)


def is_from_another_site(request: Request) -> bool:
    """A browser says which site a form or a script belongs to."""
    origin = request.headers.get("origin", "")
    return bool(origin) and urlsplit(origin).netloc != request.headers.get("host", "")


def _is_loopback(name: str) -> bool:
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
