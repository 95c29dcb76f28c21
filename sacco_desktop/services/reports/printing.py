"""Gives a report that was read its number and fingerprint as a paper."""

from __future__ import annotations

from sacco_desktop.domain.errors import BooksDamaged
from sacco_desktop.domain.money import format_amount
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.books import paper_stamps
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.reports.report import Report, ReportPaper


def stamp_report(work: Work, report: Report) -> ReportPaper:
    """Count one more print of this report. The same report on the same state of the books says COPY from the second on.

    Raises BooksDamaged when its figures contradict each other: such a paper gets no number.
    """
    work.allow(Act.LOOK)
    require_proof(report)
    asked = report.request
    days = f"{asked.first.isoformat()} {asked.last.isoformat()}"
    subject = f"report {asked.kind.value} {asked.about} {days} entry {report.last_entry}"
    said: dict[str, str | int] = {"digest": report.digest(), "last_entry": report.last_entry}
    return ReportPaper(report, paper_stamps.stamp(work, subject, said))


def require_proof(report: Report) -> None:
    """Raise BooksDamaged, naming both figures, unless everything that must be equal is."""
    for check in report.checks:
        if not check.holds:
            raise BooksDamaged(
                f"{report.title} does not prove itself: {check.first_words}"
                f" ({format_amount(check.first_cents)}) and {check.second_words}"
                f" ({format_amount(check.second_cents)}) differ. Verify the books."
            )
