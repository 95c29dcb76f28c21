"""A field for some sentences. Tab leaves it, and Ctrl+Enter belongs to the dialog around it."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QPlainTextEdit


class NoteEdit(QPlainTextEdit):
    """Plain text of a few lines; longer texts scroll."""

    def __init__(self, field: str, lines: int = 4) -> None:
        super().__init__()
        self.setObjectName(field)
        self.setAccessibleName(field.replace("_", " "))
        self.setTabChangesFocus(True)
        self._lines = lines

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self.minimumSizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.fontMetrics().lineSpacing() * self._lines + 16)
