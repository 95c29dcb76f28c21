"""The In flight tab: a card for each payment whose outcome is open, saying what is known and what is safe."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QSignalBlocker, Qt, QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from sacco_desktop.domain.money import format_kes
from sacco_desktop.services.sending.payout_cards import PayoutCard
from sacco_desktop.ui.pages.payouts.payment_card import CardActions, PaymentCard
from sacco_desktop.ui.pages.payouts.reading import PayoutsView
from sacco_desktop.ui.theme.sizes import L, M, S
from sacco_desktop.ui.theme.theme import Theme
from sacco_desktop.ui.widgets.choice_box import ChoiceBox
from sacco_desktop.ui.widgets.focus_lead import lead_focus
from sacco_desktop.ui.widgets.labels import ButtonKind, TextRole, plain_label, push_button
from sacco_desktop.ui.widgets.list_state import ListState

_AGES_MS = 15_000
_NOTHING = "Nothing is in flight. A payment that was sent stays here until it is settled."


class InFlightTab(QWidget):
    """Keeps a card as long as nothing about it changed, so that the focus and an open menu stay."""

    def __init__(
        self,
        theme: Theme,
        now: Callable[[], datetime],
        actions: CardActions,
        ask_all: Callable[[], None],
    ) -> None:
        super().__init__()
        self._theme, self._now, self._actions = theme, now, actions
        self._cards: dict[str, PaymentCard] = {}
        self.setObjectName("in_flight_tab")
        self._sum = plain_label("", TextRole.STRONG, name="in_flight_sum")
        self.ask_all = push_button(
            "Ask M-Pesa about all  F9", name="ask_all", kind=ButtonKind.PLAIN
        )
        self.ask_all.clicked.connect(lambda: ask_all())
        self.batch = ChoiceBox("in_flight_batch", [("", "All batches")])
        self.batch.setAccessibleName("Which batch is shown")
        self.batch.currentIndexChanged.connect(lambda _place: self._show_again())
        self._shown: PayoutsView | None = None
        self._older = plain_label("", TextRole.SECONDARY, name="older_checking", wraps=True)
        self._older.hide()
        self._nothing = ListState()
        self._nothing.say(_NOTHING)
        self._column = QVBoxLayout()
        self._column.setContentsMargins(L, M, L, M)
        self._column.setSpacing(M)
        self._column.addStretch(1)
        self.area = QScrollArea()
        self._ages = QTimer(self)
        self._ages.setInterval(_AGES_MS)
        self._ages.timeout.connect(self._say_ages)
        self._lay_out()
        lead_focus(self, self.area)

    def show_view(self, view: PayoutsView) -> None:
        """The longest doubt first, as the service orders them; of one batch alone when one is chosen."""
        self._shown = view
        cards = view.in_flight
        numbers = sorted({card.row.batch_number for card in cards} - {""}, reverse=True)
        with QSignalBlocker(self.batch):
            self.batch.set_choices([("", "All batches"), *((each, each) for each in numbers)])
        self.batch.setVisible(bool(numbers))
        chosen = self.batch.value() or ""
        if chosen:
            cards = tuple(card for card in cards if card.row.batch_number == chosen)
        self._lay_cards(cards, may_settle=view.may_settle)
        left_out = view.checking_count - sum(not card.may_have_left for card in view.in_flight)
        self._older.setText(
            f"{left_out:,} older payments wait for the statement too. They are under Done, filter Checking."
        )
        self._older.setVisible(left_out > 0 and not chosen)

    def _show_again(self) -> None:
        if self._shown is not None:
            self.show_view(self._shown)

    def _lay_cards(self, cards: tuple[PayoutCard, ...], *, may_settle: bool) -> None:
        kept: dict[str, PaymentCard] = {}
        focused = self._focused_number()
        for place, card in enumerate(cards):
            before = self._cards.pop(card.row.number, None)
            if before is None or not before.shows(card, may_settle=may_settle):
                self._discard(before)
                before = PaymentCard(self._theme, card, self._actions, may_settle=may_settle)
            self._column.insertWidget(place, before)
            kept[card.row.number] = before
        for gone in self._cards.values():
            self._discard(gone)
        self._cards = kept
        open_cards = [card for card in cards if card.may_have_left]
        cents = sum(card.row.paid_cents for card in open_cards)
        checking = len(cards) - len(open_cards)
        proof = f" · {checking} paid, to be checked" if checking else ""
        self._sum.setText(f"{len(open_cards)} not settled · {format_kes(cents)}{proof}")
        self.ask_all.setEnabled(bool(open_cards) and may_settle)
        self.ask_all.setToolTip("" if may_settle else "A treasurer asks.")
        self._nothing.setVisible(not cards)
        self.area.setVisible(bool(cards))
        lead_focus(self, self.area if cards else self.ask_all)
        self._say_ages()
        if focused in kept:
            kept[focused].focus_action()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._ages.start()
        self._say_ages()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._ages.stop()

    def _focused_number(self) -> str:
        for number, card in self._cards.items():
            if card.isAncestorOf(self.focusWidget()) if self.focusWidget() else False:
                return number
        return ""

    def _discard(self, card: PaymentCard | None) -> None:
        if card is not None:
            self._column.removeWidget(card)
            card.hide()
            card.deleteLater()

    def _say_ages(self) -> None:
        for card in self._cards.values():
            card.say_age(self._now())

    def _lay_out(self) -> None:
        head = QFrame()
        head.setObjectName("filter_bar")
        row = QHBoxLayout(head)
        row.setContentsMargins(L, S, L, S)
        row.addWidget(self._sum)
        row.addStretch(1)
        row.addWidget(self.batch)
        row.addWidget(self.ask_all)
        inside = QWidget()
        inside.setObjectName("in_flight_cards")
        inside.setLayout(self._column)
        self.area.setObjectName("in_flight")
        self.area.setAccessibleName("Payments in flight")
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setWidget(inside)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(head)
        column.addWidget(self.area, 1)
        self._older.setContentsMargins(L, S, L, S)
        column.addWidget(self._older)
        column.addWidget(self._nothing, 1)
