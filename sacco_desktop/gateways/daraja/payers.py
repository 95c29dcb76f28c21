"""Who paid, as M-Pesa tells it: the whole number, a SHA-256 of it, or a few of its figures. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from sacco_desktop.gateways.daraja import fields
from sacco_desktop.gateways.daraja.outside_json import clean_text

_HASH = re.compile(r"[0-9a-fA-F]{64}")
_MASKED = re.compile(r"[0-9*xX •]{6,24}")


@dataclass(frozen=True, slots=True)
class Payer:
    """At most one of the three is there. A masked number is a hint and proves nothing."""

    phone: str | None = field(default=None, repr=False)
    hash: str | None = field(default=None, repr=False)
    masked: str | None = field(default=None, repr=False)


def to_payer(value: object) -> Payer:
    """The payer in any of the spellings; nobody for one that is not known."""
    text = clean_text(value)
    if phone := fields.to_phone(text):
        return Payer(phone=phone)
    if _HASH.fullmatch(text):
        return Payer(hash=text.lower())
    if _MASKED.fullmatch(text) and any(sign in text for sign in "*xX•"):
        return Payer(masked=text)
    return Payer()
