"""Principal that is repaid beside the schedule: what the rest of the loan becomes by it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sacco_desktop.db.tables import Loan
from sacco_desktop.domain import settlement
from sacco_desktop.domain.dates import format_date
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.loan_position import Position
from sacco_desktop.domain.prepayment import Keep
from sacco_desktop.domain.schedule import Instalment
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.loan_figures import schedule_versions
from sacco_desktop.services.loan_figures.schedule_versions import NextVersion


@dataclass(frozen=True, slots=True)
class EarlyPrincipal:
    """The cents of principal repaid early, the instalments of before and those from then on."""

    cents: int
    was: tuple[Instalment, ...]
    rows: tuple[Instalment, ...]


def plan(
    work: Work, loan: Loan, found: Position, on: date, rest: tuple[int, Keep]
) -> EarlyPrincipal:
    """What `rest`, cents and what stays, does to the schedule. Raises InvalidInput, under `prepay` where the schedule
    cannot change so.
    """
    cents, keep = rest
    check_nothing_due_since(found, on, work.today)
    running = schedule_versions.running_of(work, loan)
    rows = settlement.with_principal_repaid(running, found, on, cents, keep)
    to_come = sum(row.total_cents for row in rows if row.due_on > on)
    if found.prepaid_cents > to_come:
        raise InvalidInput(
            "What is kept for later instalments would pay all that is left. Pay the loan off instead.",
            "prepay",
        )
    return EarlyPrincipal(cents, running.rows, rows)


def keep(work: Work, loan: Loan, entry_number: int, on: date, planned: EarlyPrincipal) -> None:
    """Let the new schedule hold, as of the payment with this entry."""
    version = NextVersion(schedule_versions.PREPAYMENT, on, planned.rows, entry_number)
    schedule_versions.write(work, loan, version)


def check_nothing_due_since(found: Position, on: date, today: date) -> None:
    """Raise InvalidInput under `value_date` when an instalment fell due between that day and today: what it says is
    in the books by now.
    """
    since = [line.due_on for line in found.left if on < line.due_on <= today]
    if since:
        raise InvalidInput(
            f"An instalment has fallen due since. Date this on or after {format_date(max(since))}.",
            "value_date",
        )
