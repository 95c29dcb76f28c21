"""A tinted box inside a page or dialog for what is special here: a doubt, a warning, a good end."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout

from sacco_desktop.ui.theme.sizes import XS, M, S
from sacco_desktop.ui.theme.theme import Theme
from sacco_desktop.ui.theme.tokens import ChipColour
from sacco_desktop.ui.widgets.labels import TextRole, plain_label, restyle

_SIGN = {
    ChipColour.GREEN: "circle-check",
    ChipColour.BLUE: "info",
    ChipColour.AMBER: "alert-triangle",
    ChipColour.RED: "circle-x",
    ChipColour.GREY: "info",
    ChipColour.VIOLET: "contrast",
}


class Callout(QFrame):
    """Sign and sentences on a tint. Texts wrap and are never cut."""

    def __init__(
        self, theme: Theme, text: str = "", colour: ChipColour = ChipColour.AMBER, title: str = ""
    ) -> None:
        super().__init__()
        self._theme = theme
        self.setObjectName("callout")
        self._sign = QLabel()
        self._title = plain_label("", TextRole.STRONG, name="callout_title", wraps=True)
        self._text = plain_label("", name="callout_text", wraps=True)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        words = QVBoxLayout()
        words.setSpacing(XS)
        words.addWidget(self._title)
        words.addWidget(self._text)
        row = QHBoxLayout(self)
        row.setContentsMargins(M, S, M, S)
        row.setSpacing(S)
        row.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        self.body = words
        theme.changed.connect(self._draw_sign)
        self.say(text, colour, title)

    def say(self, text: str, colour: ChipColour = ChipColour.AMBER, title: str = "") -> None:
        """Replace what it says."""
        self._colour = colour
        self._title.setText(title)
        self._title.setVisible(bool(title))
        self._text.setText(text)
        self._text.setVisible(bool(text))
        self.setAccessibleName(f"{title} {text}".strip())
        restyle(self, "callout", colour.value)
        self._draw_sign()

    def text(self) -> str:
        """The sentences, for tests and for copying."""
        return self._text.text()

    def _draw_sign(self) -> None:
        ink = self._theme.tokens.chips[self._colour].text
        side = self._theme.sizes.line + 2
        ratio = self.devicePixelRatioF()
        self._sign.setPixmap(self._theme.drawing(_SIGN[self._colour], ink, side, ratio))
