"""A choice among a few things. The wheel never changes it: that once made a deposit into a
withdrawal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPen, QPolygonF, QWheelEvent
from PySide6.QtWidgets import QApplication, QComboBox

# The lines of resources/icons/chevron-down.svg around their middle, in its units of 24 to the height of the text.
_CHEVRON = QPolygonF([QPointF(-6, -3), QPointF(0, 3), QPointF(6, -3)])
_FROM_EDGE = 20


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

    def paintEvent(self, event: QPaintEvent) -> None:
        """The frame of the other fields, and the arrow in the colour of the text, sharp at every size."""
        super().paintEvent(event)
        application = QApplication.instance()
        if not isinstance(application, QApplication) or not application.styleSheet():
            # In high contrast the system draws everything, its arrow too.
            return
        group = QPalette.ColorGroup.Normal if self.isEnabled() else QPalette.ColorGroup.Disabled
        side = self.fontMetrics().height() / 24
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(self.palette().color(group, QPalette.ColorRole.Text), 2)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.translate(self.width() - _FROM_EDGE * side, self.height() / 2)
        painter.scale(side, side)
        painter.drawPolyline(_CHEVRON)
        painter.end()

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()
