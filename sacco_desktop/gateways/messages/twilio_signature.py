"""Whether a status callback is Twilio's: it signs the address that it called, and the form, with our token."""

from __future__ import annotations

import hashlib
import hmac
from base64 import b64encode
from collections.abc import Iterable, Mapping
from urllib.parse import SplitResult, parse_qs, urlsplit

_PORTS = {"https": 443, "http": 80}


def sign(url: str, form: Mapping[str, str], token: str) -> str:
    """The signature of a call: over the address and, sorted by name, each name followed by its value."""
    text = url + "".join(f"{name}{form[name]}" for name in sorted(form))
    return b64encode(hmac.digest(token.encode(), text.encode(), hashlib.sha1)).decode("ascii")


def is_signed(url: str, form: Mapping[str, str], token: str, given: str) -> bool:
    """Whether `given` is the signature of this call. Twilio may have signed the address with its port or without."""
    return any(hmac.compare_digest(sign(one, form, token), given) for one in _spellings(url))


def is_body_signed(url: str, body: bytes, token: str, given: str) -> bool:
    """The same for a call whose body is no form: its hash stands in the address, which is signed."""
    stated = parse_qs(urlsplit(url).query).get("bodySHA256", [""])[0]
    own = hashlib.sha256(body).hexdigest()
    return hmac.compare_digest(stated.lower(), own) and is_signed(url, {}, token, given)


def _spellings(url: str) -> Iterable[str]:
    """The address with its port and without."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    port = parts.port or _PORTS.get(parts.scheme)
    return (url, _at(parts, host), _at(parts, f"{host}:{port}"))


def _at(parts: SplitResult, place: str) -> str:
    return parts._replace(netloc=place).geturl()
