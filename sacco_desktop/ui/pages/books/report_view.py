"""One report on the screen, in one of the five states of a list; a line says of which days and as seen when."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QFrame, QStackedWidget, QVBoxLayout, QWidget

from sacco_desktop.domain.dates import format_time
from sacco_desktop.domain.errors import BooksDamaged, SaccoError
from sacco_desktop.services.reports.printing import require_proof
from sacco_desktop.services.reports.reading import read_report
from sacco_desktop.services.reports.report import (
    ColumnKind,
    Report,
    ReportKind,
    ReportRequest,
    ReportRow,
    RowKind,
)
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.pages.books.report_table import ReportTable
from sacco_desktop.ui.theme.sizes import XS, L
from sacco_desktop.ui.theme.tokens import ChipColour
from sacco_desktop.ui.widgets.callout import Callout
from sacco_desktop.ui.widgets.focus_lead import lead_focus
from sacco_desktop.ui.widgets.labels import TextRole, plain_label
from sacco_desktop.ui.widgets.list_foot import ListFoot
from sacco_desktop.ui.widgets.list_state import ListState

_PATIENCE_MS = 300


class ReportView(QWidget):
    """`opened` brings the request behind the row of Enter; `came` says that a report has been read.

    `filter_reset` asks for an empty filter.
    """

    opened = Signal(object)
    came = Signal()
    filter_reset = Signal()

    def __init__(self, desk: Desk, request: ReportRequest) -> None:
        super().__init__()
        self._desk = desk
        self.request = request
        self.report: Report | None = None
        self.is_stale = True
        self._edition = 0
        self._wanted, self._only_figures = "", False
        self.setObjectName("report_view")
        self.table: ReportTable | None = None
        self._said = plain_label("", TextRole.SECONDARY, name="report_said", wraps=True)
        self._said.setContentsMargins(L, XS, L, XS)
        self._problem = Callout(desk.theme, "", ChipColour.RED)
        self._problem.hide()
        self._reading = QFrame()
        self._reading.setObjectName("reading")
        self._reading.setFixedHeight(3)
        self._reading.hide()
        self._state = ListState()
        self._foot = ListFoot()
        self._stack = QStackedWidget()
        self._stack.addWidget(self._state)
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(_PATIENCE_MS)
        self._patience.timeout.connect(self._show_reading)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (self._said, self._problem, self._reading):
            column.addWidget(part)
        column.addWidget(self._stack, 1)
        column.addWidget(self._foot)
        lead_focus(self, self._stack)

    def read(self, request: ReportRequest | None = None) -> None:
        """Read the report again, or another one in its place; old rows stay until then."""
        self.request = request or self.request
        self.is_stale = False
        self._edition += 1
        edition = self._edition
        self._patience.start()
        self._desk.background.read(
            read_report,
            self.request,
            owner=self,
            done=lambda report: self._show(edition, report),
            failed=lambda error: self._show_failed(edition, error),
        )

    def filter(self, wanted: str, *, only_figures: bool) -> None:
        """Show only lines with these words, or only those that have figures; sums then are of what is shown."""
        self._wanted, self._only_figures = wanted.strip(), only_figures
        self._apply_filter()

    def name(self) -> str:
        """What the report is called while it is on top."""
        if self.report is None:
            return "…"
        about = self.report.subject or self.report.title
        return f"Entry {about}" if self.request.kind is ReportKind.ENTRY else about

    def short_name(self) -> str:
        """What it is called on the way to what lies behind its figures: the code of an account says enough."""
        if self.request.kind is ReportKind.ENTRY:
            return f"Entry {self.request.about}"
        return self.request.about or self.name()

    def _show(self, edition: int, report: Report) -> None:
        if edition != self._edition:
            return
        self._patience.stop()
        self._reading.hide()
        self.report = report
        self._make_table(report)
        self._say(report)
        if self.table is not None:
            is_first = self.table.current_row() is None
            self.table.set_rows(report.rows)
            opening = next((row.key for row in report.rows if row.opens is not None), None)
            if is_first and opening is not None:
                self.table.select_key(opening)
        self._apply_filter()
        self.came.emit()

    def _show_failed(self, edition: int, error: BaseException) -> None:
        if edition != self._edition:
            return
        self._patience.stop()
        self._reading.hide()
        words = "The report could not be read. Nothing was changed; the other pages work."
        if isinstance(error, SaccoError):
            words = str(error)
        else:
            self._desk.show(error, self)
        if self.report is None:
            self._state.say(words, "Try again", self.read)
            self._stack.setCurrentWidget(self._state)
        else:
            self._tell_problem(words)

    def _make_table(self, report: Report) -> None:
        """A table for these columns; the cursor stays while the columns do."""
        if self.table is not None and len(self.table.report_columns) == len(report.columns):
            heads = [column.title for column in report.columns]
            if heads == [column.title for column in self.table.report_columns]:
                return
        before = self.table
        table = ReportTable(self._desk.theme, report.columns)
        table.setAccessibleName(report.title)
        table.opened.connect(self._open)
        self._stack.addWidget(table)
        self.table = table
        lead_focus(self._stack, table)
        if before is not None:
            had_focus = before.hasFocus()
            self._stack.removeWidget(before)
            before.deleteLater()
            if had_focus:
                table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _say(self, report: Report) -> None:
        facts = [f"{name}: {words}" for name, words in report.facts]
        if not facts:
            facts = [report.when]
        read = f"read {format_time(report.read_at)}, up to entry {report.last_entry}"
        self._said.setText("  ·  ".join([*facts, read, *report.notes]))
        try:
            require_proof(report)
            self._tell_problem("")
        except BooksDamaged as damage:
            self._tell_problem(str(damage))

    def _tell_problem(self, words: str) -> None:
        self._problem.say(words, ChipColour.RED)
        self._problem.setVisible(bool(words))

    @Slot(object)
    def _open(self, row: ReportRow) -> None:
        if row.opens is not None:
            self.opened.emit(row.opens)

    def _apply_filter(self) -> None:
        table = self.table
        if table is None or self.report is None:
            return
        table.set_filter(self._wanted)
        table.set_condition(self._fits if self._wanted or self._only_figures else None)
        shown = [row for row in table.table_model.shown_rows() if row.kind is RowKind.LINE]
        self._say_foot(self.report, shown)
        if shown or not self._wanted:
            self._stack.setCurrentWidget(table if self.report.lines else self._empty())
        else:
            self._state.say(
                f"No line fits ‘{self._wanted}’.", "Reset filter", self.filter_reset.emit
            )
            self._stack.setCurrentWidget(self._state)

    def _fits(self, row: ReportRow) -> bool:
        """While words are looked for, sums over other rows than the shown ones would mislead."""
        if row.kind is not RowKind.LINE:
            return not self._wanted
        return not self._only_figures or self._has_figures(row)

    def _has_figures(self, row: ReportRow) -> bool:
        assert self.report is not None
        money = (n for n, each in enumerate(self.report.columns) if each.kind is ColumnKind.MONEY)
        return any(row.cells[place] for place in money)

    def _empty(self) -> QWidget:
        """A ledger without postings still shows what was brought forward; a report without any row says so."""
        if self.report is not None and self.report.rows and self.table is not None:
            return self.table
        self._state.say("Nothing is posted in this period. Choose other days.", "", None)
        return self._state

    def _say_foot(self, report: Report, shown: Sequence[ReportRow]) -> None:
        every = len(report.lines)
        counts = f"{every:,} line" if every == 1 else f"{every:,} lines"
        if len(shown) != every:
            counts = f"{len(shown):,} of {counts}"
        sums = [
            (column.title, sum(_cents(row, place) for row in shown))
            for place, column in enumerate(report.columns)
            if column.is_added
        ]
        proof = "  ·  all totals agree" if report.is_proven and report.checks else ""
        self._foot.say(f"{counts}{proof}", sums)

    @Slot()
    def _show_reading(self) -> None:
        if self.report is not None:
            self._reading.show()
        else:
            self._state.say("Reading the books…")
            self._stack.setCurrentWidget(self._state)


def _cents(row: ReportRow, place: int) -> int:
    cell: Any = row.cells[place]
    return cell if isinstance(cell, int) else 0
