"""The line over a report: which report, of which account and days, what to look for, and what to do with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QPushButton, QSizePolicy, QWidget

from sacco_desktop.domain.dates import format_long_date
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.services.reports.reading import ChartRow
from sacco_desktop.services.reports.report import ReportKind, ReportRequest
from sacco_desktop.ui.pages.books.choices import REPORT_CHOICES, choice_of, question
from sacco_desktop.ui.theme.sizes import L, S
from sacco_desktop.ui.widgets.choice_box import ChoiceBox
from sacco_desktop.ui.widgets.date_edit import DateEdit
from sacco_desktop.ui.widgets.filter_bar import FilterLine
from sacco_desktop.ui.widgets.flow_layout import FlowLayout
from sacco_desktop.ui.widgets.focus_lead import lead_focus
from sacco_desktop.ui.widgets.labels import ButtonKind, plain_label, push_button

_ALL_CASH = ("", "All accounts")


class QuestionBar(QWidget):
    """`asked` brings a new question, `redated` one of which only the days are new, `refused` why a date is no date."""

    asked = Signal(object)
    redated = Signal(object, object)
    refused = Signal(object)
    filter_changed = Signal()

    def __init__(self, today: Callable[[], date], exports: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self.setObjectName("filter_bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._chart: Sequence[ChartRow] = ()
        self._days: tuple[date, date] | None = None
        self.report = ChoiceBox("report", [(each.kind, each.title) for each in REPORT_CHOICES])
        self.account = ChoiceBox("account")
        # A long name must not push the days out of the line.
        self.account.setSizeAdjustPolicy(
            ChoiceBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.account.setMinimumContentsLength(24)
        self.first, self.last = DateEdit("from", today), DateEdit("to", today)
        self._last_name = plain_label("As of", name="last_name")
        self._first_pair = _pair(plain_label("From"), self.first)
        self._last_pair = _pair(self._last_name, self.last)
        self.line = FilterLine()
        self.line.setObjectName("filter")
        self.line.setAccessibleName("Filter this report")
        self.line.setPlaceholderText("Filter  Ctrl+F")
        self.line.setClearButtonEnabled(True)
        self.only_figures = push_button("With figures", name="only_figures")
        self.only_figures.setCheckable(True)
        self.export = push_button("Export…", name="export")
        self.print = push_button("Print…", name="print_report", kind=ButtonKind.PRIMARY)
        self.export_menu = QMenu(self)
        self.export_menu.setObjectName("export_menu")
        for key, words in exports:
            self.export_menu.addAction(words).setObjectName(key)
        self._lay_out()
        self._connect()

    def offer_accounts(self, chart: Sequence[ChartRow]) -> None:
        """The accounts that can be chosen."""
        self._chart = chart
        self._fit_to(self.report.value())

    def show_question(self, root: ReportRequest, days: ReportRequest) -> None:
        """Say what is shown: the report chosen, and the days of what lies on top of it now."""
        self.report.choose(root.kind)
        self._fit_to(root.kind)
        self.account.choose(root.about)
        self._days = (days.first, days.last)
        self.first.set_day(days.first)
        self.last.set_day(days.last)

    def fit_fields(self) -> None:
        """Wide enough for what is written there, whatever the size of the text."""
        metrics = self.line.fontMetrics()
        date_width = metrics.horizontalAdvance(format_long_date(date(2026, 9, 30))) + 30
        for field in (self.first, self.last):
            field.setFixedWidth(date_width)
        self.line.setFixedWidth(metrics.averageCharWidth() * 22)

    def open_exports(self) -> None:
        """Ctrl+E: choose the form of the file."""
        below = self.export.mapToGlobal(QPoint(0, self.export.height()))
        self.export_menu.popup(below)

    def _fit_to(self, kind: ReportKind) -> None:
        """Show the fields that this report asks for."""
        choice = choice_of(kind)
        self._first_pair.setVisible(choice.asks_first)
        self._last_name.setText("As of" if choice.is_of_a_day else "To")
        self.account.setVisible(choice.asks_account)
        if choice.asks_account:
            accounts = [
                (row.code, f"{row.code} {row.name}")
                for row in self._chart
                if row.is_cash or kind is ReportKind.ACCOUNT
            ]
            self.account.set_choices(
                [_ALL_CASH, *accounts] if kind is ReportKind.CASH_BOOK else accounts
            )

    @Slot()
    def _ask_report(self) -> None:
        """Another report begins with all of its accounts, or with the first."""
        self._fit_to(self.report.value())
        self.account.setCurrentIndex(0)
        self._ask()

    @Slot()
    def _ask(self) -> None:
        kind = self.report.value()
        days = self._read_days()
        if days is not None:
            self.asked.emit(question(kind, *days, self.account.value()))

    @Slot()
    def _redate(self) -> None:
        days = self._read_days()
        if days is not None and days != self._days:
            self._days = days
            self.redated.emit(*days)

    @Slot(str)
    def _redate_when_whole(self, text: str) -> None:
        """`t`, `+` and `-` write whole days at once; whoever types is waited for."""
        field = self.first if self.sender() is self.first else self.last
        try:
            day = field.day()
        except InvalidInput:
            return
        if day is not None and text == format_long_date(day):
            self._redate()

    def _read_days(self) -> tuple[date, date] | None:
        """Both days. Nothing written, or no date, leaves everything as it is."""
        try:
            first, last = self.first.day(), self.last.day()
        except InvalidInput as error:
            self.refused.emit(error)
            return None
        if self._days is None:
            return None
        return first or self._days[0], last or self._days[1]

    def _connect(self) -> None:
        self.report.activated.connect(self._ask_report)
        self.account.activated.connect(self._ask)
        for field in (self.first, self.last):
            field.editingFinished.connect(self._redate)
            field.textEdited.connect(self._redate_when_whole)
            field.refused.connect(self.refused)
        self.line.textChanged.connect(self.filter_changed)
        self.only_figures.toggled.connect(self.filter_changed)
        self.export.clicked.connect(self.open_exports)

    def _lay_out(self) -> None:
        left = QWidget()
        left.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        flow = FlowLayout(left, S)
        for part in (
            self.report,
            self.account,
            self._first_pair,
            self._last_pair,
            self.line,
            self.only_figures,
        ):
            flow.addWidget(part)
        actions = QHBoxLayout()
        actions.setSpacing(S)
        buttons: tuple[QPushButton, ...] = (self.export, self.print)
        for button in buttons:
            actions.addWidget(button)
        row = QHBoxLayout(self)
        row.setContentsMargins(L, S, L, S)
        row.setSpacing(L)
        row.addWidget(left, 1)
        row.addLayout(actions)
        row.setAlignment(actions, Qt.AlignmentFlag.AlignTop)
        lead_focus(self, self.report)


def _pair(name: QLabel, field: DateEdit) -> QWidget:
    """A field with its name, which stay together when the line is broken."""
    pair = QWidget()
    row = QHBoxLayout(pair)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(S)
    row.addWidget(name)
    row.addWidget(field)
    name.setBuddy(field)
    return pair
