"""A repayment that a check-off paid is reversed alone: what the employer paid of it stays the member's, as deposits."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import aliased

from sacco_desktop.db.tables import CheckOffOwner, Entry, Loan, Repayment
from sacco_desktop.domain import savings_entries
from sacco_desktop.domain.loan_entries import Source
from sacco_desktop.services.books import ledger, open_days
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.membership import members
from sacco_desktop.services.savings import deposit_floor


def keep(work: Work, entry_number: int) -> None:
    """Put the money of a repayment that was just reversed into the member's deposits, where a check-off had paid it.
    Otherwise it would lie on the clearing account, where nobody looks.
    """
    row = work.session.scalar(select(Repayment).where(Repayment.entry_number == entry_number))
    if row is None:
        return
    found_later = row.source == Source.UNALLOCATED.value and _is_found(work, row.reference)
    if row.source != Source.CHECK_OFF.value and not found_later:
        return
    loan = work.session.get_one(Loan, row.loan_id)
    number = members.load(work, loan.member_id).number
    on = open_days.open_day(work, work.today)
    ledger.post(
        work,
        savings_entries.check_off_kept(
            number, row.amount_cents, row.reference, on, found_later=found_later
        ),
    )


def _is_found(work: Work, number: str) -> bool:
    found = select(CheckOffOwner.id).where(CheckOffOwner.number == number)
    return work.session.scalar(found) is not None


def kept_by(work: Work, slip_number: str) -> list[int]:
    """The entries that kept money of this list, or of this found owner, and stand; the newest first."""
    back = aliased(Entry)
    is_back = select(back.id).where(
        back.reverses_number == Entry.number, back.posted_at.is_not(None)
    )
    found = work.session.scalars(
        select(Entry.number)
        .where(
            Entry.kind == savings_entries.CHECK_OFF_KEPT,
            Entry.reference == slip_number,
            Entry.reverses_number.is_(None),
            Entry.posted_at.is_not(None),
            ~is_back.exists(),
        )
        .order_by(Entry.number.desc())
    )
    return [number for number in found if number is not None]


def check_can_be_undone(work: Work, slip_number: str) -> None:
    """Raise WrongState, with the figures, when the member has had that money since."""
    for number in kept_by(work, slip_number):
        deposit_floor.check_can_be_reversed(work, number)


def undo(work: Work, slip_number: str, why: str) -> None:
    """Take back what was kept."""
    for number in kept_by(work, slip_number):
        ledger.reverse(work, number, why)
