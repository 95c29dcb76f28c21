"""An amount as a label: its figures are of equal width, and grow and shrink with the text of the program."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QLabel

from sacco_desktop.ui.theme.theme import Theme
from sacco_desktop.ui.widgets.labels import TextRole

# The true minus, which stands directly before the figure: amounts below zero are red as well.
MINUS = "\N{MINUS SIGN}"


class FigureLabel(QLabel):
    """For figures that stand under each other. A font of its own, which the feature needs, is not changed by the
    program's font, so it is taken anew whenever the text changes.
    """

    def __init__(
        self, theme: Theme, text: str, role: TextRole = TextRole.BODY, *, name: str = ""
    ) -> None:
        super().__init__()
        self._theme = theme
        self._is_strong = role is TextRole.STRONG
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text)
        self.setObjectName(name)
        self.setProperty("role", role.value)
        self.setProperty("negative", MINUS in text)
        self._take_font()
        theme.changed.connect(self._take_font)

    @Slot()
    def _take_font(self) -> None:
        font = self._theme.figures_font()
        if self._is_strong:
            font.setWeight(QFont.Weight.DemiBold)
        self.setFont(font)
