"""Writes a report into a file that the person chooses: PDF, spreadsheet or CSV."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from sacco_desktop.documents.report_csv import write_csv
from sacco_desktop.documents.report_pdf import draw_report
from sacco_desktop.documents.report_xlsx import write_xlsx
from sacco_desktop.domain.errors import SaccoError
from sacco_desktop.services.reports.printing import require_proof, stamp_report
from sacco_desktop.services.reports.report import Report, ReportPaper
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
    place = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    folder = Path(place) if place else Path.home()
    proposed = folder / Path(report_name(report)).with_suffix(f".{ending}")
    dialog = QFileDialog(owner, "Export report", str(proposed), form.filter)
    dialog.setObjectName("export_dialog")
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix(ending)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.fileSelected.connect(lambda name: export(desk, owner, report, Path(name)))
    dialog.open()


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
    desk.background.render(
        lambda: _written(path, make()),
        owner=owner,
        done=lambda _: desk.toast(f"Saved as {path}."),
    )


def _written(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise SaccoError(
            f"The report was not saved, because {path} cannot be written to. Close the file if it is open, or"
            " choose another folder."
        ) from error
