"""How a device signs each request: HTTP Message Signatures (RFC 9421) in one fixed profile, with
nothing to negotiate.

Method, host, path and search part are covered, and the body through its digest, so that a proxy
that opens TLS can neither change nor invent a request. The scheme is left out because it differs
behind a proxy.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from callback_relay.protocol.encoding import Malformed, from_base64, to_base64

RELAY_VERSION = "1"
CONTENT_TYPE = "application/json"
CLOCK_TOLERANCE_SECONDS = 300
_PLAIN = ("@method", "@authority", "@path", "@query", "relay-version")
_WITH_BODY = (*_PLAIN, "content-digest", "content-type")
_INPUT = re.compile(
    r'r=(?P<components>\([^()]*\));created=(?P<created>\d{1,12});keyid="(?P<device>d_[a-z0-9]{1,40})";'
    r'alg="ed25519";tag="callback-relay/1"',
    re.ASCII,
)
_SIGNATURE = re.compile(r"r=:([A-Za-z0-9+/]{86}==):", re.ASCII)


class BadSignature(Exception):
    """The request is not signed in the fixed profile by the device that it names."""


class ClockSkew(BadSignature):
    """The signature is good, but its time is further from ours than the tolerance."""


@dataclass(frozen=True, slots=True)
class Request:
    """The parts of a request that are signed. `search` is the raw part after the question mark,
    without it."""

    method: str
    authority: str
    path: str
    search: str = ""
    body: bytes | None = None


def normal_authority(host: str) -> str:
    """The host as it is signed: lower case, without the default port."""
    lowered = host.lower()
    for default_port in (":443", ":80"):
        lowered = lowered.removesuffix(default_port)
    return lowered


def content_digest(body: bytes) -> str:
    """The Content-Digest header (RFC 9530, SHA-256) of a body."""
    return f"sha-256=:{to_base64(hashlib.sha256(body).digest())}:"


def sign_request(
    request: Request, device_id: str, key: Ed25519PrivateKey, now: datetime
) -> dict[str, str]:
    """The headers that make this a signed request of the device, made at `now`."""
    headers = {"Relay-Version": RELAY_VERSION}
    if request.body is not None:
        headers["Content-Digest"] = content_digest(request.body)
        headers["Content-Type"] = CONTENT_TYPE
    created = int(now.timestamp())
    parameters = (
        f'{_component_list(request)};created={created};keyid="{device_id}";'
        'alg="ed25519";tag="callback-relay/1"'
    )
    signature = key.sign(_signature_text(request, parameters))
    headers["Signature-Input"] = f"r={parameters}"
    headers["Signature"] = f"r=:{to_base64(signature)}:"
    return headers


def verify_request(
    request: Request,
    headers: Mapping[str, str],
    key_of: Callable[[str], Ed25519PublicKey],
    now: datetime,
) -> str:
    """The id of the device that signed the request. `headers` are looked up by lower-case name.

    Raises BadSignature for anything but the fixed profile, ClockSkew for a good signature of a
    wrong time, and whatever `key_of` raises for an unknown device.
    """
    match = _INPUT.fullmatch(headers.get("signature-input", ""))
    signature = _SIGNATURE.fullmatch(headers.get("signature", ""))
    if match is None or signature is None or match["components"] != _component_list(request):
        raise BadSignature("the request is not signed in the agreed form")
    if headers.get("relay-version") != RELAY_VERSION:
        raise BadSignature("the request names another version than the signed one")
    _check_body(request, headers)
    try:
        raw = from_base64(signature[1], "the signature")
        key_of(match["device"]).verify(raw, _signature_text(request, match[0][2:]))
    except (InvalidSignature, Malformed) as error:
        raise BadSignature("the signature does not fit the request") from error
    if abs(int(match["created"]) - now.timestamp()) > CLOCK_TOLERANCE_SECONDS:
        raise ClockSkew("the clock of the device differs too much")
    return match["device"]


def _check_body(request: Request, headers: Mapping[str, str]) -> None:
    """The digest is recomputed, never believed, and the type is the one type that we read."""
    if request.body is None:
        return
    digest = headers.get("content-digest", "")
    if not hmac.compare_digest(digest.encode(), content_digest(request.body).encode()):
        raise BadSignature("the digest does not fit the body")
    if headers.get("content-type") != CONTENT_TYPE:
        raise BadSignature("the body has another type than the signed one")


def _component_list(request: Request) -> str:
    names = _PLAIN if request.body is None else _WITH_BODY
    return "(" + " ".join(f'"{name}"' for name in names) + ")"


def _signature_text(request: Request, parameters: str) -> bytes:
    lines = [
        f'"@method": {request.method}',
        f'"@authority": {normal_authority(request.authority)}',
        f'"@path": {request.path}',
        f'"@query": ?{request.search}',
        f'"relay-version": {RELAY_VERSION}',
    ]
    if request.body is not None:
        lines.append(f'"content-digest": {content_digest(request.body)}')
        lines.append(f'"content-type": {CONTENT_TYPE}')
    lines.append(f'"@signature-params": {parameters}')
    return "\n".join(lines).encode()
