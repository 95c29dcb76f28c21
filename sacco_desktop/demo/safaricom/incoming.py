"""Money that comes in: what members paid to the paybill, prompts on their phones, and where the paybill reports."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass, field
from datetime import datetime


@dataclass(slots=True)
class Incoming:
    """One payment to the paybill as M-Pesa's core keeps it; cents, moment in UTC."""

    receipt: str
    phone: str
    amount_cents: int
    reference: str
    shortcode: str
    paid_at: datetime
    road: str  # stk, paybill
    is_reversed: bool = False
    # The id of the request that took it back, and M-Pesa's number for that.
    reversal_id: str = ""
    reversal_receipt: str = ""

    def as_row(self) -> dict[str, object]:
        return {**asdict(self), "paid_at": self.paid_at.isoformat()}


@dataclass(slots=True)
class PhonePrompt:
    """One prompt as the core sees it: open until it was answered or ran out."""

    merchant_request_id: str
    checkout_request_id: str
    phone: str
    amount_cents: int
    reference: str
    shortcode: str
    callback_url: str = field(repr=False)
    asked_at: datetime
    code: str = ""  # Empty while it waits on the phone.
    receipt: str = ""

    def as_row(self) -> dict[str, object]:
        row = {**asdict(self), "asked_at": self.asked_at.isoformat()}
        del row["callback_url"]
        return row


@dataclass(frozen=True, slots=True)
class Urls:
    """Where payments to a shortcode are reported, in which version, and what happens when nobody validates."""

    version: str  # v1, v2
    response_type: str  # Completed, Cancelled
    confirmation: str = field(repr=False)
    validation: str = field(repr=False)


def hashed(phone: str) -> str:
    """The number as version 1 tells it: the SHA-256 of its twelve digits."""
    return hashlib.sha256(phone.encode("ascii")).hexdigest()


def masked(phone: str) -> str:
    """The number as version 2 tells it."""
    return f"{phone[:4]} ***** {phone[-3:]}"
