"""Payments of which only a notice tells, and those that M-Pesa may be taking back: they lie in the unallocated
receipts, and nobody is paid from them.
"""

from __future__ import annotations

from sqlalchemy import and_, exists, func, or_, select

from sacco_desktop.db.standing import Lookup
from sacco_desktop.db.tables import Entry, MpesaReceipt, Payout, ReceiptAllocation, ReceiptRefund
from sacco_desktop.domain.money_in import ReceiptState
from sacco_desktop.domain.payouts import Evidence, PayoutStatus
from sacco_desktop.services.books.work import Work

_TAKEN_BACK = exists().where(
    Entry.reverses_number == ReceiptAllocation.entry_number, Entry.posted_at.is_not(None)
)
_GIVEN = (
    select(func.coalesce(func.sum(ReceiptAllocation.cents), 0))
    .where(ReceiptAllocation.receipt_id == MpesaReceipt.id, ~_TAKEN_BACK)
    .correlate(MpesaReceipt)
    .scalar_subquery()
)
# Of a payment that has all its purposes nothing is left unless one was taken back. Taken together with a sum that is
# no index, the database begins with the few entries that take something back and not with all purposes.
_UNDONE = (
    select(ReceiptAllocation.receipt_id)
    .join(Entry, Entry.reverses_number + 0 == ReceiptAllocation.entry_number)
    .where(Entry.reverses_number > 0, Entry.posted_at.is_not(None))
)
_ALLOCATED = MpesaReceipt.state == ReceiptState.ALLOCATED.value
# What M-Pesa may be taking back has no purpose meanwhile, whole and proven or not.
_RETURNING = MpesaReceipt.state == ReceiptState.RETURNING.value
_PAID_BACK = (
    select(func.coalesce(func.sum(ReceiptRefund.cents), 0))
    .join(Payout, Payout.id == ReceiptRefund.payout_id)
    .where(ReceiptRefund.receipt_id == MpesaReceipt.id, Payout.status == PayoutStatus.PAID.value)
    .correlate(MpesaReceipt)
    .scalar_subquery()
)
_LEFT = Lookup(
    select(func.coalesce(func.sum(MpesaReceipt.amount_cents - _GIVEN), 0)).where(
        or_(
            _RETURNING,
            and_(
                MpesaReceipt.evidence == Evidence.CLAIMED.value,
                or_(
                    MpesaReceipt.state == ReceiptState.WAITING.value,
                    MpesaReceipt.state == ReceiptState.DISPUTED.value,
                    and_(_ALLOCATED, MpesaReceipt.id.in_(_UNDONE)),
                ),
            ),
        ),
    )
)

_WAITING = Lookup(
    select(func.coalesce(func.sum(MpesaReceipt.amount_cents - _GIVEN - _PAID_BACK), 0)).where(
        or_(
            _RETURNING,
            MpesaReceipt.state == ReceiptState.WAITING.value,
            MpesaReceipt.state == ReceiptState.DISPUTED.value,
            and_(_ALLOCATED, MpesaReceipt.id.in_(_UNDONE)),
        )
    )
)


def waiting_cents(work: Work) -> int:
    """What of the unallocated receipts is of payments to the paybill, proven or not, in cents."""
    return int(_WAITING.value(work.session) or 0)


def unproven_cents(work: Work) -> int:
    """What of the unallocated receipts may have been invented by who knows our address, or may be gone, in cents."""
    return int(_LEFT.value(work.session) or 0)
