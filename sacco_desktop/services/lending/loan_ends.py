"""What a panel says of how a loan goes on or ended beside its instalments: agreed anew, written off, recovered."""

from __future__ import annotations

from sacco_desktop.db.tables import Loan
from sacco_desktop.domain.dates import format_date
from sacco_desktop.domain.money import format_kes
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.lending import write_offs
from sacco_desktop.services.loan_figures import schedule_versions, top_up_figures

Facts = tuple[tuple[str, str], ...]


def words_of(work: Work, loan: Loan) -> Facts:
    """Titles with words; empty for a loan that simply runs."""
    return (*_top_up(work, loan), *_anew(work, loan), *_written_off(work, loan))


def _top_up(work: Work, loan: Loan) -> Facts:
    """Which loan this one clears or has cleared, and which one cleared it."""
    told = []
    if (row := top_up_figures.row_of(work, loan.id)) is not None:
        old = work.session.get_one(Loan, row.clears_id)
        words = f"{old.number} with {format_kes(row.cents)}"
        if row.entry_number is None:
            words += f", agreed until {format_date(row.valid_until)}"
        told.append(("Clears" if row.entry_number is None else "Cleared", words))
    if (by := top_up_figures.cleared_by(work, loan.id)) is not None:
        new = work.session.get_one(Loan, by.loan_id)
        told.append(("Cleared by", f"{new.number}, with {format_kes(by.cents)}"))
    return tuple(told)


def _anew(work: Work, loan: Loan) -> Facts:
    change = schedule_versions.agreed_anew(work, loan)
    if change is None:
        return ()
    late = f", {change.days_late} days late then" if change.days_late else ""
    return (("Agreed anew", f"{format_date(change.effective_on)}{late}: {change.reason}"),)


def _written_off(work: Work, loan: Loan) -> Facts:
    row = write_offs.standing(work, loan.id)
    if row is None:
        return ()
    whole = row.principal_cents + row.interest_cents + row.fee_cents + row.penalty_cents
    left = whole - write_offs.recovered_cents(work, loan.id)
    return (
        ("Written off", f"{format_kes(whole)} on {format_date(row.written_off_on)}"),
        ("Resolution", row.resolution),
        ("Still owed", format_kes(left)),
    )
