"""What it takes to clear a running loan out of a new one: the sum, until when it holds, whether the rules let it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import bindparam, select

from sacco_desktop.db.standing import Lookup
from sacco_desktop.db.tables import Loan, LoanTopUp
from sacco_desktop.domain import settlement
from sacco_desktop.domain.chart import PREPAID_INSTALMENTS, sub_account_code
from sacco_desktop.domain.eligibility import Check
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.fees import Deduction
from sacco_desktop.domain.lateness import days_late
from sacco_desktop.domain.money import format_kes
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.loan_figures import loan_penalties, loan_positions, schedule_versions
from sacco_desktop.services.loan_figures.payoff_rules import rule_of
from sacco_desktop.services.office import society

# A new loan in one of these states is still on its way to clear the old one.
_COMING = ("submitted", "appraised", "approved", "disbursement_pending")


@dataclass(frozen=True, slots=True)
class Clearing:
    """What clears a loan, in cents: all that it can come to until `valid_until` if nothing is paid on it meanwhile."""

    loan_id: int
    number: str
    principal_cents: int
    cents: int
    valid_until: date

    def deduction(self) -> Deduction:
        """The line taken off the new loan: it goes where money for the old loan is kept, and clears it from there."""
        account = sub_account_code(PREPAID_INSTALMENTS, self.number)
        return Deduction(f"Clears {self.number}", self.cents, account)


@dataclass(frozen=True, slots=True)
class ClearableLoan:
    """A running loan of a member, as a choice in a form; principal in cents."""

    loan_id: int
    number: str
    product_name: str
    principal_cents: int


def list_clearable(work: Work, member_id: int) -> tuple[ClearableLoan, ...]:
    """The loans of the member that run, whether the rules let another loan clear them or not."""
    work.allow(Act.LOOK)
    rows = work.session.scalars(
        select(Loan).where(Loan.member_id == member_id, Loan.status == "active").order_by(Loan.id)
    )
    return tuple(
        ClearableLoan(
            loan.id,
            loan.number,
            loan.product_name,
            loan_positions.position_of(work, loan).principal_cents,
        )
        for loan in rows
    )


def clearing(work: Work, loan_id: int, member_id: int | None) -> Clearing:
    """What clears the loan. Raises InvalidInput under `clears` for one that does not run or is another member's."""
    loan = work.session.get(Loan, loan_id)
    if loan is None or loan.member_id != member_id:
        raise InvalidInput("A loan clears only a loan of the same member.", "clears")
    if loan.status != "active":
        raise InvalidInput(
            f"{loan.number} is {loan.status.replace('_', ' ')}; only a loan that runs is cleared.",
            "clears",
        )
    valid_days = society.number_setting(work, "top_up.valid_days")
    most = max(
        to_bring_cents(work, loan, work.today + timedelta(days=day))
        for day in range(valid_days + 1)
    )
    principal = loan_positions.position_of(work, loan).principal_cents
    if not (most and principal):
        raise InvalidInput(f"Nothing of {loan.number} is left to clear.", "clears")
    return Clearing(loan.id, loan.number, principal, most, work.today + timedelta(days=valid_days))


def to_bring_cents(work: Work, loan: Loan, on: date) -> int:
    """What settles the loan on that day, beyond what is kept for it."""
    running = schedule_versions.running_of(work, loan)
    found = loan_penalties.position_on(work, loan, on)
    return settlement.settle(running, found, on, rule_of(work, running.terms)).to_bring_cents


# Asked of every loan that is paid out, and most clear nothing.
_ROW_ID = Lookup(select(LoanTopUp.id).where(LoanTopUp.loan_id == bindparam("loan_id")))


def row_of(work: Work, loan_id: int) -> LoanTopUp | None:
    """What this loan was agreed to clear."""
    row_id = _ROW_ID.value(work.session, loan_id=loan_id)
    return None if row_id is None else work.session.get_one(LoanTopUp, row_id)


def cleared_id(work: Work, loan_id: int) -> int | None:
    """The loan that this one was agreed to clear."""
    row = row_of(work, loan_id)
    return None if row is None else row.clears_id


def cleared_by(work: Work, loan_id: int) -> LoanTopUp | None:
    """By which loan this one was cleared."""
    return work.session.scalar(
        select(LoanTopUp).where(LoanTopUp.clears_id == loan_id, LoanTopUp.entry_number.is_not(None))
    )


def coming(work: Work, loan_id: int, but: int = 0) -> Loan | None:
    """Another loan that is on its way and would clear this one."""
    return work.session.scalar(
        select(Loan)
        .join(LoanTopUp, LoanTopUp.loan_id == Loan.id)
        .where(LoanTopUp.clears_id == loan_id, Loan.status.in_(_COMING), Loan.id != but)
        .limit(1)
    )


def check(work: Work, clears_id: int, but: int = 0) -> Check:
    """Whether the rules let another loan clear this one, with the figures; `but` is the new loan itself."""
    loan = work.session.get_one(Loan, clears_id)
    rival = coming(work, clears_id, but)
    if loan.status != "active" or rival is not None:
        why = f"{rival.number} is to clear it already" if rival else "it does not run any more"
        return Check("top_up", "Top-up", False, f"{loan.number}: {why}.")
    found = loan_positions.position_of(work, loan)
    paid = sum(line.total_cents == 0 for line in found.left)
    percent = 100 * (loan.amount_cents - found.principal_cents) // loan.amount_cents
    since = loan.unpaid_since
    late = days_late(since, work.today) if since is not None and since < work.today else 0
    least = society.number_setting(work, "top_up.least_instalments")
    share = society.number_setting(work, "top_up.least_repaid_percent")
    most_late = society.number_setting(work, "top_up.most_days_late")
    words = (
        f"Of {loan.number} {paid} instalments are paid, of {least} that are asked for; {percent} % is repaid, of"
        f" {share} %; it is {late} days late, at most {most_late} are allowed. It owes"
        f" {format_kes(found.principal_cents)} of principal."
    )
    return Check(
        "top_up", "Top-up", paid >= least and percent >= share and late <= most_late, words
    )
