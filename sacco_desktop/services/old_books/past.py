"""What the books know of the time before them: repayments of loans and months of deposits of the old books."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from sacco_desktop.db.tables import Loan, OldDeposit, OldRepayment
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.old_books.taking_past import BEFORE
from sacco_desktop.services.work import Work


@dataclass(frozen=True, slots=True)
class PastRepayment:
    """A payment in the old books, in cents. `left_cents` is what of the principal was owed after it; None, like the
    parts, where the old book did not divide what was paid.
    """

    paid_on: date
    receipt: str
    paid_cents: int
    principal_cents: int | None
    interest_cents: int | None
    left_cents: int | None


@dataclass(frozen=True, slots=True)
class PastMonth:
    """What a member saved in a month ("2025-01", or "b/f" for all before), and what stood there after it, in cents."""

    month: str
    cents: int
    balance_cents: int


def repayments_of(work: Work, loan_id: int) -> tuple[PastRepayment, ...]:
    """The repayments of a loan in the old books, the oldest first; the last one leaves the opening balance."""
    work.allow(Act.LOOK)
    left = work.session.scalar(select(Loan.amount_cents).where(Loan.id == loan_id))
    found = []
    for row in work.session.scalars(
        select(OldRepayment)
        .where(OldRepayment.loan_id == loan_id)
        .order_by(OldRepayment.paid_on, OldRepayment.id)
    ):
        if left is not None:
            left = None if row.principal_cents is None else left - row.principal_cents
        found.append(
            PastRepayment(
                row.paid_on,
                row.receipt,
                row.paid_cents,
                row.principal_cents,
                row.interest_cents,
                left,
            )
        )
    return tuple(found)


def months_of(work: Work, member_id: int) -> tuple[PastMonth, ...]:
    """The months of a member's deposits in the old books; the last one leaves the opening balance."""
    work.allow(Act.LOOK)
    rows = list(work.session.scalars(select(OldDeposit).where(OldDeposit.member_id == member_id)))
    rows.sort(key=lambda row: "" if row.month == BEFORE else row.month)
    balance, found = 0, []
    for row in rows:
        balance += row.cents
        found.append(PastMonth(row.month, row.cents, balance))
    return tuple(found)
