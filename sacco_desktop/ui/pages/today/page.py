"""Today: the start of the day. Each card is read on its own, so that one that fails takes no other with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QVBoxLayout, QWidget

from sacco_desktop.domain.dates import business_date, format_date, format_long_date, format_time
from sacco_desktop.domain.errors import SaccoError
from sacco_desktop.services.books.work import Service, Topic
from sacco_desktop.services.closing import closed_days
from sacco_desktop.services.membership import late_loans
from sacco_desktop.services.today.balance_line import balance_line
from sacco_desktop.services.today.cash_position import cash_position
from sacco_desktop.services.today.latest import Happened, latest
from sacco_desktop.services.today.to_do import to_do
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.page import Page
from sacco_desktop.ui.pages.today.cash_card import CashCard
from sacco_desktop.ui.pages.today.day_line import DayLine
from sacco_desktop.ui.pages.today.pictures import BalanceCard, LateCard
from sacco_desktop.ui.pages.today.to_do_card import ToDoCard
from sacco_desktop.ui.theme.sizes import L, M, S
from sacco_desktop.ui.widgets.card import Card
from sacco_desktop.ui.widgets.chart import Chart
from sacco_desktop.ui.widgets.figures import Figures, FiguresDialog
from sacco_desktop.ui.widgets.labels import TextRole, plain_label

Answer = TypeVar("Answer")

_TOPICS = frozenset(Topic) - {Topic.JOBS}
# Below so many heights of a line of text there is no room for so many cards beside each other.
_THREE_FROM, _TWO_FROM = 64, 40
# Row, column, rows, columns of each card in its order, by how many stand beside each other.
_PLACES = {
    3: ((0, 0, 1, 2), (0, 2, 1, 1), (1, 0, 1, 1), (1, 1, 1, 1), (1, 2, 1, 1)),
    2: ((0, 0, 1, 1), (0, 1, 1, 1), (1, 0, 1, 1), (1, 1, 1, 1), (2, 0, 1, 2)),
    1: ((0, 0, 1, 1), (1, 0, 1, 1), (2, 0, 1, 1), (3, 0, 1, 1), (4, 0, 1, 1)),
}


def today_page(desk: Desk) -> Page:
    """The page for the person at this desk."""
    return TodayPage(desk).page()


class TodayPage(QScrollArea):
    """Five cards, the moment at which they were read, and whether the day is closed."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._beside = 0
        self.setObjectName("today_page")
        self.setAccessibleName("Today")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._to_do = ToDoCard(desk.open_page)
        self._cash = CashCard(desk.theme)
        self._late = LateCard(desk.theme)
        self._balance = BalanceCard(desk.theme)
        self._latest = Card("latest", "Latest")
        self._cards = (self._to_do, self._cash, self._late, self._balance, self._latest)
        self._day = DayLine(desk, self)
        self._late.chart.opened.connect(lambda: desk.open_page("members/late"))
        self._balance.chart.opened.connect(lambda: self._show_figures(self._balance.chart.figures))
        self._lay_out()
        desk.theme.changed.connect(self._arrange)

    def page(self) -> Page:
        """What the window gets."""
        commands: dict[str, Callable[[], None]] = {
            "refresh": self.reload,
            "explain": self.explain,
            **self._day.commands(),
        }
        panes = (self._to_do, self._late.chart, self._balance.chart)
        return Page(self, self._to_do, commands, panes, _TOPICS, self.reload)

    def reload(self) -> None:
        """Read every card again; what is shown stays until then."""
        self._read("what waits for you", to_do, self._to_do, self._to_do.show_tasks)
        self._read("the cash position", cash_position, self._cash, self._cash.show_position)
        self._read("the late loans", late_loans.by_days_late, self._late, self._late.show_sums)
        self._read("the balances", balance_line, self._balance, self._balance.show_days)
        self._read("the latest", latest, self._latest, self._show_latest)
        self._desk.background.read(
            closed_days.state,
            None,
            owner=self._day,
            done=self._day.show_state,
            failed=self._day_unknown,
        )
        now = self._desk.now()
        day = format_long_date(business_date(now))
        self._day.read_at.setText(f"{day} · read at {format_time(now)}")

    def explain(self) -> None:
        """F4: the figures of the picture that has the focus, or else those of the cash position."""
        focused = self.focusWidget()
        figures = focused.figures if isinstance(focused, Chart) else self._cash.figures
        self._show_figures(figures)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _read(
        self,
        what: str,
        service: Service[None, Answer],
        card: Card,
        show: Callable[[Answer], None],
    ) -> None:
        def failed(error: BaseException) -> None:
            if not isinstance(error, SaccoError):
                self._desk.show(error, card)
            card.show_trouble(f"Not known now: {what}. The other figures are right.", self.reload)

        self._desk.background.read(service, None, owner=card, done=show, failed=failed)

    def _day_unknown(self, error: BaseException) -> None:
        if not isinstance(error, SaccoError):
            self._desk.show(error, self._day)
        self._day.show_unknown()

    def _show_figures(self, figures: Figures) -> None:
        if figures.lines:
            FiguresDialog(self._desk.theme, figures, self).open()

    def _show_latest(self, happened: Sequence[Happened]) -> None:
        box = QWidget()
        grid = QGridLayout(box)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(M)
        grid.setVerticalSpacing(S // 2)
        grid.setColumnStretch(1, 1)
        today = business_date(self._desk.now())
        for line, each in enumerate(happened):
            day = business_date(each.at)
            when = format_time(each.at) if day == today else format_date(day).rsplit(" ", 1)[0]
            top = Qt.AlignmentFlag.AlignTop
            grid.addWidget(plain_label(when, TextRole.SECONDARY), line, 0, top)
            grid.addWidget(plain_label(each.words, name="happened", wraps=True), line, 1, top)
        if not happened:
            grid.addWidget(plain_label("Nothing has happened yet.", TextRole.SECONDARY), 0, 0)
        self._latest.show_body(box)

    def _lay_out(self) -> None:
        inside = QWidget()
        inside.setObjectName("today_cards")
        column = QVBoxLayout(inside)
        column.setContentsMargins(L, L, L, S)
        column.setSpacing(S)
        self._grid = QGridLayout()
        self._grid.setSpacing(M)
        column.addLayout(self._grid)
        column.addStretch(1)
        column.addWidget(self._day)
        self.setWidget(inside)
        self._arrange()

    def _arrange(self, *_args: Any) -> None:
        """As many cards beside each other as can be read, counted in lines of text and not in pixels."""
        room = self.viewport().width() // self._desk.theme.sizes.line
        beside = 3 if room >= _THREE_FROM else 2 if room >= _TWO_FROM else 1
        if beside == self._beside:
            return
        self._beside = beside
        for card in self._cards:
            self._grid.removeWidget(card)
        for card, place in zip(self._cards, _PLACES[beside], strict=True):
            self._grid.addWidget(card, *place)
        for number in range(3):
            self._grid.setColumnStretch(number, 1 if number < beside else 0)
