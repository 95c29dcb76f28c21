"""The schedules that a loan has had: each with why it came, to look at and to print."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from sacco_desktop.db.tables import LoanChange, LoanInstalment
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.lending import loans

WHY = {
    "": "As paid out",
    "prepayment": "Principal repaid early",
    "settlement": "Paid off",
    "reschedule": "Agreed anew",
    "brought": "Agreed anew in the old books",
    "restored": "As before, after a reversal",
}


@dataclass(frozen=True, slots=True)
class ScheduleVersion:
    """One schedule: since when it holds or held, why, and whether it holds now."""

    schedule: int
    since: date | None
    why: str
    reason: str
    holds: bool


@dataclass(frozen=True, slots=True)
class VersionQuestion:
    """Which schedule of which loan?"""

    loan_id: int
    schedule: int


def versions(work: Work, loan_id: int) -> tuple[ScheduleVersion, ...]:
    """Every schedule of the loan, the first first."""
    work.allow(Act.LOOK)
    loan = loans.load(work, loan_id)
    changes = {
        row.schedule: row
        for row in work.session.scalars(select(LoanChange).where(LoanChange.loan_id == loan_id))
    }
    numbers = work.session.scalars(
        select(LoanInstalment.schedule)
        .where(LoanInstalment.loan_id == loan_id)
        .distinct()
        .order_by(LoanInstalment.schedule)
    )
    found = []
    for number in numbers:
        change = changes.get(number)
        found.append(
            ScheduleVersion(
                number,
                change.effective_on if change else loan.disbursed_on,
                WHY[change.kind if change else ""],
                change.reason if change else "",
                number == loan.schedule,
            )
        )
    return tuple(found)
