"""The line over a member's page that never scrolls away: who it is, what they have and owe, and what is done most."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from sacco_desktop.domain.money import format_amount
from sacco_desktop.services.membership.members import MemberRow
from sacco_desktop.ui.pages.members.columns import Sight, chip_of
from sacco_desktop.ui.theme.sizes import L, M, S
from sacco_desktop.ui.theme.theme import Theme
from sacco_desktop.ui.theme.tokens import ChipColour
from sacco_desktop.ui.widgets.chip_words import Chip
from sacco_desktop.ui.widgets.chips import ChipLabel
from sacco_desktop.ui.widgets.flow_layout import FlowLayout
from sacco_desktop.ui.widgets.labels import (
    ButtonKind,
    TextRole,
    plain_label,
    push_button,
    restyle,
)

_INSIDER = Chip("insider", "!", "user", "Insider", "Mtu wa ndani", ChipColour.AMBER)


class MemberHead(QWidget):
    """Shows one MemberRow at a time. The figures wrap below the name where the window is narrow."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setObjectName("filter_bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._facts = QWidget()
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(S)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(L, S, L, S)
        self._row.setSpacing(S)
        self._row.addWidget(self._facts, 1)
        self._row.addLayout(self._buttons)
        self._row.setAlignment(
            self._buttons, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignRight
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where the buttons would leave the figures less than half of the line, they stand below them."""
        super().resizeEvent(event)
        ways = QBoxLayout.Direction
        is_wide = 2 * self._buttons.sizeHint().width() <= self.width()
        self._row.setDirection(ways.LeftToRight if is_wide else ways.TopToBottom)

    def add_action(
        self, key: str, text: str, act: Callable[[], None], kind: ButtonKind = ButtonKind.PLAIN
    ) -> QPushButton:
        """A button at the right end."""
        button = push_button(text, name=key, kind=kind)
        button.clicked.connect(lambda: act())
        self._buttons.addWidget(button)
        return button

    def show_member(self, row: MemberRow, sight: Sight, insider: str = "") -> None:
        """Show another member, or the same one as he or she is now; `insider` says why the member is one."""
        facts = QWidget()
        facts.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        flow = FlowLayout(facts, M)
        flow.addWidget(plain_label(row.full_name, TextRole.TITLE, name="member_name"))
        flow.addWidget(plain_label(row.number, TextRole.SECONDARY, name="member_number"))
        flow.addWidget(ChipLabel(self._theme, chip_of(row, sight.now())))
        if insider:
            mark = ChipLabel(self._theme, _INSIDER)
            mark.setObjectName("head_insider")
            mark.setToolTip(insider)
            mark.setAccessibleDescription(insider)
            flow.addWidget(mark)
        late = sight.days_late(row)
        for name, figure in (
            ("Deposits", format_amount(row.deposits_cents)),
            ("Share capital", format_amount(row.shares_cents)),
            ("Loans", format_amount(row.owed_cents)),
            ("Days late", f"{late:,}"),
        ):
            flow.addWidget(_fact(name, figure, is_bad=name == "Days late" and late > 0))
        before, self._facts = self._facts, facts
        self._row.replaceWidget(before, facts)
        before.hide()
        before.deleteLater()


def _fact(name: str, figure: str, *, is_bad: bool) -> QWidget:
    box = QWidget()
    row = QHBoxLayout(box)
    row.setContentsMargins(0, S // 2, 0, S // 2)
    row.setSpacing(S // 2)
    row.addWidget(plain_label(name, TextRole.SECONDARY))
    label = plain_label(figure, TextRole.STRONG, name=f"head_{name.lower().replace(' ', '_')}")
    restyle(label, "negative", is_bad)
    row.addWidget(label)
    return box
