"""What the gateway refuses before anything is processed, and in which words. Pure."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias
from urllib.parse import urlsplit

from sacco_desktop.demo.safaricom.fields_in import ADDRESS, FIELDS_IN

Body: TypeAlias = Mapping[str, object]
Check: TypeAlias = Callable[[str], bool]

BANNED_IN_URLS = ("m-pesa", "mpesa", "safaricom", "exe", "cmd", "sql", "query")
TUNNELS = ("ngrok", "mockbin", "requestbin")
# Payouts under an id that the caller made, which the gateway takes once only.
WITH_OWN_ID = ("b2c/v3", "b2cvalidate/v2")
COMMANDS = ("BusinessPayment", "SalaryPayment", "PromotionPayment")


@dataclass(frozen=True, slots=True)
class Refusal:
    """A synchronous refusal: the HTTP status and the error envelope's code and text."""

    http_status: int
    code: str
    text: str


def invalid(name: str) -> Refusal:
    return Refusal(400, "400.002.02", f"Bad Request - Invalid {name}")


INVALID_PAYLOAD = Refusal(400, "400.002.05", "Invalid Request Payload")
INVALID_HEADER = Refusal(404, "404.001.04", "Invalid Authentication Header")
NO_PRODUCT = Refusal(
    401,
    "401.003.01",
    "Error Occurred - Invalid Access Token - Invalid API call as no apiproduct match found",
)
DUPLICATE = Refusal(500, "500.002.1001", "Duplicate OriginatorConversationID.")
SPIKE_ARREST = Refusal(500, "500.003.02", "Error Occurred: Spike Arrest Violation")
SYSTEM_BUSY = Refusal(500, "500.003.02", "System is busy. Please try again in few minutes.")
QUOTA = Refusal(500, "500.003.03", "Error Occurred: Quota Violation")

# The envelopes that the portal lists, each by its code; some codes stand for several things.
ENVELOPES: dict[str, Refusal] = {
    refusal.code: refusal
    for refusal in (
        invalid("Remarks"),
        INVALID_PAYLOAD,
        Refusal(400, "400.003.01", "Invalid Access Token"),
        Refusal(400, "400.003.02", "Bad Request"),
        Refusal(401, "401.002.01", "Error Occurred - Invalid Access Token - xxxx"),
        NO_PRODUCT,
        Refusal(404, "404.001.03", "Invalid Access Token"),
        INVALID_HEADER,
        Refusal(404, "404.001.01", "Resource not found"),
        Refusal(404, "404.002.01", "Resource not found"),
        Refusal(404, "404.003.01", "Resource not found"),
        Refusal(405, "405.001", "POST Method Not Allowed"),
        Refusal(500, "500.001.1001", "Internal Server Error"),
        DUPLICATE,
        Refusal(500, "500.003.1001", "Internal Server Error"),
        SPIKE_ARREST,
        QUOTA,
    )
}


def bad_token(api: str, token: str) -> Refusal:
    """Each interface says it in its own way."""
    if api in ("status", "c2b_register"):
        return Refusal(400, "400.003.01", "Invalid Access Token")
    if api in ("stk", "stk_query", "reversal"):
        return Refusal(404, "404.001.03", "Invalid Access Token")
    if api == "pull":
        return Refusal(401, "401.001", "Invalid Access Token")
    return Refusal(401, "401.002.01", f"Error Occurred - Invalid Access Token - {token}")


def first_field(product: str) -> str:
    """The field that a missing Content-Type is blamed on."""
    if product in WITH_OWN_ID:
        return "OriginatorConversationID"
    if product in FIELDS_IN:
        return FIELDS_IN[product][0][0]
    return "InitiatorName" if product == "b2c/v1" else "Initiator"


def check(product: str, body: Body, *, allows_local: bool) -> Refusal | None:
    """The first field that breaks its rule."""
    for name, is_required, is_fine in _fields(product, allows_local):
        value = body.get(name)
        if value is None or value == "":
            if is_required:
                return invalid(name)
            continue
        if isinstance(value, (dict, list, bool)) or not is_fine(str(value)):
            return invalid(name)
    if product == "status" and not (
        body.get("TransactionID") or body.get("OriginalConversationID")
    ):
        return invalid("TransactionID")
    return None


def callback_address_is_fine(url: str, *, allows_local: bool) -> bool:
    """https, a public host, none of the words that the gateway bans, no free tunnel."""
    lower = url.lower()
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return False
    if any(word in lower for word in BANNED_IN_URLS):
        return False
    if allows_local:
        return True
    return (
        parts.scheme == "https"
        and _is_public(parts.hostname)
        and not any(tunnel in lower for tunnel in TUNNELS)
    )


def _is_public(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        return "." in host and not host.endswith((".local", ".localhost"))


def _fields(product: str, allows_local: bool) -> tuple[tuple[str, bool, Check], ...]:
    def address(url: str) -> bool:
        return callback_address_is_fine(url, allows_local=allows_local)

    if product in FIELDS_IN:
        return tuple(
            (name, needed, address if pattern == ADDRESS else _matches(pattern))
            for name, needed, pattern in FIELDS_IN[product]
        )
    if product.startswith("b2c"):
        own_id = (("OriginatorConversationID", True, _matches(r"[A-Za-z0-9_-]{1,128}")),)
        paper = (
            ("IDType", True, _matches(r"0[1-5]")),
            ("IDNumber", True, _matches(r"[A-Za-z0-9/-]{1,30}")),
        )
        return (
            *(own_id if product in WITH_OWN_ID else ()),
            ("InitiatorName", True, _anything),
            ("SecurityCredential", True, _anything),
            ("CommandID", True, COMMANDS.__contains__),
            ("Amount", True, _matches(r"[1-9][0-9]{0,9}(\.0+)?")),
            ("PartyA", True, _matches(r"[0-9]{5,9}")),
            ("PartyB", True, _matches(r"254[17][0-9]{8}")),
            ("Remarks", True, _matches(r".{2,100}")),
            ("QueueTimeOutURL", True, address),
            ("ResultURL", True, address),
            ("Occassion", False, _matches(r".{1,100}")),
            *(paper if product == "b2cvalidate/v2" else ()),
        )
    command = "TransactionStatusQuery" if product == "status" else "AccountBalance"
    return (
        ("Initiator", True, _anything),
        ("SecurityCredential", True, _anything),
        ("CommandID", True, command.__eq__),
        ("TransactionID", False, _matches(r"[A-Z0-9]{8,20}")),
        ("PartyA", True, _matches(r"[0-9]{5,12}")),
        ("IdentifierType", True, _matches(r"[124]")),
        ("Remarks", True, _matches(r".{1,100}")),
        ("QueueTimeOutURL", True, address),
        ("ResultURL", True, address),
    )


def _anything(text: str) -> bool:
    return bool(text.strip())


def _matches(pattern: str) -> Check:
    compiled = re.compile(pattern, re.ASCII)
    return lambda text: compiled.fullmatch(text) is not None
