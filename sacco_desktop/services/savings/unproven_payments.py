"""Payments of which only a notice tells: they lie in the unallocated receipts, and nobody is paid from them."""

from __future__ import annotations

from sqlalchemy import func, select

from sacco_desktop.db.tables import Entry, MpesaReceipt, ReceiptAllocation
from sacco_desktop.domain.money_in import ReceiptState
from sacco_desktop.domain.payouts import Evidence
from sacco_desktop.services.books.work import Work

_UNPROVEN = (
    MpesaReceipt.evidence == Evidence.CLAIMED.value,
    MpesaReceipt.state != ReceiptState.REFUTED.value,
)


def unproven_cents(work: Work) -> int:
    """What of the unallocated receipts anybody who knows our address may have invented, in cents."""
    came = work.session.scalar(
        select(func.coalesce(func.sum(MpesaReceipt.amount_cents), 0)).where(*_UNPROVEN)
    )
    back = (
        select(Entry.id)
        .where(
            Entry.reverses_number == ReceiptAllocation.entry_number, Entry.posted_at.is_not(None)
        )
        .exists()
    )
    given = work.session.scalar(
        select(func.coalesce(func.sum(ReceiptAllocation.cents), 0))
        .join(MpesaReceipt, MpesaReceipt.id == ReceiptAllocation.receipt_id)
        .where(*_UNPROVEN, ~back)
    )
    return int(came or 0) - int(given or 0)
