"""Follows one prompt on a member's phone: what is known of it now, and from when on the phone may be asked again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

from PySide6.QtCore import QEvent, QTimer
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from sacco_desktop.domain.errors import SaccoError
from sacco_desktop.domain.money import format_kes
from sacco_desktop.domain.phones import display_phone
from sacco_desktop.operations.watch_prompts import follow_now
from sacco_desktop.services.books.work import Topic
from sacco_desktop.services.collecting import prompt_list
from sacco_desktop.services.collecting.prompt_list import AskedRow
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.one_reading import OneReading
from sacco_desktop.ui.prompt_chips import chip_of_prompt
from sacco_desktop.ui.theme.sizes import L, M, S
from sacco_desktop.ui.theme.tokens import ChipColour
from sacco_desktop.ui.widgets.callout import Callout
from sacco_desktop.ui.widgets.chips import ChipLabel
from sacco_desktop.ui.widgets.labels import ButtonKind, TextRole, hairline, plain_label, push_button

_TICK_MS = 1_000
# M-Pesa is asked no earlier than its schedule says; this is only how often we look whether it is time.
_FOLLOW_EACH = 5
_LETTERS = 58


class PromptDialog(QDialog):
    """Called `prompt_dialog`. `again` opens the form anew for the same member and purpose."""

    def __init__(
        self, desk: Desk, parent: QWidget, row: AskedRow, again: Callable[[AskedRow], None]
    ) -> None:
        super().__init__(parent)
        self._desk, self._row, self._again_with = desk, row, again
        self._page = parent
        self._ticks = 0
        self._is_following = False
        self._trouble = ""
        self._reading = OneReading(self, self._read)
        self.setObjectName("prompt_dialog")
        self.setWindowTitle(f"Prompt {row.number}")
        self.setModal(True)
        self._chip = ChipLabel(desk.theme, chip_of_prompt(row))
        self._words = plain_label("", TextRole.STRONG, name="prompt_words", wraps=True)
        self._swahili = plain_label("", TextRole.SECONDARY, name="prompt_swahili", wraps=True)
        self._wait = plain_label("", name="prompt_wait", wraps=True)
        self._away = Callout(desk.theme, "", ChipColour.AMBER)
        self._again = push_button("Ask again…", name="ask_again")
        self._again.clicked.connect(self._ask_again)
        self._close = push_button("Close", name="close", kind=ButtonKind.PRIMARY)
        self._close.clicked.connect(self.accept)
        self._lay_out()
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self._tick)
        self._timer.start()
        self.finished.connect(self._stop)
        desk.background.changed.connect(self._hear)
        desk.theme.changed.connect(self._fit)
        self._say()
        self._fit()
        self._close.setFocus()

    def _stop(self) -> None:
        self._timer.stop()
        self.deleteLater()

    def _hear(self, topics: frozenset[Topic]) -> None:
        if Topic.SAVINGS in topics:
            self._reading.ask()

    def _read(self) -> None:
        self._desk.background.read(
            prompt_list.prompts_of,
            (self._row.prompt_id,),
            owner=self,
            done=self._take,
            failed=self._unread,
        )

    def _take(self, rows: Sequence[AskedRow]) -> None:
        if rows:
            self._row = rows[0]
        self._say()
        self._reading.ended()

    def _unread(self, error: BaseException) -> None:
        self._reading.ended()
        self._desk.show(error, self)

    def _tick(self) -> None:
        self._ticks += 1
        self._say()
        is_settled = not self._row.is_open and (self._row.is_booked or not self._row.receipt)
        if self._ticks % _FOLLOW_EACH == 0 and not is_settled and not self._is_following:
            self._is_following = True
            office = self._desk.office
            self._desk.background.operate(
                lambda: follow_now(office),
                owner=self,
                done=lambda _words: self._followed(""),
                failed=self._away_now,
            )

    def _followed(self, trouble: str) -> None:
        self._is_following = False
        self._trouble = trouble
        self._say()

    def _away_now(self, error: BaseException) -> None:
        if isinstance(error, SaccoError):
            self._followed(f"{error.message} The program goes on asking.")
        else:
            self._followed("")
            self._desk.show(error, self)

    def _left(self) -> timedelta:
        return self._row.free_at - self._desk.now()

    def _say(self) -> None:
        row, left = self._row, self._left()
        seconds = max(0, int(left.total_seconds()))
        self._chip.set_chip(chip_of_prompt(row))
        self._words.setText(row.words)
        self._swahili.setText(f"Kiswahili: {row.swahili}" if row.swahili else "")
        self._swahili.setVisible(bool(row.swahili))
        self._away.say(self._trouble, ChipColour.AMBER)
        self._away.setVisible(bool(self._trouble))
        clock = f"{seconds // 60}:{seconds % 60:02d}"
        if row.is_open:
            since = int((self._desk.now() - row.asked_at).total_seconds())
            wait = f"Asked {max(0, since)} s ago. Another prompt can go to this phone when this one has ended."
        elif seconds:
            wait = f"The phone can be asked again in {clock}."
        else:
            wait = ""
        self._wait.setText(wait)
        self._wait.setVisible(bool(wait))
        is_paid = bool(row.receipt) or row.status == "paid"
        self._again.setVisible(not is_paid)
        self._again.setEnabled(not row.is_open and not seconds)
        self._again.setText(
            f"Ask again in {clock}" if seconds and not row.is_open else "Ask again…"
        )

    def _ask_again(self) -> None:
        self.accept()
        self._again_with(self._row)

    def _lay_out(self) -> None:
        row = self._row
        title = f"{row.member_name} is asked for {format_kes(row.amount_cents)}"
        about = f"{row.what} · {display_phone(row.phone)} · {row.number}"
        chip = QHBoxLayout()
        chip.addWidget(self._chip)
        chip.addStretch(1)
        buttons = QHBoxLayout()
        buttons.setSpacing(S)
        buttons.addStretch(1)
        buttons.addWidget(self._again)
        buttons.addWidget(self._close)
        column = QVBoxLayout(self)
        column.setContentsMargins(L, L, L, L)
        column.setSpacing(M)
        column.addWidget(plain_label(title, TextRole.TITLE, name="prompt_title", wraps=True))
        column.addWidget(plain_label(about, TextRole.SECONDARY, wraps=True))
        column.addLayout(chip)
        for part in (self._words, self._swahili, self._wait, self._away):
            column.addWidget(part)
        column.addStretch(1)
        column.addWidget(hairline())
        column.addLayout(buttons)

    def _fit(self) -> None:
        """Wide enough for lines that are read easily, and as high as the texts of now are; never beyond the window."""
        room = self._page.window().size()
        letter = QFontMetrics(self._desk.theme.font()).averageCharWidth()
        width = min(letter * _LETTERS, room.width() - L)
        column = self.layout()
        assert column is not None
        self.setMinimumWidth(width)
        wide = max(width, self.width())
        wanted = max(column.heightForWidth(wide), column.minimumSize().height())
        self.resize(wide, min(max(wanted, self.height()), room.height() - L))

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self._fit()
        return super().event(event)
