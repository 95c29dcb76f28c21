"""A choice among a few things. The wheel never changes it: that once made a deposit into a
withdrawal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox


class ChoiceBox(QComboBox):
    """Shows words and gives back the value behind the chosen one."""

    def __init__(self, field: str, choices: Sequence[tuple[Any, str]] = ()) -> None:
        super().__init__()
        self.setObjectName(field)
        self.setAccessibleName(field.replace("_", " "))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._values: list[Any] = []
        self.set_choices(choices)

    def set_choices(self, choices: Sequence[tuple[Any, str]]) -> None:
        """Offer these (value, words), and keep the chosen value if it is still among them."""
        chosen = self.value()
        self._values = [value for value, _ in choices]
        self.clear()
        for _, words in choices:
            self.addItem(words)
        self.choose(chosen)

    def value(self) -> Any:
        """The value of the chosen words, or None."""
        place = self.currentIndex()
        return self._values[place] if 0 <= place < len(self._values) else None

    def choose(self, value: Any) -> None:
        """Choose by value; a value that is not offered changes nothing."""
        if value in self._values:
            self.setCurrentIndex(self._values.index(value))

    def sizeHint(self) -> QSize:
        """As high as the other fields; a style sheet could say so only by breaking the arrow."""
        size = super().sizeHint()
        return QSize(size.width(), max(size.height(), self.fontMetrics().height() + 16))

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()
