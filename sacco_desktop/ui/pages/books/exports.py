"""Writes a report into a file that the person chooses: PDF, spreadsheet or CSV."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import QWidget

from sacco_desktop.documents.report_csv import write_csv
from sacco_desktop.documents.report_pdf import draw_report
from sacco_desktop.documents.report_xlsx import write_xlsx
from sacco_desktop.services.reports.printing import require_proof, stamp_report
from sacco_desktop.services.reports.report import Report, ReportPaper
from sacco_desktop.ui import save_file
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.pages.books.papers import report_name


@dataclass(frozen=True, slots=True)
class ExportForm:
    """A kind of file: its ending and its words in the menu and in the dialog."""

    ending: str
    words: str
    filter: str


FORMS = (
    ExportForm("pdf", "PDF…", "PDF (*.pdf)"),
    ExportForm("xlsx", "Spreadsheet (XLSX)…", "Spreadsheet (*.xlsx)"),
    ExportForm("csv", "CSV for other programs…", "CSV (*.csv)"),
)


def ask_where(desk: Desk, owner: QWidget, report: Report, ending: str) -> None:
    """Let the person choose a file, then write the report into it."""
    form = next(form for form in FORMS if form.ending == ending)
    proposed = Path(report_name(report)).with_suffix(f".{ending}").name
    save_file.ask_where(
        owner,
        "Export report",
        proposed,
        form.filter,
        lambda path: export(desk, owner, report, path),
    )


def export(desk: Desk, owner: QWidget, report: Report, path: Path) -> None:
    """Write the report in the form that the ending of the file names; a PDF is a paper and gets a number."""
    if path.suffix.lower() == ".pdf":
        desk.background.write(
            stamp_report,
            report,
            owner=owner,
            done=lambda paper: _write(desk, owner, path, _drawing(paper)),
        )
    elif path.suffix.lower() == ".csv":
        _write(desk, owner, path, lambda: write_csv(_proven(report)))
    else:
        _write(desk, owner, path, lambda: write_xlsx(_proven(report)))


def _drawing(paper: ReportPaper) -> Callable[[], bytes]:
    return lambda: draw_report(paper)


def _proven(report: Report) -> Report:
    require_proof(report)
    return report


def _write(desk: Desk, owner: QWidget, path: Path, make: Callable[[], bytes]) -> None:
    save_file.write_file(desk, owner, path, make, "The report")
