"""What becomes of a list of payments while it is sent and after: one line each, and never one word for all of them."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from sacco_desktop.domain.money import format_kes
from sacco_desktop.domain.payouts import PayoutStatus
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.books.work import Topic, Work
from sacco_desktop.services.payouts import payout_rows
from sacco_desktop.services.payouts.payouts import PayoutRow
from sacco_desktop.services.sending import payout_cards
from sacco_desktop.services.sending.payout_cards import chip_of
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.one_reading import OneReading
from sacco_desktop.ui.pages.payouts.columns import CHIPS, counted
from sacco_desktop.ui.pages.payouts.print_batch import print_batch
from sacco_desktop.ui.sending import Sending
from sacco_desktop.ui.theme.sizes import L, M, S
from sacco_desktop.ui.theme.tokens import ChipColour
from sacco_desktop.ui.widgets import chip_words as chips
from sacco_desktop.ui.widgets.callout import Callout
from sacco_desktop.ui.widgets.chip_words import Chip
from sacco_desktop.ui.widgets.chips import ChipLabel
from sacco_desktop.ui.widgets.figure_label import FigureLabel
from sacco_desktop.ui.widgets.focus_lead import lead_focus
from sacco_desktop.ui.widgets.labels import ButtonKind, TextRole, plain_label, push_button


class SendingView(QWidget):
    """Goes on telling after the last one was sent: a line turns from Waiting to Paid by itself."""

    closed = Signal()
    in_flight_asked = Signal()

    def __init__(self, desk: Desk, sending: Sending) -> None:
        super().__init__()
        self._desk, self._sending = desk, sending
        self._rows = {row.payout_id: row for row in sending.rows}
        self._headlines: dict[int, str] = {}
        self._reading = OneReading(self, self._read)
        self.setObjectName("sending_view")
        self._head = plain_label("", TextRole.TITLE, name="sending_head", wraps=True)
        self._result = plain_label("", TextRole.STRONG, name="sending_result", wraps=True)
        self._trouble = Callout(desk.theme, "", ChipColour.RED)
        self._stop = push_button("Stop after this one", name="stop_after_this")
        self._stop.clicked.connect(sending.stop_after_this)
        self._print = push_button("Print this list", name="print_list")
        self._print.clicked.connect(self._print_list)
        self._in_flight = push_button("Open In flight", name="open_in_flight")
        self._in_flight.clicked.connect(self.in_flight_asked)
        self._close = push_button("Close", name="close", kind=ButtonKind.PLAIN)
        self._close.clicked.connect(self.closed)
        self._chips: dict[int, ChipLabel] = {}
        self._words = {
            row.payout_id: plain_label("", name="line_words", wraps=True) for row in sending.rows
        }
        self._lay_out()
        lead_focus(self, self._close)
        sending.moved.connect(self._say)
        sending.ended.connect(self._say)
        desk.background.changed.connect(self._hear_of_change)
        self._say()

    def _hear_of_change(self, topics: frozenset[Topic]) -> None:
        if Topic.PAYOUTS in topics:
            self._reading.ask()

    def _read(self) -> None:
        ids = tuple(self._rows)
        self._desk.background.read(
            _read_rows, ids, owner=self, done=self._take_rows, failed=self._unread
        )

    def _unread(self, error: BaseException) -> None:
        self._reading.ended()
        self._desk.show(error, self)

    def _take_rows(self, found: tuple[tuple[PayoutRow, str], ...]) -> None:
        for row, headline in found:
            self._rows[row.payout_id] = row
            self._headlines[row.payout_id] = headline
        self._say()
        self._reading.ended()

    def _say(self) -> None:
        sending = self._sending
        for payout_id, row in self._rows.items():
            chip, words = self._state(row)
            self._chips[payout_id].set_chip(chip)
            self._words[payout_id].setText(words)
        self._head.setText(self._head_words())
        self._result.setText(
            self._counted() if not sending.is_under_way else "The list goes on when this is closed."
        )
        says_so = "Nothing was sent" in sending.trouble
        trouble = sending.trouble if says_so else f"Nothing was sent. {sending.trouble}"
        self._trouble.say(trouble if sending.trouble else "", ChipColour.RED)
        self._trouble.setVisible(bool(sending.trouble))
        self._stop.setVisible(sending.is_under_way)
        self._print.setVisible(not sending.is_under_way and bool(self._number()))
        self._stop.setEnabled(not sending.is_stop_wanted)

    def _head_words(self) -> str:
        sending, every = self._sending, len(self._rows)
        gone = sum(
            self._state(row)[0] not in (chips.NOT_SENT, chips.READY) for row in self._rows.values()
        )
        if not sending.is_under_way:
            number = self._number()
            words = "All were sent" if gone == every > 1 else f"{gone} of {every} sent"
            return f"{words} · {number}" if number else words
        stopping = " · stopping after this one" if sending.is_stop_wanted else ""
        return f"{len(sending.sent)} of {every} sent{stopping}"

    def _number(self) -> str:
        """The batch that these payouts were sent in, once the books have told it."""
        return next((row.batch_number for row in self._rows.values() if row.batch_number), "")

    def _print_list(self) -> None:
        print_batch(self._desk, self._number(), self.window())

    def _state(self, row: PayoutRow) -> tuple[Chip, str]:
        """The sign and the words of one line."""
        sent = self._sending.sent.get(row.payout_id)
        if sent is not None and sent.refusal:
            return (chips.ON_HOLD if sent.is_held else chips.NOT_SENT), sent.refusal
        if row.held is not None:
            return chips.ON_HOLD, row.held.words
        has_left = row.status is not PayoutStatus.APPROVED
        if sent is None and not has_left:
            is_next = self._sending.is_under_way and row.payout_id == self._next()
            return chips.NOT_SENT, "It is next." if is_next else "It stays ready."
        return CHIPS[chip_of(row)], self._headlines.get(row.payout_id, "")

    def _next(self) -> int:
        return next(
            (
                row.payout_id
                for row in self._sending.rows
                if row.payout_id not in self._sending.sent
            ),
            0,
        )

    def _counted(self) -> str:
        counts: dict[Chip, tuple[int, int]] = {}
        for row in self._rows.values():
            chip, _words = self._state(row)
            count, cents = counts.get(chip, (0, 0))
            counts[chip] = count + 1, cents + row.mpesa_cents
        return counted(counts)

    def _lay_out(self) -> None:
        inside = QWidget()
        grid = QGridLayout(inside)
        grid.setContentsMargins(0, 0, S, 0)
        grid.setHorizontalSpacing(L)
        grid.setVerticalSpacing(S)
        grid.setColumnStretch(3, 1)
        for line, row in enumerate(self._sending.rows):
            self._chips[row.payout_id] = ChipLabel(self._desk.theme, chips.NOT_SENT)
            grid.addWidget(self._chips[row.payout_id], line, 0)
            grid.addWidget(plain_label(row.member_name, TextRole.STRONG), line, 1)
            words = format_kes(row.mpesa_cents)
            amount = FigureLabel(self._desk.theme, words, name="line_amount")
            grid.addWidget(amount, line, 2, Qt.AlignmentFlag.AlignRight)
            grid.addWidget(self._words[row.payout_id], line, 3)
        grid.setRowStretch(len(self._sending.rows), 1)
        area = QScrollArea()
        area.setAccessibleName("Payments of this list")
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inside)
        buttons = QHBoxLayout()
        buttons.setSpacing(S)
        buttons.addWidget(self._stop)
        buttons.addWidget(self._print)
        buttons.addStretch(1)
        buttons.addWidget(self._in_flight)
        buttons.addWidget(self._close)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(M)
        for part in (self._head, self._trouble):
            column.addWidget(part)
        column.addWidget(area, 1)
        column.addWidget(self._result)
        column.addLayout(buttons)


def _read_rows(work: Work, payout_ids: tuple[int, ...]) -> tuple[tuple[PayoutRow, str], ...]:
    work.allow(Act.LOOK)
    cards = payout_cards.cards_of(work, payout_rows.rows_of(work, payout_ids))
    return tuple((card.row, card.headline) for card in cards)
