"""What M-Pesa posts about money that comes in, read into frozen values. Pure: no network and no clock.

Each function raises `Unreadable` for what cannot be understood without guessing. What is said here is a claim.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sacco_desktop.gateways.daraja import fields
from sacco_desktop.gateways.daraja.answers import Envelope
from sacco_desktop.gateways.daraja.outside_json import Unreadable, clean_text, read_object
from sacco_desktop.gateways.daraja.payers import Payer, to_payer

LONGEST_REFERENCE = 40
LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class PromptNotice:
    """How a prompt ended, as claimed by a callback; in cents, moment in UTC. A paid one names its receipt."""

    merchant_request_id: str
    checkout_request_id: str
    code: str
    text: str
    receipt: str | None
    amount_cents: int | None
    paid_at: datetime | None
    payer: Payer


@dataclass(frozen=True, slots=True)
class ConfirmationNotice:
    """A payment to the paybill as claimed by a callback; in cents, moment in UTC."""

    receipt: str
    shortcode: str
    paid_at: datetime
    amount_cents: int
    reference: str = field(repr=False)
    payer: Payer
    payer_name: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ReversalNotice:
    """How taking a payment back ended; `receipt` is that of the payment."""

    code: str
    text: str
    is_final: bool
    conversation_id: str
    receipt: str | None
    amount_cents: int | None


def parse_prompt(raw: bytes) -> PromptNotice:
    """The body posted to a prompt's CallBackURL."""
    body = read_object(raw).get("Body")
    inside = body.get("stkCallback") if isinstance(body, dict) else None
    if not isinstance(inside, dict):
        raise Unreadable("The message holds no answer to a prompt.")
    code = clean_text(inside.get("ResultCode"))
    if not code:
        raise Unreadable("The answer to the prompt holds no code.")
    items = _items(inside.get("CallbackMetadata"))
    return PromptNotice(
        merchant_request_id=clean_text(inside.get("MerchantRequestID")),
        checkout_request_id=clean_text(inside.get("CheckoutRequestID")),
        code=code,
        text=clean_text(inside.get("ResultDesc")),
        receipt=fields.to_receipt(items.get("MpesaReceiptNumber")),
        amount_cents=fields.to_cents(items.get("Amount")),
        paid_at=fields.to_moment(items.get("TransactionDate")),
        payer=to_payer(items.get("PhoneNumber")),
    )


def _items(holder: object) -> Mapping[str, object]:
    """Names and values, found by name because their order is not fixed; one that stands there twice counts for none."""
    rows = holder.get("Item") if isinstance(holder, dict) else None
    found: dict[str, object] = {}
    for row in rows if isinstance(rows, list) else [rows]:
        if isinstance(row, dict):
            name, value = clean_text(row.get("Name")), row.get("Value")
            found[name] = None if name in found and found[name] != value else value
    return found


def parse_confirmation(raw: bytes) -> ConfirmationNotice:
    """The body posted to the paybill's ConfirmationURL."""
    body = read_object(raw)
    receipt = fields.to_receipt(body.get("TransID"))
    paid_at = fields.to_moment(body.get("TransTime"))
    cents = fields.to_cents(body.get("TransAmount"))
    shortcode = clean_text(body.get("BusinessShortCode"))
    if receipt is None or paid_at is None or cents is None or cents <= 0 or not shortcode:
        raise Unreadable("The payment lacks its receipt, its time, its sum or its paybill.")
    names = (clean_text(body.get(name)) for name in ("FirstName", "MiddleName", "LastName"))
    return ConfirmationNotice(
        receipt=receipt,
        shortcode=shortcode[:20],
        paid_at=paid_at,
        amount_cents=cents,
        reference=clean_text(body.get("BillRefNumber"))[:LONGEST_REFERENCE],
        payer=to_payer(body.get("MSISDN")),
        payer_name=" ".join(filter(None, names))[:LONGEST_NAME],
    )


def parse_reversal(raw: bytes) -> ReversalNotice:
    """The body posted to the ResultURL of a reversal."""
    envelope = Envelope.read(raw)
    found = envelope.parameters
    return ReversalNotice(
        code=envelope.code,
        text=envelope.text("ResultDesc"),
        is_final=envelope.is_final,
        conversation_id=envelope.text("ConversationID"),
        receipt=fields.to_receipt(found.one("OriginalTransactionID")),
        amount_cents=found.cents("Amount"),
    )
