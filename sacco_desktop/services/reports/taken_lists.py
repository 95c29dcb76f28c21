"""Writes down that a list leaves the books as a file: who took what of how many, before the file is made."""

from __future__ import annotations

from dataclasses import dataclass

from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.books import audit
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.reports.report import Report


@dataclass(frozen=True, slots=True)
class TakenList:
    """A list that leaves the books as a file of this `form`, such as CSV; `of` says what its lines are."""

    report: Report
    form: str
    of: str = "members"


def note_taken(work: Work, taken: TakenList) -> Report:
    """Write it down and give the report back."""
    work.allow(Act.LOOK)
    count = len(taken.report.lines)
    detail: audit.Detail = {"n": count, "form": taken.form}
    audit.record(work, f"exported a list of {taken.of}", f"{count} {taken.of}", detail)
    return taken.report
