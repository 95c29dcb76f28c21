"""One payment in flight: its state, what is known in plain words, the proof so far, and the one safe action."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QPushButton, QVBoxLayout

from sacco_desktop.domain.money import format_kes
from sacco_desktop.services.sending.payout_cards import Chip, PayoutCard, ProofStep, SafeAction
from sacco_desktop.ui.pages.payouts.actions import FOR_ANYBODY, words_of
from sacco_desktop.ui.pages.payouts.columns import CHIPS, clock_words, for_words
from sacco_desktop.ui.theme.sizes import XS, L, M, S
from sacco_desktop.ui.theme.theme import Theme
from sacco_desktop.ui.widgets.chips import ChipLabel
from sacco_desktop.ui.widgets.flow_layout import FlowLayout
from sacco_desktop.ui.widgets.labels import ButtonKind, TextRole, plain_label, push_button
from sacco_desktop.ui.widgets.moments import age_words

_NO_ACTION = {
    Chip.WAITING: "Nothing to do now.",
}


@dataclass(frozen=True, slots=True)
class CardActions:
    """What the page does when a card asks: carry out an action, tell the whole story, or print all evidence."""

    do: Callable[[SafeAction, PayoutCard], None]
    tell: Callable[[PayoutCard], None]
    file: Callable[[PayoutCard], None]
    now: Callable[[], datetime]


class PaymentCard(QFrame):
    """Called `payout_card_<number>`; its button is `safe_action`, the menu of the others is `more`."""

    def __init__(
        self, theme: Theme, card: PayoutCard, actions: CardActions, *, may_settle: bool
    ) -> None:
        super().__init__()
        self._theme, self._card, self._actions = theme, card, actions
        self._may_settle = may_settle
        row = card.row
        self.setObjectName(f"payout_card_{row.number}")
        self.setProperty("card", True)
        chip = CHIPS[card.chip]
        self.setAccessibleName(f"{chip}: {row.member_name}, {format_kes(row.paid_cents)}")
        self.setAccessibleDescription(f"{card.headline} {card.explanation}")
        self._age = plain_label("", TextRole.SECONDARY, name="age")
        self._age.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._buttons = self._action_buttons()
        column = QVBoxLayout(self)
        column.setContentsMargins(L, M, L, M)
        column.setSpacing(S)
        column.addLayout(self._head())
        column.addWidget(plain_label(card.headline, TextRole.STRONG, name="headline", wraps=True))
        if card.explanation:
            column.addWidget(plain_label(card.explanation, name="explanation", wraps=True))
        proof = plain_label(self._proof(), TextRole.SECONDARY, name="proof", wraps=True)
        column.addWidget(proof)
        column.addLayout(self._buttons)

    def shows(self, card: PayoutCard, *, may_settle: bool) -> bool:
        """Whether nothing that this card says has changed."""
        return self._card == card and self._may_settle == may_settle

    def say_age(self, now: datetime) -> None:
        """How long the outcome has been open."""
        since = self._card.doubt_since
        self._age.setText(age_words(now - since) if since is not None else "")
        # Wide enough for any age, so that nothing beside it moves from minute to minute.
        self._age.setMinimumWidth(self._age.fontMetrics().horizontalAdvance("59 min "))

    def focus_action(self) -> None:
        """Put the focus where it was before the card was made anew."""
        button = self.findChild(QPushButton, "safe_action") or self.findChild(QPushButton, "more")
        if button is not None:
            button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _head(self) -> QHBoxLayout:
        row = self._card.row
        words = FlowLayout(spacing=M)
        words.addWidget(ChipLabel(self._theme, CHIPS[self._card.chip]))
        words.addWidget(plain_label(row.member_name, TextRole.STRONG, name="member"))
        paid = f"{format_kes(row.paid_cents)} → {row.to_words}"
        words.addWidget(plain_label(paid, TextRole.STRONG, name="amount"))
        what = for_words(row)
        loan = f"{what[:1].upper()}{what[1:]} · {row.number}"
        words.addWidget(plain_label(loan, TextRole.SECONDARY, name="loan"))
        head = QHBoxLayout()
        head.setSpacing(M)
        head.addLayout(words, 1)
        head.addWidget(self._age, 0, Qt.AlignmentFlag.AlignTop)
        return head

    def _proof(self) -> str:
        steps = "   ".join(self._step(step) for step in self._card.proof)
        return f"Proof so far:  {steps}"

    def _step(self, step: ProofStep) -> str:
        """Held together by spaces at which no line breaks."""
        when = f" {clock_words(step.at, self._actions.now())}" if step.at is not None else ""
        return f"{'✓' if step.is_there else '○'} {step.words}{when}".replace(" ", "\u00a0")

    def _action_buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(S)
        action = self._card.action
        if action is not SafeAction.NONE:
            button = push_button(
                words_of(action, self._card.row), name="safe_action", kind=ButtonKind.PRIMARY
            )
            button.setEnabled(self._may(action))
            button.clicked.connect(lambda: self._actions.do(action, self._card))
            row.addWidget(button)
        row.addWidget(self._more())
        row.addWidget(plain_label(self._why_locked(), TextRole.SECONDARY, name="why_locked"))
        row.addStretch(1)
        row.setContentsMargins(0, XS, 0, 0)
        return row

    def _more(self) -> QPushButton:
        more = push_button(
            "More  ▾", name="more", speaks=f"More about {self._card.row.member_name}"
        )
        more.setToolTip("")
        menu = QMenu(more)
        for other in self._card.other_actions:
            entry = menu.addAction(words_of(other, self._card.row))
            entry.setObjectName(other.value)
            entry.setEnabled(self._may(other))
            entry.triggered.connect(lambda _=False, do=other: self._actions.do(do, self._card))
        story = menu.addAction("What happened so far…")
        story.setObjectName("history")
        story.triggered.connect(lambda: self._actions.tell(self._card))
        paper = menu.addAction("Payment file…")
        paper.setObjectName("payment_file")
        paper.triggered.connect(lambda: self._actions.file(self._card))
        more.setMenu(menu)
        return more

    def _may(self, action: SafeAction) -> bool:
        return self._may_settle or action in FOR_ANYBODY

    def _why_locked(self) -> str:
        if self._card.action is SafeAction.NONE:
            return _NO_ACTION.get(self._card.chip, "")
        return "" if self._may(self._card.action) else "A treasurer does this."
