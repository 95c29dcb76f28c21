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

_NAMES = ("When you opened it", "Now", "Yours")
_NOTHING = "—"


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
        told = [each for each in versions if each.before != each.now or each.yours]
        for each in told:
            grid.addWidget(plain_label(each.title, TextRole.STRONG), grid.rowCount(), 0, 1, 2)
            for name, text in zip(_NAMES, (each.before, each.now, each.yours), strict=True):
                line = grid.rowCount()
                grid.addWidget(plain_label(name), line, 0, Qt.AlignmentFlag.AlignTop)
                grid.addWidget(plain_label(text or _NOTHING, wraps=True), line, 1)
        grid.setColumnStretch(1, 1)
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
