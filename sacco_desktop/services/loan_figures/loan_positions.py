"""What a running loan owes, read from its schedule and from the repayments that count."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import bindparam, select

from sacco_desktop.db.tables import Entry, Loan, LoanAccrual, Repayment, RepaymentPart
from sacco_desktop.domain.allocation import Component, Owed
from sacco_desktop.domain.loan_entries import LoanAccounts
from sacco_desktop.domain.loan_position import Position, position
from sacco_desktop.domain.schedule import Instalment
from sacco_desktop.services.books import ledger
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.loan_figures import loan_terms
from sacco_desktop.services.membership import members
from sacco_desktop.services.penalties import penalty_rows

# A repayment counts unless an entry takes back its own.
TAKEN_BACK = select(Entry.id).where(
    Entry.reverses_number == Repayment.entry_number, Entry.posted_at.is_not(None)
)
# Interest that was booked when it fell due, and was taken out of the books again.
ACCRUAL_TAKEN_BACK = select(Entry.id).where(
    Entry.reverses_number == LoanAccrual.entry_number, Entry.posted_at.is_not(None)
)
_PARTS = (
    select(RepaymentPart.instalment, RepaymentPart.component, RepaymentPart.cents)
    .join(Repayment, Repayment.id == RepaymentPart.repayment_id)
    .where(Repayment.loan_id == bindparam("loan_id"), ~TAKEN_BACK.exists())
)


def position_of(work: Work, loan: Loan) -> Position:
    """What is left of each instalment and of the penalties, and what is kept for instalments to come."""
    return position_by(work, loan, loan_terms.kept_schedule(work, loan.id))


def position_by(work: Work, loan: Loan, schedule: Sequence[Instalment]) -> Position:
    """The same by these instalments, as of another version of the schedule."""
    rows = work.session.execute(_PARTS, {"loan_id": loan.id})
    paid = [Owed(number, Component(component), cents) for number, component, cents in rows]
    return position(
        schedule, paid, prepaid_cents(work, loan), penalty_rows.owed_of_loan(work, loan.id)
    )


def prepaid_cents(work: Work, loan: Loan) -> int:
    """What was paid for instalments that have not fallen due, in cents."""
    code = accounts_of(work, loan).prepaid
    return ledger.balance(work, code) if ledger.is_open(work, code) else 0


def accounts_of(work: Work, loan: Loan) -> LoanAccounts:
    """The accounts that entries of this loan touch."""
    member = members.load(work, loan.member_id)
    return LoanAccounts(loan.number, member.number, loan.loan_control)


def reversed_entries(work: Work, numbers: Iterable[int | None]) -> frozenset[int]:
    """Which of these entries were taken back."""
    return frozenset(
        work.session.scalars(
            select(Entry.reverses_number).where(
                Entry.reverses_number.in_([one for one in numbers if one is not None]),
                Entry.posted_at.is_not(None),
            )
        )
    )
