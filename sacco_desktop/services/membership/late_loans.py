"""How late the active loans are: since when each is unpaid, and what the ledger says is owed of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, bindparam, case, func, select

from sacco_desktop.db.tables import Account, AccountBalance, Loan
from sacco_desktop.domain.lateness import LateSum, by_band, days_late
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.books.work import Work


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
    found = work.session.execute(_EACH_MEMBER.where(*_of(members)), {"today": work.today})
    return {member: MemberOwes(loans, int(owed), since) for member, loans, owed, since in found}


def by_days_late(work: Work, _nothing: None = None) -> tuple[LateSum, ...]:
    """All active loans by how late they are, every class with its count and cents of principal."""
    work.allow(Act.LOOK)
    return by_band(
        (days_late(loan.unpaid_since, work.today), loan.owed_cents) for loan in owed_now(work)
    )


def owed_now(work: Work, members: Sequence[int] | None = None) -> tuple[LoanOwed, ...]:
    """Every active loan, or those of some members, as of today: late is what was unpaid before today."""
    found = work.session.execute(_EACH_LOAN.where(*_of(members)))
    return tuple(
        LoanOwed(loan, member, owed, since if since and since < work.today else None)
        for loan, member, owed, since in found
    )


def _of(members: Sequence[int] | None) -> tuple[ColumnElement[bool], ...]:
    if members is None:
        return (Loan.status == "active",)
    # Nearly every loan is active, so those of a few members are found by the members and not by the status.
    return (Loan.status.concat("") == "active", Loan.member_id.in_(members))


_OWED = func.coalesce(AccountBalance.debit_cents - AccountBalance.credit_cents, 0)
_EACH_LOAN = (
    select(Loan.id, Loan.member_id, _OWED, Loan.unpaid_since)
    .outerjoin(Account, Account.code == func.concat(Loan.loan_control, ".", Loan.number))
    .outerjoin(AccountBalance, AccountBalance.account_id == Account.id)
    .order_by(Loan.id)
)
_IS_LATE = Loan.unpaid_since < bindparam("today")
_EACH_MEMBER = (
    select(
        Loan.member_id,
        func.count(),
        func.sum(_OWED),
        func.min(case((_IS_LATE, Loan.unpaid_since))),
    )
    .outerjoin(Account, Account.code == func.concat(Loan.loan_control, ".", Loan.number))
    .outerjoin(AccountBalance, AccountBalance.account_id == Account.id)
    .group_by(Loan.member_id)
)
