"""How bytes, moments and keys are written as text in every message, and read back strictly."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey

_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z", re.ASCII)


class Malformed(ValueError):
    """A message does not have the agreed form. The text never repeats what the message held."""


def to_base64(data: bytes) -> str:
    """Write bytes as standard base64 with padding."""
    return base64.b64encode(data).decode("ascii")


def from_base64(text: object, what: str) -> bytes:
    """Read standard base64 in its one canonical spelling; anything else, also nothing, is
    Malformed."""
    if not isinstance(text, str):
        raise Malformed(f"{what} is not base64 text")
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (UnicodeEncodeError, binascii.Error) as error:
        raise Malformed(f"{what} is not base64 text") from error
    if to_base64(data) != text:
        raise Malformed(f"{what} is not spelt as base64 text is")
    return data


def to_moment(moment: datetime) -> str:
    """Write a moment in UTC with milliseconds, the only form the messages know."""
    return (
        moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"
    )


def from_moment(text: object, what: str) -> datetime:
    """Read a moment in that form."""
    if not isinstance(text, str) or not _MOMENT.fullmatch(text):
        raise Malformed(f"{what} is not a moment in UTC")
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise Malformed(f"{what} is not a moment in UTC") from error


def to_json(value: Mapping[str, Any]) -> bytes:
    """Write a message without spaces. The receiver checks these very bytes and never writes them
    again."""
    return json.dumps(value, separators=(",", ":")).encode("utf-8")


def from_json(data: bytes, what: str) -> dict[str, Any]:
    """Read a message that must be one JSON object."""
    try:
        value = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise Malformed(f"{what} is not JSON") from error
    if not isinstance(value, dict):
        raise Malformed(f"{what} is not a JSON object")
    return value


def text_field(message: Mapping[str, Any], name: str, longest: int = 200) -> str:
    """Take a text out of a message."""
    value = message.get(name)
    if not isinstance(value, str) or len(value) > longest:
        raise Malformed(f"'{name}' is missing or is not a short text")
    return value


def number_field(message: Mapping[str, Any], name: str) -> int:
    """Take a number from 0 to 10**15 out of a message; true and false are not numbers."""
    value = message.get(name)
    if type(value) is not int or not 0 <= value < 10**15:
        raise Malformed(f"'{name}' is missing or is not a number")
    return value


def object_field(message: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Take a nested object out of a message."""
    value = message.get(name)
    if not isinstance(value, dict):
        raise Malformed(f"'{name}' is missing or is not an object")
    return value


def list_field(message: Mapping[str, Any], name: str) -> list[Any]:
    """Take a list out of a message."""
    value = message.get(name)
    if not isinstance(value, list):
        raise Malformed(f"'{name}' is missing or is not a list")
    return value


def signing_key_from(text: object, what: str) -> Ed25519PublicKey:
    """Read the public key with which somebody's signatures are checked."""
    raw = from_base64(text, what)
    if len(raw) != 32:
        raise Malformed(f"{what} is not a key of 32 bytes")
    return Ed25519PublicKey.from_public_bytes(raw)


def inbox_key_from(text: object, what: str) -> X25519PublicKey:
    """Read the public key to which entries are sealed."""
    raw = from_base64(text, what)
    if len(raw) != 32:
        raise Malformed(f"{what} is not a key of 32 bytes")
    return X25519PublicKey.from_public_bytes(raw)
