"""What leaves a list as a file or as a paper: the ticked rows, or else all that are listed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QObject, QPoint
from PySide6.QtWidgets import QMenu

from sacco_desktop.documents.report_csv import write_csv
from sacco_desktop.documents.report_pdf import draw_report
from sacco_desktop.documents.report_xlsx import write_xlsx
from sacco_desktop.services.reports.printing import stamp_report
from sacco_desktop.services.reports.report import Report, ReportPaper
from sacco_desktop.services.reports.taken_lists import TakenList, note_taken
from sacco_desktop.ui.desk import Desk, Paper
from sacco_desktop.ui.paper_names import paper_name
from sacco_desktop.ui.save_file import ask_where, write_file
from sacco_desktop.ui.widgets.list_page import ListPage

Row = TypeVar("Row")

_FORMS: tuple[tuple[str, str, str], ...] = (
    ("xlsx", "Spreadsheet (XLSX)…", "Spreadsheet (*.xlsx)"),
    ("csv", "CSV for other programs…", "CSV (*.csv)"),
)


@dataclass(frozen=True, slots=True)
class PaperPlan(Generic[Row]):
    """`name` begins the names of the buttons, `what` is in the name of a file, and `of` says what the lines are.

    `report` is the service that makes the list anew from what `wanted` says of it: the rows in their order, words for
    how they were chosen, and whether it is for paper.
    """

    name: str
    what: str
    of: str
    report: Callable[[Any, Any], Report]
    wanted: Callable[[Sequence[Row], str, bool], Any]


class ListPapers(QObject, Generic[Row]):
    """Adds its buttons to the list; their words say whether they mean the ticked rows or all that are shown."""

    def __init__(self, desk: Desk, rows: ListPage, plan: PaperPlan[Row]) -> None:
        super().__init__(rows)
        self._desk, self._list, self._plan = desk, rows, plan
        self.menu = QMenu(rows)
        self.menu.setObjectName(f"{plan.name}_export_menu")
        for ending, words, _kind in _FORMS:
            action = self.menu.addAction(words)
            action.setObjectName(f"{plan.name}_{ending}")
            action.triggered.connect(lambda _on=False, end=ending: self.export(end))
        self._export = rows.add_action(f"{plan.name}_export", "Export…", self.open_menu)
        self._print = rows.add_action(f"{plan.name}_print", "Print…", self.print_list)
        model = rows.table.table_model
        model.ticks_changed.connect(self._say_what)
        model.shown_changed.connect(self._say_what)
        self._say_what()

    def commands(self) -> dict[str, Callable[[], None]]:
        """Ctrl+E and Ctrl+P."""
        return {"export": self.open_menu, "print": self.print_list}

    def open_menu(self) -> None:
        """The kinds of files, below the button."""
        if self._export.isEnabled():
            self.menu.popup(self._export.mapToGlobal(QPoint(0, self._export.height())))

    def export(self, ending: str) -> None:
        """Read the list anew, ask where its file shall lie, and write it there."""
        title = next(words for end, words, _kind in _FORMS if end == ending)
        words = f"Export {title.removesuffix('…')}"
        self.read_list(
            lambda report: self.ask_where(report, ending, words, self._plan.what), is_paper=False
        )

    def print_list(self) -> None:
        """Ctrl+P: the list as a numbered paper in the preview."""
        self.read_list(lambda report: self.preview(report, self._plan.what), is_paper=True)

    def ask_where(self, report: Report, ending: str, title: str, what: str) -> None:
        """Let the person choose a file of this form, and write the report there."""
        name = Path(_name(report, what)).with_suffix(f".{ending}").name
        kind = next(kind for end, _words, kind in _FORMS if end == ending)
        ask_where(self._list, title, name, kind, lambda path: self._save(report, path))

    def preview(self, report: Report, what: str) -> None:
        """Number the report as a paper and show it."""
        background, owner = self._desk.background, self._list

        def draw(paper: ReportPaper) -> None:
            name = _name(paper.report, what)
            background.render(
                lambda: draw_report(paper),
                owner=owner,
                done=lambda pdf: self._desk.show_paper(Paper(pdf, paper.report.title, name)),
            )

        background.write(stamp_report, report, owner=owner, done=draw)

    def read_list(self, done: Callable[[Report], None], *, is_paper: bool) -> None:
        """Make the list of the rows that are meant anew from the books."""
        rows = self._rows()
        if rows:
            wanted = self._plan.wanted(rows, self._which(len(rows)), is_paper)
            self._desk.background.read(self._plan.report, wanted, owner=self._list, done=done)

    def _save(self, report: Report, path: Path) -> None:
        """The ending of the file says its form; a strange one is taken for a spreadsheet."""
        is_csv = path.suffix.lower() == ".csv"
        write = write_csv if is_csv else write_xlsx
        self._desk.background.write(
            note_taken,
            TakenList(report, "CSV" if is_csv else "XLSX", self._plan.of),
            owner=self._list,
            done=lambda taken: write_file(
                self._desk, self._list, path, lambda: write(taken), "The list"
            ),
        )

    def _rows(self) -> list[Row]:
        model = self._list.table.table_model
        return model.ticked_rows() or model.shown_rows()

    def _which(self, count: int) -> str:
        """`All 412`, `31 of 412, filtered`, `3 of 412, ticked by hand`."""
        model = self._list.table.table_model
        every = len(model.rows)
        if model.ticked_rows():
            return f"{count:,} of {every:,}, ticked by hand"
        if count == every:
            return f"All {every:,}"
        words = self._list.filter_bar.words()
        return f"{count:,} of {every:,}, filtered by {words}"

    def _say_what(self) -> None:
        model = self._list.table.table_model
        words = " ticked…" if model.ticked_rows() else "…"
        self._export.setText(f"Export{words}")
        self._print.setText(f"Print{words}")
        for button in (self._export, self._print):
            button.setEnabled(bool(self._rows()))


def _name(report: Report, what: str) -> str:
    """`PRACTICE_Members_2026-03-16.pdf`; practice figures say so in their name too."""
    practice = "PRACTICE" if report.letterhead.is_practice else ""
    return paper_name(practice, what, report.request.last.isoformat())
