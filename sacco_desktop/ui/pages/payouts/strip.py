"""The line above the payouts: what the accounts hold, what is promised of it, and a way to ask M-Pesa now."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from sacco_desktop.operations.ask_balance import ask_and_wait
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.pages.payouts.accounts_dialog import AccountsDialog
from sacco_desktop.ui.pages.payouts.columns import strip_words
from sacco_desktop.ui.pages.payouts.reading import PayoutsView
from sacco_desktop.ui.theme.sizes import XS, L, S
from sacco_desktop.ui.widgets.labels import ButtonKind, TextRole, plain_label, push_button


class UtilityStrip(QWidget):
    """Called `strip`; its words are `utility_strip`, and what became of the last question is `balance_words`."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.setObjectName("strip")
        self._words = plain_label("", TextRole.SECONDARY, name="utility_strip", wraps=True)
        self._state = plain_label("", TextRole.SECONDARY, name="balance_words", wraps=True)
        self._ask = push_button("Ask balance", name="ask_balance", kind=ButtonKind.LINK)
        self._ask.clicked.connect(self.ask)
        self._accounts = push_button("Accounts…", name="accounts_open", kind=ButtonKind.LINK)
        self._accounts.clicked.connect(self._open_accounts)
        words = QVBoxLayout()
        words.setSpacing(XS)
        words.addWidget(self._words)
        words.addWidget(self._state)
        row = QHBoxLayout(self)
        row.setContentsMargins(L, S, L, 0)
        row.setSpacing(S)
        row.addLayout(words, 1)
        for button in (self._ask, self._accounts):
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)

    def show_view(self, view: PayoutsView) -> None:
        """The figures as they are now."""
        self._words.setText(strip_words(view.accounts.utility, view.ready_cents, view.flight))
        self._state.setText(view.accounts.question_words)
        self._state.setVisible(bool(view.accounts.question_words))
        self._ask.setVisible(view.accounts.may_ask)

    def ask(self) -> None:
        """Ask M-Pesa for the balance; asking moves no money."""
        if self._ask.isHidden() or not self._ask.isEnabled():
            return
        self._ask.setEnabled(False)
        office, actor = self._desk.office, self._desk.actor
        self._desk.background.operate(
            lambda: ask_and_wait(office, actor),
            owner=self,
            done=lambda _: self._asked(),
            failed=self._not_asked,
        )

    def _asked(self) -> None:
        self._ask.setEnabled(True)
        self._desk.toast("M-Pesa was asked for the balance. The answer comes by itself.")

    def _not_asked(self, error: BaseException) -> None:
        self._ask.setEnabled(True)
        self._desk.show(error, self)

    def _open_accounts(self) -> None:
        AccountsDialog(self._desk, self.window()).open_read()
