"""How late the active loans are, from their schedules and what the ledger says is owed of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, and_, func, select

from sacco_desktop.db.tables import Account, AccountBalance, Loan, LoanInstalment
from sacco_desktop.domain.lateness import LateSum, by_band, days_late
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.work import Work


@dataclass(frozen=True, slots=True)
class LoanOwed:
    """What one active loan owes in cents of principal, and since when its oldest instalment is unpaid."""

    loan_id: int
    member_id: int
    owed_cents: int
    unpaid_since: date | None


@dataclass(frozen=True, slots=True)
class MemberOwes:
    """What one member owes on all active loans in cents, on how many, and since when the oldest instalment of any of
    them is unpaid.
    """

    loans: int
    owed_cents: int
    unpaid_since: date | None


def by_member(work: Work, members: Sequence[int] | None = None) -> dict[int, MemberOwes]:
    """What each of these members owes, or each of all; who has no active loan is not among them."""
    found: dict[int, MemberOwes] = {}
    for loan in owed_now(work, members):
        before = found.get(loan.member_id, MemberOwes(0, 0, None))
        days = [day for day in (before.unpaid_since, loan.unpaid_since) if day is not None]
        found[loan.member_id] = MemberOwes(
            before.loans + 1, before.owed_cents + loan.owed_cents, min(days, default=None)
        )
    return found


def by_days_late(work: Work, _nothing: None = None) -> tuple[LateSum, ...]:
    """All active loans by how late they are, every class with its count and cents of principal."""
    work.allow(Act.LOOK)
    return by_band(
        (days_late(loan.unpaid_since, work.today), loan.owed_cents) for loan in owed_now(work)
    )


def owed_now(work: Work, members: Sequence[int] | None = None) -> tuple[LoanOwed, ...]:
    """Every active loan, or those of some members, as of today.

    The rule is domain.lateness.unpaid_since, said to the database so that it reads each schedule where it lies.
    """
    query = _owed(work.today)
    if members is not None:
        query = query.where(Loan.member_id.in_(members))
    found = work.session.execute(query)
    return tuple(LoanOwed(loan, member, owed, since) for loan, member, owed, since in found)


def _owed(today: date) -> Select[int, int, int, date]:
    owed = func.coalesce(AccountBalance.debit_cents - AccountBalance.credit_cents, 0)
    unpaid = and_(
        LoanInstalment.loan_id == Loan.id,
        LoanInstalment.due_on < today,
        LoanInstalment.balance_cents < owed,
    )
    oldest = select(func.min(LoanInstalment.due_on)).where(unpaid).correlate(Loan, AccountBalance)
    return (
        select(Loan.id, Loan.member_id, owed, oldest.scalar_subquery())
        .outerjoin(Account, Account.code == func.concat(Loan.loan_control, ".", Loan.number))
        .outerjoin(AccountBalance, AccountBalance.account_id == Account.id)
        .where(Loan.status == "active")
        .order_by(Loan.id)
    )
