"""Named amounts under each other with their decimals in one line, and what they come to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from sacco_desktop.domain.money import format_amount
from sacco_desktop.ui.theme.sizes import XS, L
from sacco_desktop.ui.theme.theme import Theme
from sacco_desktop.ui.widgets.figure_label import FigureLabel
from sacco_desktop.ui.widgets.labels import TextRole, hairline, plain_label

_MOST_LETTERS = 64


@dataclass(frozen=True, slots=True)
class NamedAmount:
    """A line in cents. A total stands under a rule and in strong letters."""

    name: str
    cents: int
    is_total: bool = False


class AmountLines(QWidget):
    """The head says once that all figures are KES. `fills` where other rows have their figures at the edge."""

    def __init__(self, theme: Theme, name: str, *, fills: bool = False) -> None:
        super().__init__()
        self._theme = theme
        self.setObjectName(name)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(L)
        self._grid.setVerticalSpacing(XS)
        self._grid.setColumnStretch(0, 1)
        if not fills:
            self._measure()
            theme.changed.connect(self._measure)

    def show_lines(self, lines: Sequence[NamedAmount]) -> None:
        """Replace all lines."""
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        place = 0
        for line in lines:
            if line.is_total:
                self._grid.addWidget(hairline(), place, 0, 1, 2)
                place += 1
            role = TextRole.STRONG if line.is_total else TextRole.BODY
            self._grid.addWidget(plain_label(line.name, role, wraps=True), place, 0)
            self._grid.addWidget(self._amount(line, role), place, 1)
            place += 1

    def texts(self) -> list[str]:
        """Every line as it reads, for tests and screen readers: `Net to member 98,500.00`."""
        labels = [
            item.widget()
            for place in range(self._grid.count())
            if (item := self._grid.itemAt(place)) is not None
        ]
        words = [label.text() for label in labels if isinstance(label, QLabel)]
        return [f"{name} {amount}" for name, amount in zip(words[::2], words[1::2], strict=True)]

    @Slot()
    def _measure(self) -> None:
        """Farther apart than this the eye loses the line between a name and its figure."""
        letter = QFontMetrics(self._theme.font()).averageCharWidth()
        self.setMaximumWidth(letter * _MOST_LETTERS)

    def _amount(self, line: NamedAmount, role: TextRole) -> QLabel:
        amount = FigureLabel(self._theme, format_amount(line.cents), role, name="amount_line")
        amount.setAccessibleName(f"{line.name} {amount.text()}")
        amount.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        return amount
