"""How a running loan stands today, for those who look at it: owed, due, late, and what falls due next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sacco_desktop.db.tables import Loan
from sacco_desktop.domain.lateness import days_late
from sacco_desktop.domain.loan_classes import allowance_cents, class_of
from sacco_desktop.domain.loan_position import Left
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.lending import payoffs
from sacco_desktop.services.loan_figures import loan_book, loan_positions


@dataclass(frozen=True, slots=True)
class LoanStanding:
    """Amounts in cents. `next_due` is the oldest instalment of which something is left; `allowance_cents` is what must
    be provided by the class of the loan, `payoff_cents` what would settle it today while it runs. What is late has the
    penalties in it.
    """

    outstanding_cents: int
    due_cents: int
    late_cents: int
    days_late: int
    prepaid_cents: int
    next_due: Left | None
    paid_instalments: frozenset[int]
    loan_class: str = ""
    allowance_cents: int = 0
    payoff_cents: int | None = None
    penalty_cents: int = 0


def standing_of(work: Work, loan: Loan) -> LoanStanding | None:
    """How the loan stands; None unless it runs or has run."""
    if loan.status not in ("active", "closed"):
        return None
    found = loan_positions.position_of(work, loan)
    since: date | None = found.unpaid_since
    late_since = since if since is not None and since < work.today else None
    late = days_late(late_since, work.today)
    remembered = loan_book.remembered_days(work, work.today, loan.id).get(loan.id, 0)
    own = class_of(max(late, remembered), loan_book.classes_on(work, work.today))
    return LoanStanding(
        found.principal_cents,
        found.due_cents(work.today),
        found.arrears_cents(work.today),
        late,
        found.prepaid_cents,
        next((line for line in found.left if line.total_cents), None),
        frozenset(line.number for line in found.left if not line.total_cents),
        own.name,
        allowance_cents(found.principal_cents, own),
        payoffs.to_bring_today(work, loan) if loan.status == "active" else None,
        found.penalty_cents,
    )
