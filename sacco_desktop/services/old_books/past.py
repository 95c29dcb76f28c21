"""What the books know of the time before them: repayments of loans and months of deposits of the old books."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from sacco_desktop.db.tables import Loan, OldDeposit, OldRepayment
from sacco_desktop.domain.dates import format_date
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.old_books.taking_past import BEFORE


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


@dataclass(frozen=True, slots=True)
class PastLine:
    """One line of a member's past: when ("2025-01", "25 Oct 2025"), what, the cents of it, and what stood after it."""

    when: str
    what: str
    cents: int
    after_cents: int | None


def of_member(work: Work, member_id: int) -> tuple[PastLine, ...]:
    """Everything that the old books told of a member: months of deposits, then the repayments of each loan."""
    lines = [
        PastLine(_month_words(one.month), "Deposits", one.cents, one.balance_cents)
        for one in months_of(work, member_id)
    ]
    of_loans = select(Loan.id, Loan.number).where(
        Loan.member_id == member_id, Loan.import_id.is_not(None)
    )
    for loan_id, number in work.session.execute(of_loans.order_by(Loan.number)).all():
        for paid in repayments_of(work, loan_id):
            receipt = f", {paid.receipt}" if paid.receipt else ""
            words = f"Repayment of {number}{receipt}"
            lines.append(
                PastLine(format_date(paid.paid_on), words, paid.paid_cents, paid.left_cents)
            )
    return tuple(lines)


def _month_words(month: str) -> str:
    if month == BEFORE:
        return "Before that"
    return f"{calendar.month_abbr[int(month[5:])]} {month[:4]}"
