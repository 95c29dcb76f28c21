"""Our accounts at M-Pesa beside the books: what it told, what the books said then, and how far the two are apart."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from sacco_desktop.domain.money import format_amount
from sacco_desktop.services.sending.account_view import (
    TITLES,
    AccountLine,
    AccountsView,
    read_accounts,
)
from sacco_desktop.services.sending.mpesa_differences import MpesaDifference, differences
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.pages.payouts.columns import moment
from sacco_desktop.ui.theme.sizes import L, M, S
from sacco_desktop.ui.top_up_dialog import record_top_up_dialog
from sacco_desktop.ui.widgets.columns import NOTHING_THERE
from sacco_desktop.ui.widgets.figure_label import FigureLabel
from sacco_desktop.ui.widgets.labels import TextRole, hairline, plain_label, push_button

_HEADS = ("Account", "M-Pesa says", "Available", "Books then", "Difference", "Books now", "Told")
_MONEY = range(1, 6)
_MOST = 5
_USUAL = QSize(860, 280)
_NOTE = (
    "The difference is M-Pesa less the books at the moment when M-Pesa answered. A payment that was under way then"
    " shows here until its result is booked."
)


class AccountsDialog(QDialog):
    """Called `accounts_dialog`. Looks only; a move is recorded in a dialog of its own."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk, self._owner = desk, parent
        self.setObjectName("accounts_dialog")
        self.setWindowTitle("M-Pesa accounts")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(True)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(L)
        self._grid.setVerticalSpacing(S)
        self._state = plain_label("", TextRole.SECONDARY, name="accounts_state", wraps=True)
        self._why = plain_label("", name="accounts_why", wraps=True)
        self._why.hide()
        self._record = push_button("Record a move of money…", name="record_move")
        self._record.clicked.connect(self._record_move)
        self._record.hide()
        close = push_button("Close", name="close")
        close.clicked.connect(self.reject)
        foot = QHBoxLayout()
        foot.addWidget(self._record)
        foot.addStretch(1)
        foot.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(L, L, L, L)
        column.setSpacing(M)
        column.addWidget(plain_label("M-Pesa accounts and the books, KES", TextRole.TITLE))
        column.addLayout(self._grid)
        column.addWidget(self._why)
        column.addWidget(self._state)
        column.addWidget(plain_label(_NOTE, TextRole.SECONDARY, wraps=True))
        column.addStretch(1)
        column.addLayout(foot)
        self._fit()
        desk.theme.changed.connect(self._fit)

    @Slot()
    def _fit(self) -> None:
        """Wide enough for seven columns in letters of any size, and high enough for the lines that wrap."""
        layout = self.layout()
        assert layout is not None
        layout.activate()
        room = self._owner.window().size() - QSize(L, L)
        width = min(room.width(), max(_USUAL.width(), self.sizeHint().width()))
        high = max(_USUAL.height(), self.sizeHint().height(), layout.totalHeightForWidth(width))
        self.resize(width, min(room.height(), high + M))

    def open_read(self) -> None:
        """Read the accounts, and show them when they are there."""
        self._desk.background.read(read_accounts, None, owner=self._owner, done=self._show)
        self._desk.background.read(differences, None, owner=self, done=self._explain)

    def _explain(self, found: Sequence[MpesaDifference]) -> None:
        """Each cent between M-Pesa's last word and what the books say now."""
        words = [_why_words(one) for one in found if one.explained.difference_cents]
        self._why.setText("\n".join(words))
        self._why.setVisible(bool(words))
        self._fit()

    def _show(self, view: AccountsView) -> None:
        for column, head in enumerate(_HEADS):
            side = Qt.AlignmentFlag.AlignRight if column in _MONEY else Qt.AlignmentFlag.AlignLeft
            self._grid.addWidget(plain_label(head, TextRole.SECONDARY), 0, column, side)
        self._grid.addWidget(hairline(), 1, 0, 1, len(_HEADS))
        for place, line in enumerate(view.lines, 2):
            self._add(place, line)
        self._state.setText(view.question_words)
        self._state.setVisible(bool(view.question_words))
        self._record.setVisible(view.may_record)
        self.open()
        self._fit()

    def _add(self, place: int, line: AccountLine) -> None:
        told = NOTHING_THERE if line.told_at is None else moment(line.told_at)
        amounts = (
            line.told_cents,
            line.available_cents,
            line.books_then_cents,
            line.difference_cents,
            line.books_now_cents,
        )
        self._grid.addWidget(plain_label(line.title, TextRole.STRONG), place, 0)
        for column, cents in enumerate(amounts, 1):
            words = NOTHING_THERE if cents is None else format_amount(cents)
            label = FigureLabel(self._desk.theme, words, name=f"{line.account}_{column}")
            label.setAccessibleName(f"{line.title}, {_HEADS[column]}: {words}")
            self._grid.addWidget(label, place, column, Qt.AlignmentFlag.AlignRight)
        self._grid.addWidget(plain_label(told), place, len(_HEADS) - 1)

    def _record_move(self) -> None:
        self.accept()
        record_top_up_dialog(self._desk, self._owner)


def _why_words(one: MpesaDifference) -> str:
    causes = [f"{each.words} {format_amount(each.cents)}" for each in one.explained.causes[:_MOST]]
    rest = one.explained.causes[_MOST:]
    if rest:
        causes.append(f"{len(rest)} more {format_amount(sum(each.cents for each in rest))}")
    causes.append(f"unexplained {format_amount(one.explained.unexplained_cents)}")
    gap = format_amount(one.explained.difference_cents)
    return f"{TITLES[one.account]}, M-Pesa less the books now {gap}: {'; '.join(causes)}."
