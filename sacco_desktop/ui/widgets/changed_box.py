"""Somebody else was quicker with the record of this form: what was, what is now and what was typed, side by side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from sacco_desktop.ui.theme.sizes import XS, M, S
from sacco_desktop.ui.theme.theme import Theme
from sacco_desktop.ui.theme.tokens import ChipColour
from sacco_desktop.ui.widgets.callout import Callout
from sacco_desktop.ui.widgets.labels import TextRole, plain_label, push_button

_HEADS = ("", "When you opened it", "Now", "Yours")
_NOTHING = "—"
# Phone numbers, days and amounts stay on one line.
_SHORT = 16


@dataclass(frozen=True, slots=True)
class Versions:
    """One field as it was when the form opened, as it is now, and as it was typed; `yours` may be empty."""

    title: str
    before: str
    now: str
    yours: str = ""


class ChangedBox(Callout):
    """Hidden until `tell`. `take` gets True for the newest version and False to bring back what was typed, which is
    kept whatever the person looks at meanwhile.
    """

    def __init__(self, theme: Theme, take: Callable[[bool], None]) -> None:
        super().__init__(theme, "", ChipColour.BLUE)
        self.setObjectName("meanwhile")
        self._take = take
        self._is_new_taken = False
        self._table = QWidget()
        self._table.setObjectName("versions")
        self._show = push_button("Show what changed", name="show_changed")
        self._show.setCheckable(True)
        self._show.toggled.connect(self._table.setVisible)
        self._choose = push_button("", name="take_new")
        self._choose.clicked.connect(self._swap)
        row = QHBoxLayout()
        row.setSpacing(S)
        for button in (self._show, self._choose):
            row.addWidget(button)
        row.addStretch(1)
        self.body.addWidget(self._table)
        self.body.addLayout(row)
        self.hide()

    def tell(self, what: str, versions: Sequence[Versions], advice: str) -> None:
        """Say who did what; `versions` are the fields that the form shows, changed or typed."""
        self.say(f"{what} {advice}", ChipColour.BLUE, "Changed meanwhile")
        self._fill(versions)
        self._is_new_taken = False
        self._say_choice()
        self._choose.setVisible(any(each.yours for each in versions))
        self._table.setVisible(self._show.isChecked())
        self.show()

    def _fill(self, versions: Sequence[Versions]) -> None:
        table = QWidget()
        table.setObjectName("versions")
        grid = QGridLayout(table)
        grid.setContentsMargins(0, XS, 0, XS)
        grid.setHorizontalSpacing(M)
        grid.setVerticalSpacing(XS)
        top = Qt.AlignmentFlag.AlignTop
        for place, head in enumerate(_HEADS):
            grid.addWidget(plain_label(head, TextRole.STRONG), 0, place, top)
        told = [each for each in versions if each.before != each.now or each.yours]
        for line, each in enumerate(told, 1):
            role = TextRole.STRONG if each.before != each.now else TextRole.BODY
            texts = (each.title, each.before, each.now, each.yours)
            for place, text in enumerate(texts):
                of = role if place == 2 else TextRole.BODY
                is_long = len(text) > _SHORT
                label = plain_label(text or _NOTHING, of, wraps=is_long)
                grid.addWidget(label, line, place, top)
        grid.setColumnStretch(3, 1)
        self.body.replaceWidget(self._table, table)
        self._show.toggled.disconnect()
        self._show.toggled.connect(table.setVisible)
        self._table.hide()
        self._table.deleteLater()
        self._table = table

    def _swap(self) -> None:
        self._is_new_taken = not self._is_new_taken
        self._say_choice()
        self._take(self._is_new_taken)

    def _say_choice(self) -> None:
        self._choose.setText("Put mine back" if self._is_new_taken else "Take new")
