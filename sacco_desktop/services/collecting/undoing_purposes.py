"""What a payment was given to, and taking all of it back so that the payment can leave: whole or not at all."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import exists, select

from sacco_desktop.db.tables import Entry, Member, MpesaReceipt, ReceiptAllocation
from sacco_desktop.domain.errors import SaccoError, WrongState
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.lending import repayment_undoing
from sacco_desktop.services.savings import deposit_floor


@dataclass(frozen=True, slots=True)
class GivenPart:
    """What of a payment went to one purpose, in cents; `slip` is the number of our receipt, `blocked` why it cannot be
    taken back now, empty when it can.
    """

    entry_number: int
    slip: str
    purpose: str
    member_number: str
    cents: int
    blocked: str


def parts_of(work: Work, receipt_id: int) -> tuple[GivenPart, ...]:
    """What a payment was given to and still stands, the newest first: that is the order of taking it back."""
    back = exists().where(
        Entry.reverses_number == ReceiptAllocation.entry_number, Entry.posted_at.is_not(None)
    )
    rows = work.session.execute(
        select(ReceiptAllocation, Member.number)
        .outerjoin(Member, Member.id == ReceiptAllocation.member_id)
        .where(ReceiptAllocation.receipt_id == receipt_id, ~back)
        .order_by(ReceiptAllocation.id.desc())
    )
    return tuple(
        GivenPart(
            row.entry_number,
            row.slip,
            row.purpose,
            number or "an applicant",
            row.cents,
            _blocked(work, row.entry_number),
        )
        for row, number in rows
    )


def _blocked(work: Work, entry_number: int) -> str:
    try:
        _check(work, entry_number)
    except SaccoError as refusal:
        return refusal.message
    return ""


def _check(work: Work, entry_number: int) -> None:
    deposit_floor.check_can_be_reversed(work, entry_number)
    repayment_undoing.check_can_be_reversed(work, entry_number)


def check_all(work: Work, row: MpesaReceipt) -> tuple[GivenPart, ...]:
    """The parts, when each of them can be taken back. Raises WrongState that names the first that cannot, and why."""
    parts = parts_of(work, row.id)
    stuck = next((part for part in parts if part.blocked), None)
    if stuck is not None:
        raise WrongState(
            f"{row.receipt} was booked for {stuck.member_number} with receipt {stuck.slip}, which cannot be taken back"
            f" now. {stuck.blocked}"
        )
    return parts


def undo_all(work: Work, row: MpesaReceipt, why: str) -> int:
    """Reverse every entry by which a payment got its purposes; what it paid is owed again. How many there were."""
    parts = parts_of(work, row.id)
    for part in parts:
        # Checked one by one: two parts may rest on the same balance.
        _check(work, part.entry_number)
        repayment_undoing.reverse_entry(work, part.entry_number, why)
    return len(parts)
