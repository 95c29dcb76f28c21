"""The foot of Today: whether the day is closed, the button that closes it, and the days that were closed."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from sacco_desktop.domain.permissions import Act, may
from sacco_desktop.services.closing.closed_days import DayState
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.pages.today.day_sheets import close_day, print_day, show_closed_days
from sacco_desktop.ui.pages.today.day_words import state_words
from sacco_desktop.ui.theme.sizes import S
from sacco_desktop.ui.widgets.labels import ButtonKind, TextRole, plain_label, push_button


class DayLine(QWidget):
    """Called `day_line`. Whoever may not close the day sees only how it stands."""

    def __init__(self, desk: Desk, page: QWidget) -> None:
        super().__init__()
        self.setObjectName("day_line")
        self._desk, self._page = desk, page
        self._state: DayState | None = None
        self.read_at = plain_label("", TextRole.SECONDARY, name="read_at")
        self._words = plain_label("", TextRole.SECONDARY, name="day_state", wraps=True)
        self._words.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._days = push_button("Closed days…", name="closed_days_open", kind=ButtonKind.LINK)
        self._days.clicked.connect(lambda: show_closed_days(desk, page))
        self._print = push_button("Print its sheet…", name="print_day")
        self._print.clicked.connect(lambda: self._print_today(desk, page))
        self._close = push_button("Close the day…", name="close_day")
        self._close.clicked.connect(lambda: close_day(desk, page))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(S)
        row.addWidget(self.read_at)
        row.addWidget(self._words, 1)
        for button in (self._days, self._print, self._close):
            row.addWidget(button)
            button.hide()

    def show_state(self, state: DayState) -> None:
        """Show how the day stands now."""
        self._state = state
        self._words.setText(state_words(state))
        self._days.setVisible(state.has_any)
        self._print.setVisible(state.closed is not None)
        self._close.setVisible(state.closed is None and state.may_close)

    def commands(self) -> dict[str, Callable[[], None]]:
        """What the menu of the window does here; who may not close a day has no entry for it."""
        own: dict[str, Callable[[], None]] = {
            "closed_days": lambda: show_closed_days(self._desk, self._page)
        }
        if may(self._desk.actor.roles, Act.CLOSE_DAY):
            own["close_day"] = self._close_or_say
        return own

    def _close_or_say(self) -> None:
        """The button is gone once the day is closed; whoever takes the menu is told so."""
        if self._close.isHidden():
            self._desk.messages.tell(self._page, "Nothing to close", self._words.text())
        else:
            close_day(self._desk, self._page)

    def show_unknown(self) -> None:
        """It could not be read; nothing is offered on what is not known."""
        self._words.setText("Not known now: whether the day is closed.")

    def _print_today(self, desk: Desk, page: QWidget) -> None:
        if self._state is not None and self._state.closed is not None:
            print_day(desk, page, self._state.closed)
