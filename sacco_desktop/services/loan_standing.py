"""How a running loan stands today, for those who look at it: owed, due, late, and what falls due next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sacco_desktop.db.tables import Loan
from sacco_desktop.domain.lateness import days_late
from sacco_desktop.domain.loan_position import Left
from sacco_desktop.services import loan_positions
from sacco_desktop.services.work import Work


@dataclass(frozen=True, slots=True)
class LoanStanding:
    """Amounts in cents. `next_due` is the oldest instalment of which something is left."""

    outstanding_cents: int
    due_cents: int
    late_cents: int
    days_late: int
    prepaid_cents: int
    next_due: Left | None
    paid_instalments: frozenset[int]


def standing_of(work: Work, loan: Loan) -> LoanStanding | None:
    """How the loan stands; None unless it runs or has run."""
    if loan.status not in ("active", "closed"):
        return None
    found = loan_positions.position_of(work, loan)
    since: date | None = found.unpaid_since
    late_since = since if since is not None and since < work.today else None
    return LoanStanding(
        found.principal_cents,
        found.due_cents(work.today),
        found.arrears_cents(work.today),
        days_late(late_since, work.today),
        found.prepaid_cents,
        next((line for line in found.left if line.total_cents), None),
        frozenset(line.number for line in found.left if not line.total_cents),
    )
