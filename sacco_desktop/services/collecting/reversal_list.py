"""Payments that are taken back through M-Pesa, as a list or a dialog shows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from sacco_desktop.db.tables import MpesaReceipt, ReceiptReversal
from sacco_desktop.domain.errors import NotFound
from sacco_desktop.domain.money_in import ReceiptState
from sacco_desktop.domain.permissions import Act
from sacco_desktop.domain.phones import display_phone
from sacco_desktop.domain.taking_back import ReversalStatus
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.collecting import mpesa_receipts, undoing_purposes
from sacco_desktop.services.collecting.undoing_purposes import GivenPart
from sacco_desktop.services.office import users

_OVER = (ReversalStatus.FAILED.value, ReversalStatus.DROPPED.value)


@dataclass(frozen=True, slots=True)
class ReversalRow:
    """One taking back, in cents. `is_proven` when it is done and more than a notice says so; `can_be_asked_about` when
    M-Pesa gave an id to ask by.
    """

    reversal_id: int
    number: str
    receipt_id: int
    receipt: str
    payer: str
    cents: int
    reason: str
    status: ReversalStatus
    words: str
    is_proven: bool
    asked_by: str
    asked_at: datetime
    can_be_asked_about: bool
    version: int


@dataclass(frozen=True, slots=True)
class PaymentFacts:
    """A payment before it is given back: who paid, what it was booked for, what is left of it in cents, and the taking
    back that lives. `phone` is whole and readable, or empty when M-Pesa did not tell it.
    """

    receipt_id: int
    receipt: str
    paid_at: datetime
    amount_cents: int
    left_cents: int
    reference: str
    payer: str
    phone: str
    payer_name: str
    is_proven: bool
    state: ReceiptState
    parts: tuple[GivenPart, ...]
    reversal: ReversalRow | None


def row_of(work: Work, reversal_id: int) -> ReversalRow:
    """One as it stands now. Raises NotFound."""
    work.allow(Act.LOOK)
    found = _rows(work, ReceiptReversal.id == reversal_id)
    if not found:
        raise NotFound("There is no such taking back of a payment.")
    return found[0]


def list_reversals(work: Work, _nothing: None = None) -> tuple[ReversalRow, ...]:
    """Every one that somebody may still have to look at, the oldest first: all but those that are proven or over."""
    work.allow(Act.LOOK)
    rows = _rows(work, ReceiptReversal.status.not_in(_OVER))
    return tuple(row for row in rows if not row.is_proven)


def payment_facts(work: Work, receipt_id: int) -> PaymentFacts:
    """What a person reads before a payment is given back. Raises NotFound."""
    work.allow(Act.LOOK)
    row = work.session.get(MpesaReceipt, receipt_id)
    if row is None:
        raise NotFound("There is no such payment.")
    living = _rows(
        work, (ReceiptReversal.receipt_id == receipt_id) & ReceiptReversal.status.not_in(_OVER)
    )
    return PaymentFacts(
        receipt_id=row.id,
        receipt=row.receipt,
        paid_at=row.paid_at,
        amount_cents=row.amount_cents,
        left_cents=mpesa_receipts.left_cents(work, row.id),
        reference=row.reference,
        payer=_payer(row),
        phone=display_phone(row.payer_phone) if row.payer_phone else "",
        payer_name=row.payer_name,
        is_proven=row.evidence == "verified",
        state=ReceiptState(row.state),
        parts=undoing_purposes.parts_of(work, row.id),
        reversal=living[0] if living else None,
    )


def _payer(row: MpesaReceipt) -> str:
    """Who paid, with a whole number as people read it; empty when M-Pesa told nothing."""
    if row.payer_phone:
        return f"{row.payer_name} {display_phone(row.payer_phone)}".strip()
    return mpesa_receipts.payer_words(row)


def _rows(work: Work, which: Any) -> tuple[ReversalRow, ...]:
    found = work.session.execute(
        select(ReceiptReversal, MpesaReceipt)
        .join(MpesaReceipt, MpesaReceipt.id == ReceiptReversal.receipt_id)
        .where(which)
        .order_by(ReceiptReversal.id)
    )
    return tuple(
        ReversalRow(
            reversal_id=row.id,
            number=row.number,
            receipt_id=receipt.id,
            receipt=receipt.receipt,
            payer=_payer(receipt),
            cents=row.cents,
            reason=row.reason,
            status=ReversalStatus(row.status),
            words=row.words,
            is_proven=row.evidence == "verified",
            asked_by=users.full_name_of(work, row.asked_by),
            asked_at=row.asked_at,
            can_be_asked_about=bool(row.originator_id),
            version=row.version,
        )
        for row, receipt in found
    )
