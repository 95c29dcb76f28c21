"""What is done with many members at once: a file, a paper, their phones. Ticked rows, or else all that are listed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QPoint
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu

from sacco_desktop.documents.report_csv import write_csv
from sacco_desktop.documents.report_pdf import draw_report
from sacco_desktop.documents.report_xlsx import write_xlsx
from sacco_desktop.domain.permissions import Act, may
from sacco_desktop.services.members import MemberRow
from sacco_desktop.services.reports import member_list
from sacco_desktop.services.reports.member_list import TakenList, WantedMembers
from sacco_desktop.services.reports.member_register import WantedRegister, member_register
from sacco_desktop.services.reports.printing import stamp_report
from sacco_desktop.services.reports.report import Report, ReportPaper
from sacco_desktop.ui.desk import Desk, Paper
from sacco_desktop.ui.pages.members.columns import Sight
from sacco_desktop.ui.paper_names import paper_name
from sacco_desktop.ui.save_file import ask_where, write_file
from sacco_desktop.ui.widgets.list_page import ListPage

_FORMS: tuple[tuple[str, str, str, Callable[[Report], bytes]], ...] = (
    ("xlsx", "Spreadsheet (XLSX)…", "Spreadsheet (*.xlsx)", write_xlsx),
    ("csv", "CSV for other programs…", "CSV (*.csv)", write_csv),
)

_REGISTER = (
    ("pdf", "Register of members, on paper…"),
    ("xlsx", "Register of members, XLSX…"),
    ("csv", "Register of members, CSV…"),
)


class MemberLists(QObject):
    """Adds its buttons to the list; their words say whether they mean the ticked rows or all that are shown."""

    def __init__(self, desk: Desk, rows: ListPage, sight: Sight) -> None:
        super().__init__(rows)
        self._desk, self._list, self._sight = desk, rows, sight
        self._menu = QMenu(rows)
        self._menu.setObjectName("members_export_menu")
        for ending, words, _filter, _write in _FORMS:
            action = self._menu.addAction(words)
            action.setObjectName(f"members_{ending}")
            action.triggered.connect(lambda _on=False, end=ending: self.export(end))
        if may(desk.actor.roles, Act.READ_FILES):
            self._menu.addSeparator()
            for ending, words in _REGISTER:
                action = self._menu.addAction(words)
                action.setObjectName(f"register_{ending}")
                action.triggered.connect(lambda _on=False, end=ending: self.take_register(end))
        self._export = rows.add_action("members_export", "Export…", self.open_menu)
        self._print = rows.add_action("members_print", "Print…", self.print_list)
        if sight.is_full:
            rows.add_tick_action("members_phones", "Copy phones", self.copy_phones)
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
            self._menu.popup(self._export.mapToGlobal(QPoint(0, self._export.height())))

    def export(self, ending: str) -> None:
        """Read the list anew, ask where its file shall lie, and write it there."""
        title, kind = next((words, filt) for end, words, filt, _ in _FORMS if end == ending)

        def ask(report: Report) -> None:
            name = Path(_name(report)).with_suffix(f".{ending}").name
            words = f"Export {title.removesuffix('…')}"
            ask_where(self._list, words, name, kind, lambda path: self._save(report, path))

        self._read(ask, is_paper=False)

    def take_register(self, ending: str) -> None:
        """The register of all members, as a numbered paper or as a file."""
        wanted = WantedRegister(is_paper=ending == "pdf")

        def give(report: Report) -> None:
            if ending == "pdf":
                self._preview(report, "Register")
                return
            name = Path(_name(report, "Register")).with_suffix(f".{ending}").name
            kind = next(filt for end, _words, filt, _ in _FORMS if end == ending)
            title = "Export the register of members"
            ask_where(self._list, title, name, kind, lambda path: self._save(report, path))

        self._desk.background.read(member_register, wanted, owner=self._list, done=give)

    def print_list(self) -> None:
        """Ctrl+P: the list as a numbered paper in the preview."""
        self._read(lambda report: self._preview(report, "Members"), is_paper=True)

    def _preview(self, report: Report, what: str) -> None:
        background, owner = self._desk.background, self._list

        def draw(paper: ReportPaper) -> None:
            name = _name(paper.report, what)
            background.render(
                lambda: draw_report(paper),
                owner=owner,
                done=lambda pdf: self._desk.show_paper(Paper(pdf, paper.report.title, name)),
            )

        background.write(stamp_report, report, owner=owner, done=draw)

    def copy_phones(self, rows: Sequence[MemberRow]) -> None:
        """The numbers of the ticked members, one in a line, as a telephone or a message program takes them."""
        QGuiApplication.clipboard().setText("\n".join(f"+{row.phone}" for row in rows))
        count = "1 phone number is" if len(rows) == 1 else f"{len(rows):,} phone numbers are"
        self._desk.toast(f"{count} on the clipboard.")

    def _read(self, done: Callable[[Report], None], *, is_paper: bool) -> None:
        rows = self._rows()
        if rows:
            ids = tuple(row.member_id for row in rows)
            wanted = WantedMembers(ids, self._which(len(rows)), is_paper)
            self._desk.background.read(member_list.member_list, wanted, owner=self._list, done=done)

    def _save(self, report: Report, path: Path) -> None:
        """The ending of the file says its form; a strange one is taken for a spreadsheet."""
        is_csv = path.suffix.lower() == ".csv"
        write = write_csv if is_csv else write_xlsx
        self._desk.background.write(
            member_list.note_taken,
            TakenList(report, "CSV" if is_csv else "XLSX"),
            owner=self._list,
            done=lambda taken: write_file(
                self._desk, self._list, path, lambda: write(taken), "The list"
            ),
        )

    def _rows(self) -> list[MemberRow]:
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


def _name(report: Report, what: str = "Members") -> str:
    """`PRACTICE_Members_2026-03-16.pdf`; practice figures say so in their name too."""
    practice = "PRACTICE" if report.letterhead.is_practice else ""
    return paper_name(practice, what, report.request.last.isoformat())
