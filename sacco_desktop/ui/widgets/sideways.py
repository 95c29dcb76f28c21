"""Lets something wide be moved sideways where the window is too narrow for it, so that nothing of it is cut."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

_LEAST = 240


class Sideways(QScrollArea):
    """As high as its content, as wide as there is room; the bar is there only where it is needed."""

    def __init__(self, content: QWidget, name: str, speaks: str) -> None:
        super().__init__()
        self._content = content
        self.setObjectName(name)
        self.setAccessibleName(speaks)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(content)

    def sizeHint(self) -> QSize:
        return QSize(self.wished_width(), self._height())

    def minimumSizeHint(self) -> QSize:
        return QSize(_LEAST, self._height())

    def wished_width(self) -> int:
        """The width at which nothing has to be moved."""
        content = self._content
        return max(content.minimumWidth(), content.minimumSizeHint().width())

    def _height(self) -> int:
        return self._content.minimumSizeHint().height() + self.horizontalScrollBar().height()
