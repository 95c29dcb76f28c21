"""What becomes of a list of prompts: a line each, from asked to paid, with the reason where nobody was asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from sacco_desktop.domain.errors import SaccoError
from sacco_desktop.operations.watch_prompts import follow_now
from sacco_desktop.services.books.work import Topic
from sacco_desktop.services.collecting import prompt_list
from sacco_desktop.services.collecting.many_prompts import ToAsk
from sacco_desktop.services.collecting.prompt_list import AskedRow
from sacco_desktop.ui.asking import Asking
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.one_reading import OneReading
from sacco_desktop.ui.prompt_chips import PROMPT_CHIPS, chip_of_prompt
from sacco_desktop.ui.theme.sizes import M, S
from sacco_desktop.ui.theme.tokens import ChipColour
from sacco_desktop.ui.widgets import chip_words as chips
from sacco_desktop.ui.widgets.callout import Callout
from sacco_desktop.ui.widgets.chip_words import Chip
from sacco_desktop.ui.widgets.columns import Column, chip_column, money_column
from sacco_desktop.ui.widgets.focus_lead import lead_focus
from sacco_desktop.ui.widgets.frozen_table import FrozenTable
from sacco_desktop.ui.widgets.labels import TextRole, plain_label, push_button

_REFUSED = Chip("not_asked", "✕", "x", "Not asked", "Hakuombwa", ChipColour.AMBER)
_NEXT = Chip("not_yet", "○", "circle", "Not yet", "Bado", ChipColour.GREY)
_FOLLOW_MS = 5_000

Line = tuple[int, ToAsk, Chip, str]


class AskingView(QWidget):
    """Goes on telling after the last one was asked: a line turns from On the phone to Paid by itself."""

    closed = Signal()

    def __init__(self, desk: Desk, asking: Asking) -> None:
        super().__init__()
        self._desk, self._asking = desk, asking
        self._stands: dict[int, AskedRow] = {}
        self._is_following = False
        self._reading = OneReading(self, self._read)
        self.setObjectName("asking_view")
        self._head = plain_label("", TextRole.TITLE, name="asking_head", wraps=True)
        self._trouble = Callout(desk.theme, "", ChipColour.AMBER)
        self.table = FrozenTable(desk.theme, _columns(), lambda line: line[0], name="asking_table")
        self.table.setAccessibleName("Members who are asked")
        self._counts = plain_label("", TextRole.STRONG, name="asking_counts", wraps=True)
        self._pause = push_button("Pause", name="pause_asking")
        self._pause.clicked.connect(self._pause_or_go_on)
        self._close = push_button("Close", name="close_asking")
        self._close.clicked.connect(self.closed)
        self._lay_out()
        lead_focus(self, self._close)
        self._timer = QTimer(self)
        self._timer.setInterval(_FOLLOW_MS)
        self._timer.timeout.connect(self._follow)
        self._timer.start()
        asking.moved.connect(self._moved)
        desk.background.changed.connect(self._hear)
        self._say()
        self._reading.ask()

    def _moved(self) -> None:
        self._say()
        self._reading.ask()

    def _hear(self, topics: frozenset[Topic]) -> None:
        if Topic.SAVINGS in topics:
            self._reading.ask()

    def _read(self) -> None:
        ids = tuple(
            one.prompt_id for one in self._asking.asked.values() if one.prompt_id is not None
        )
        self._desk.background.read(
            prompt_list.prompts_of, ids, owner=self, done=self._take, failed=self._unread
        )

    def _take(self, rows: Sequence[AskedRow]) -> None:
        self._stands = {row.prompt_id: row for row in rows}
        self._say()
        self._reading.ended()

    def _unread(self, error: BaseException) -> None:
        self._reading.ended()
        self._desk.show(error, self)

    def _follow(self) -> None:
        """While somebody looks, M-Pesa is asked as soon as its schedule says."""
        is_open = any(row.is_open or not row.is_booked for row in self._stands.values())
        if not is_open or self._is_following or not self.isVisible():
            return
        self._is_following = True
        office = self._desk.office
        self._desk.background.operate(
            lambda: follow_now(office),
            owner=self,
            done=lambda _count: self._followed(),
            failed=self._away,
        )

    def _followed(self) -> None:
        self._is_following = False

    def _away(self, error: BaseException) -> None:
        self._is_following = False
        if not isinstance(error, SaccoError):
            self._desk.show(error, self)

    def _pause_or_go_on(self) -> None:
        if self._asking.is_under_way:
            self._asking.pause()
        else:
            self._asking.go_on()

    def _say(self) -> None:
        asking = self._asking
        lines = [self._line(place, row) for place, row in enumerate(asking.rows)]
        self.table.set_rows(lines)
        counts = Counter(chip for _place, _row, chip, _words in lines)
        self._counts.setText(
            " · ".join(f"{count:,} {chip.english}" for chip, count in counts.items())
        )
        self._head.setText(self._head_words())
        words = f"{asking.trouble} Nobody after that was asked." if asking.trouble else ""
        self._trouble.say(words, ChipColour.AMBER)
        self._trouble.setVisible(bool(words))
        self._pause.setVisible(not asking.is_done)
        self._pause.setText("Pause" if asking.is_under_way else "Go on")
        self._pause.setEnabled(not (asking.is_under_way and asking.is_pause_wanted))

    def _head_words(self) -> str:
        asking = self._asking
        done, every = len(asking.asked), len(asking.rows)
        if asking.is_done:
            return "All of the list were asked" if every > 1 else "The member was asked"
        if not asking.is_under_way:
            return f"Paused: {done:,} of {every:,}"
        stopping = " · pausing after this one" if asking.is_pause_wanted else ""
        return f"Asking {done:,} of {every:,}{stopping}"

    def _line(self, place: int, row: ToAsk) -> Line:
        one = self._asking.asked.get(place)
        if one is None:
            return place, row, _NEXT, ""
        stand = None if one.prompt_id is None else self._stands.get(one.prompt_id)
        if one.refusal and stand is None:
            return place, row, _REFUSED, one.refusal
        if stand is None:
            return place, row, PROMPT_CHIPS[0], ""
        return place, row, chip_of_prompt(stand), stand.words

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(S)
        buttons.addWidget(self._pause)
        buttons.addStretch(1)
        buttons.addWidget(self._close)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(M)
        column.addWidget(self._head)
        column.addWidget(self._trouble)
        column.addWidget(self.table, 1)
        column.addWidget(self._counts)
        column.addLayout(buttons)


def _columns() -> tuple[Column[Line], ...]:
    order = (_REFUSED, *PROMPT_CHIPS, _NEXT, chips.PAID)
    return (
        Column("Member", lambda line: line[1].member_name, longest=24),
        Column("For", lambda line: line[1].what, longest=16, widest="Share capital"),
        money_column("KES", lambda line: line[1].amount_cents),
        chip_column("State", lambda line: line[2], order),
        Column("What is known", lambda line: line[3] or None, longest=60),
    )
