"""What happens by itself when an instalment falls due: its interest becomes income, and what was prepaid pays it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, func, or_, select

from sacco_desktop.db.tables import Account, AccountBalance, Loan, LoanAccrual, LoanInstalment
from sacco_desktop.domain import loan_entries
from sacco_desktop.domain.allocation import AllocationRule, allocate
from sacco_desktop.domain.chart import PREPAID_INSTALMENTS
from sacco_desktop.domain.loan_entries import Basis
from sacco_desktop.domain.loan_position import Left
from sacco_desktop.domain.people import prepayment_number
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.books import ledger, numbering, open_days
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.loan_figures import loan_penalties, loan_positions, repayment_rows
from sacco_desktop.services.office import society

# So many loans take a tenth of a second, after which a person's click has its turn.
_A_SLICE = 20


@dataclass(frozen=True, slots=True)
class Slice:
    """The last loan that was looked at, by id, and how many were brought up to date; None when there are no more."""

    last_id: int | None
    done: int = 0


def catch_up_slice(work: Work, given: Slice) -> Slice:
    """Bring the next few running loans up to today; the clock goes on until none is left."""
    work.allow(Act.FOLLOW_UP)
    wanted = _can_use_prepayment(work.today)
    if society.setting(work, "loan.basis") == Basis.ACCRUAL.value:
        wanted = or_(wanted, _has_interest_to_book(work.today))
    loans = work.session.scalars(
        select(Loan)
        .where(Loan.status == "active", Loan.id > (given.last_id or 0), wanted)
        .order_by(Loan.id)
        .limit(_A_SLICE)
    ).all()
    for loan in loans:
        catch_up(work, loan)
    last = loans[-1].id if len(loans) == _A_SLICE else None
    return Slice(last, given.done + len(loans))


def _has_interest_to_book(today: date) -> ColumnElement[bool]:
    booked = select(LoanAccrual.id).where(
        LoanAccrual.loan_id == LoanInstalment.loan_id,
        LoanAccrual.instalment == LoanInstalment.number,
        ~loan_positions.ACCRUAL_TAKEN_BACK.exists(),
    )
    due = select(LoanInstalment.id).where(
        LoanInstalment.loan_id == Loan.id,
        LoanInstalment.schedule == Loan.schedule,
        LoanInstalment.due_on <= today,
        LoanInstalment.interest_cents > 0,
        ~booked.exists(),
    )
    # What was paid on the cash basis was income then: a loan that is paid up has nothing to book.
    return and_(Loan.unpaid_since <= today, due.exists())


def _can_use_prepayment(today: date) -> ColumnElement[bool]:
    kept = (
        select(Account.id)
        .join(AccountBalance, AccountBalance.account_id == Account.id)
        .where(
            Account.code == func.concat(f"{PREPAID_INSTALMENTS}.", Loan.number),
            AccountBalance.credit_cents > AccountBalance.debit_cents,
        )
    )
    return and_(Loan.unpaid_since <= today, kept.exists())


def catch_up(work: Work, loan: Loan, *, paid_on: date | None = None) -> None:
    """Bring a running loan up to today, instalment by instalment, and its penalties; doing it again changes nothing.

    Where something is about to be paid, its penalties are brought up to the day of that payment, the days of a month
    that runs too.
    """
    if loan.status != "active":
        return
    if society.setting(work, "loan.basis") == Basis.ACCRUAL.value:
        _accrue(work, loan)
    _use_prepayment(work, loan)
    if paid_on is None:
        loan_penalties.catch_up(work, loan, work.today)
    else:
        loan_penalties.catch_up(work, loan, paid_on, close=True)


def _accrue(work: Work, loan: Loan) -> None:
    """Book the interest of every instalment that has fallen due, on its day or in the first month that is open. What
    of it was paid before, on the cash basis, is income already.
    """
    booked = repayment_rows.booked_interest(work, loan)
    for line in loan_positions.position_of(work, loan).fallen_due(work.today):
        if line.number not in booked and line.interest_cents:
            _book(work, loan, line)


def _book(work: Work, loan: Loan, line: Left) -> None:
    entry = loan_entries.accrued(
        loan_positions.accounts_of(work, loan),
        line.interest_cents,
        f"{loan.number}/{line.number}",
        open_days.open_day(work, line.due_on),
    )
    posted = ledger.post(work, entry)
    accrual = LoanAccrual(
        loan_id=loan.id,
        schedule=loan.schedule,
        instalment=line.number,
        cents=line.interest_cents,
        entry_number=posted.number,
    )
    work.session.add(accrual)
    work.session.flush()


def _use_prepayment(work: Work, loan: Loan) -> None:
    """Pay each instalment that has fallen due from what was prepaid, on its own day."""
    found = loan_positions.position_of(work, loan)
    left = found.prepaid_cents
    for line in found.fallen_due(work.today) if left else ():
        paid = allocate(left, line.owed(), AllocationRule())
        left = paid.over_cents
        year = work.today.year
        taken = repayment_rows.Taken(
            use=repayment_rows.PREPAYMENT,
            source=None,
            receipt=prepayment_number(year, numbering.next_in(work, f"prepayment/{year}")),
            reference="",
            on=open_days.open_day(work, line.due_on),
            parts=paid.parts,
        )
        repayment_rows.keep(work, loan, found, taken)
        if not left:
            return
