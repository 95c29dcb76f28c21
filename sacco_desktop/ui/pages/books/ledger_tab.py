"""The tab Ledger: a report, and on top of it what lies behind its figures, down to the paper; Esc climbs back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from sacco_desktop.domain.dates import business_date
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.services.reports.reading import ChartRow, chart
from sacco_desktop.services.reports.report import (
    PaperKind,
    PaperLink,
    Report,
    ReportKind,
    ReportRequest,
)
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.pages.books.choices import first_question, question
from sacco_desktop.ui.pages.books.exports import FORMS, ask_where
from sacco_desktop.ui.pages.books.papers import show_paper_of, show_report
from sacco_desktop.ui.pages.books.question_bar import QuestionBar
from sacco_desktop.ui.pages.books.report_view import ReportView
from sacco_desktop.ui.theme.sizes import XS, L, S
from sacco_desktop.ui.widgets.focus_lead import lead_focus
from sacco_desktop.ui.widgets.labels import ButtonKind, TextRole, plain_label, push_button

_PAPER_WORDS = {PaperKind.RECEIPT: "Show receipt", PaperKind.VOUCHER: "Show voucher"}


class LedgerTab(QWidget):
    """`commands` are what the page answers; Esc is among them while there is a way back, else it is the window's."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.setObjectName("ledger_tab")
        self.bar = QuestionBar(self._today, [(form.ending, form.words) for form in FORMS])
        self._way = plain_label("", TextRole.SECTION, name="way", wraps=True)
        self._back = push_button("Back  Esc", name="back_up", kind=ButtonKind.LINK)
        self._paper = push_button("", name="show_paper")
        self.stack = QStackedWidget()
        self.stack.setObjectName("reports")
        self._trail: list[ReportView] = []
        self.commands: dict[str, Callable[[], None]] = {
            "filter": self._focus_filter,
            "refresh": self.reload,
            "export": self.bar.open_exports,
            "print": self.print_report,
            "copy": self._copy,
            "main_action": self.show_paper,
        }
        self._lay_out()
        self._connect()
        self._push(first_question(self._today()))

    @property
    def view(self) -> ReportView:
        """The report on top."""
        return self._trail[-1]

    def reload(self) -> None:
        """Read again what is seen; what lies below it is read again on the way back."""
        for view in self._trail[:-1]:
            view.is_stale = True
        self.view.read()
        self._desk.background.read(chart, None, owner=self, done=self._offer)

    def go_back(self) -> None:
        """Esc: to the figure that one came from, with the cursor where it was."""
        if len(self._trail) < 2:
            return
        self._drop(self._trail.pop())
        self._show_top()
        if self.view.is_stale:
            self.view.read()
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def go_to(self, place: str) -> None:
        """`entry-12` opens that entry on top of what is shown, so that Esc leads back to it."""
        number = place.removeprefix("entry-")
        if number != place:
            self._drill(replace(first_question(self._today()), kind=ReportKind.ENTRY, about=number))

    def print_report(self) -> None:
        """Ctrl+P: the report as a paper, in the preview."""
        if self.view.report is not None:
            show_report(self._desk, self, self.view.report)

    def show_paper(self) -> None:
        """Ctrl+Enter on an entry: the receipt or voucher behind it."""
        link = self._link()
        if link is not None:
            show_paper_of(self._desk, self, link)
        else:
            self._desk.toast("Only an entry has a receipt or voucher. Open one with Enter first.")

    @Slot(object)
    def _drill(self, request: ReportRequest) -> None:
        self._push(request)
        self.view.read()
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(object)
    def _ask(self, request: ReportRequest) -> None:
        """Another report: the way down from the old one is over."""
        focused = self.focusWidget()
        had_focus = focused is not None and self.stack.isAncestorOf(focused)
        old, self._trail = self._trail, []
        self._push(request)
        if had_focus:
            self._go_to_rows()
        for view in old:
            self._drop(view)
        self.view.read()

    @Slot(object, object)
    def _redate(self, first: date, last: date) -> None:
        asked = self.view.request
        days = question(asked.kind, first, last, asked.about)
        self.view.read(replace(asked, first=days.first, last=days.last))
        self.bar.show_question(self._trail[0].request, self.view.request)

    def _push(self, request: ReportRequest) -> None:
        view = ReportView(self._desk, request)
        view.opened.connect(self._drill)
        view.came.connect(self._say_way)
        view.filter_reset.connect(self._reset_filter)
        self._trail.append(view)
        self.stack.addWidget(view)
        self.bar.line.clear()
        self._show_top()

    def _drop(self, view: ReportView) -> None:
        self.stack.removeWidget(view)
        view.deleteLater()

    def _show_top(self) -> None:
        self.stack.setCurrentWidget(self.view)
        lead_focus(self.stack, self.view)
        self.bar.show_question(self._trail[0].request, self.view.request)
        self._say_way()
        self._filter()

    @Slot()
    def _say_way(self) -> None:
        """`Trial balance › 2010 Members' deposits › …`, and what can be done here."""
        has_way = len(self._trail) > 1
        names = [*(view.short_name() for view in self._trail[:-1]), self.view.name()]
        self._way.setText("  ›  ".join(names))
        self._way.setAccessibleName(" in ".join(reversed(names)))
        self._back.setVisible(has_way)
        link = self._link()
        self._paper.setVisible(link is not None)
        if link is not None:
            self._paper.setText(f"{_PAPER_WORDS[link.kind]} {link.number}  Ctrl+Enter")
        if has_way:
            self.commands["back"] = self.go_back
        else:
            self.commands.pop("back", None)

    def _link(self) -> PaperLink | None:
        report: Report | None = self.view.report
        return report.paper if report is not None else None

    @Slot()
    def _filter(self) -> None:
        only_figures = self.bar.only_figures.isChecked()
        self.view.filter(self.bar.line.text(), only_figures=only_figures)

    @Slot()
    def _reset_filter(self) -> None:
        self.bar.line.clear()
        self._go_to_rows()

    def _focus_filter(self) -> None:
        self.bar.line.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.bar.line.selectAll()

    def _copy(self) -> None:
        if self.view.table is not None:
            self.view.table.copy()

    @Slot(QAction)
    def _export(self, action: QAction) -> None:
        if self.view.report is not None:
            ask_where(self._desk, self, self.view.report, action.objectName())

    @Slot(object)
    def _refuse(self, error: InvalidInput) -> None:
        self._desk.messages.tell(self, "This is no date", str(error))

    def _offer(self, rows: Sequence[ChartRow]) -> None:
        self.bar.offer_accounts(rows)
        self.bar.show_question(self._trail[0].request, self.view.request)

    def _today(self) -> date:
        return business_date(self._desk.now())

    def _connect(self) -> None:
        self.bar.asked.connect(self._ask)
        self.bar.redated.connect(self._redate)
        self.bar.refused.connect(self._refuse)
        self.bar.filter_changed.connect(self._filter)
        self.bar.line.left_downwards.connect(self._go_to_rows)
        self.bar.export_menu.triggered.connect(self._export)
        self.bar.print.clicked.connect(self.print_report)
        self._back.clicked.connect(self.go_back)
        self._paper.clicked.connect(self.show_paper)
        self._desk.theme.changed.connect(self.bar.fit_fields)
        self.bar.fit_fields()

    @Slot()
    def _go_to_rows(self) -> None:
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _lay_out(self) -> None:
        way = QHBoxLayout()
        way.setContentsMargins(L, S, L, XS)
        way.setSpacing(S)
        way.addWidget(self._way, 1)
        way.addWidget(self._paper)
        way.addWidget(self._back)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addLayout(way)
        column.addWidget(self.stack, 1)
        lead_focus(self, self.stack)
