"""Taking a repayment back: what it paid is owed again, and a schedule that it changed holds again as it was before."""

from __future__ import annotations

from sqlalchemy import select

from sacco_desktop.db.tables import (
    Loan,
    LoanAccrual,
    LoanChange,
    LoanTopUp,
    LoanWriteOff,
    Repayment,
)
from sacco_desktop.domain.errors import WrongState
from sacco_desktop.services.books import ledger
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.lending import (
    due_instalments,
    loan_fees,
    loans,
    provisioning,
    write_offs,
)
from sacco_desktop.services.loan_figures import loan_positions, repayment_rows, schedule_versions


def check_can_be_reversed(work: Work, entry_number: int) -> None:
    """Raise WrongState, naming what must be taken back first, for a payment that something else rests on."""
    loan_fees.check_can_be_given_back(work, entry_number)
    by = work.session.scalar(
        select(Loan.number)
        .join(LoanTopUp, LoanTopUp.loan_id == Loan.id)
        .where(LoanTopUp.entry_number == entry_number)
    )
    if by is not None:
        raise WrongState(
            f"{by} cleared this loan when it was paid. It is owed again only if that payment comes back."
        )
    check_nothing_rests(work, entry_number)


def check_nothing_rests(work: Work, entry_number: int) -> None:
    """The same for a loan that another one cleared."""
    row = _row(work, entry_number)
    if row is None:
        _check_end(work, entry_number)
        return
    loan = loans.load(work, row.loan_id)
    change = schedule_versions.change_by_entry(work, loan.id, entry_number)
    if change is not None:
        _check_nothing_since(work, loan, row, change)
    elif row.use == repayment_rows.SETTLEMENT:
        raise WrongState(
            f"{row.receipt} paid {loan.number} off together with another payment. Reverse that one;"
            " this goes with it."
        )


def reverse_entry(work: Work, entry_number: int, why: str) -> None:
    """Reverse an entry that two people want gone. What a repayment had paid is owed again, and a loan that it closed
    runs again; what its prepaid part has paid since is taken back before it, and a schedule that it changed is what it
    was. Raises WrongState when something rests on that schedule.
    """
    check_can_be_reversed(work, entry_number)
    loan = take_back(work, entry_number, why)
    if loan is not None:
        due_instalments.catch_up(work, loan)


def take_back(work: Work, entry_number: int, why: str) -> Loan | None:
    """The same without bringing the loan up to the day; the loan that is to be, or None."""
    row = _row(work, entry_number)
    if row is None:
        ledger.reverse(work, entry_number, why)
        return _run_again(work, entry_number)
    if row.use == repayment_rows.RECOVERY:
        ledger.reverse(work, entry_number, why)
        write_offs.move_on(work, loans.load(work, row.loan_id))
        return None
    loan = loans.load(work, row.loan_id)
    change = schedule_versions.change_by_entry(work, loan.id, entry_number)
    for use in _uses(work, loan) if row.prepaid_cents else ():
        if loan_positions.prepaid_cents(work, loan) >= row.prepaid_cents:
            break
        ledger.reverse(work, use.entry_number, why)
    ledger.reverse(work, entry_number, why)
    if change is not None:
        _undo(work, loan, change, why)
    repayment_rows.move_on(work, loan)
    return loan


def _check_end(work: Work, entry_number: int) -> None:
    """What else rests on the end of a loan, or on the allowance of a later day."""
    row = _write_off(work, entry_number)
    if row is not None and write_offs.recovered_cents(work, row.loan_id):
        raise WrongState(
            "Something was recovered of this loan since it was written off. Reverse that first."
        )
    provisioning.check_can_be_reversed(work, entry_number)


def _run_again(work: Work, entry_number: int) -> Loan | None:
    """A loan whose write-off was reversed runs again."""
    row = _write_off(work, entry_number)
    if row is None:
        return None
    loan = loans.load(work, row.loan_id)
    repayment_rows.move_on(work, loan)
    return loan


def _write_off(work: Work, entry_number: int) -> LoanWriteOff | None:
    return work.session.scalar(
        select(LoanWriteOff).where(LoanWriteOff.entry_number == entry_number)
    )


def _undo(work: Work, loan: Loan, change: LoanChange, why: str) -> None:
    """The rows of before hold again; interest that was booked by the rows of this version is booked anew by those."""
    for other in _standing(work, loan, repayment_rows.SETTLEMENT):
        ledger.reverse(work, other.entry_number, why)
    restore_before(work, loan, change, why)


def restore_before(work: Work, loan: Loan, change: LoanChange, why: str) -> None:
    """Let the rows hold again that this change replaced; interest that was booked by its rows is taken out."""
    booked = work.session.scalars(
        select(LoanAccrual.entry_number).where(
            LoanAccrual.loan_id == loan.id, LoanAccrual.schedule == change.schedule
        )
    ).all()
    for number in sorted(set(booked) - loan_positions.reversed_entries(work, booked)):
        ledger.reverse(work, number, why)
    schedule_versions.restore(work, loan, change.replaced, why)


def _check_nothing_since(work: Work, loan: Loan, row: Repayment, change: LoanChange) -> None:
    if change.schedule != loan.schedule:
        raise WrongState(
            f"The schedule of {loan.number} has changed again since. Take that back first."
        )
    after = [
        one.receipt
        for one in _standing(work, loan)
        if one.entry_number > row.entry_number and one.use != repayment_rows.SETTLEMENT
    ]
    if after:
        raise WrongState(
            f"{', '.join(after)} paid on the schedule that came with {row.receipt}. Reverse"
            f" {'it' if len(after) == 1 else 'them'} first."
        )


def _row(work: Work, entry_number: int) -> Repayment | None:
    return work.session.scalar(select(Repayment).where(Repayment.entry_number == entry_number))


def _standing(work: Work, loan: Loan, use: str | None = None) -> list[Repayment]:
    """The repayments that count, the newest first."""
    query = select(Repayment).where(Repayment.loan_id == loan.id)
    if use is not None:
        query = query.where(Repayment.use == use)
    rows = work.session.scalars(query.order_by(Repayment.entry_number.desc())).all()
    gone = loan_positions.reversed_entries(work, [row.entry_number for row in rows])
    return [row for row in rows if row.entry_number not in gone]


def _uses(work: Work, loan: Loan) -> list[Repayment]:
    return _standing(work, loan, repayment_rows.PREPAYMENT)
