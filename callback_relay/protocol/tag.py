"""Callback addresses: the token that names a society and the tag that ties one callback to one
request of ours."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets

from callback_relay.protocol.encoding import Malformed
from callback_relay.protocol.messages import CALLBACK_KINDS

_HEX_32 = re.compile(r"[0-9a-f]{32}", re.ASCII)


def new_callback_token() -> str:
    """A fresh token of 128 bits. Hex cannot spell any word that Safaricom refuses in an address."""
    return secrets.token_hex(16)


def token_hash(token: str) -> bytes:
    """What the relay keeps in place of the token."""
    return hashlib.sha256(token.encode()).digest()


def is_hex_32(text: str) -> bool:
    """Whether a text has the form of a token or tag."""
    return _HEX_32.fullmatch(text) is not None


def request_tag(tag_key: bytes, relay_host: str, kind: str, intent_id: str) -> str:
    """The tag of one request of ours. Whoever lacks the society's key cannot forge an answer to a
    request.

    It also finds the request again when the answer with Safaricom's own id was lost on a bad line.
    """
    text = f"relay-tag/v1\n{relay_host}\n{kind}\n{intent_id}".encode()
    return hmac.new(tag_key, text, hashlib.sha256).digest()[:16].hex()


def callback_path(kind: str, token: str, tag: str | None = None) -> str:
    """The path that Safaricom is told to post to."""
    if kind not in CALLBACK_KINDS or not is_hex_32(token) or not (tag is None or is_hex_32(tag)):
        raise Malformed("a callback address needs a known kind, a token and a tag of 32 hex digits")
    return f"/c/{token}/{kind}" + (f"/{tag}" if tag is not None else "")
