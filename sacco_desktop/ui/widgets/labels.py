"""Labels that never run what they show: a member called `<b>X</b>` is shown as exactly that."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QWidget

from sacco_desktop.domain.unbroken import NO_BREAK, unbroken

# Of a panel that hardly grows with its letters, the names of facts take less than a half.
_LONGEST_NAME = 140
# Qt ends a line after a hyphen; a word joiner, which is drawn as nothing, forbids it.
_MPESA, _MPESA_WHOLE = "M-Pesa", "M-\u2060Pesa"


class TextRole(StrEnum):
    """What a text is for; the style sheet gives it its size, weight and colour."""

    TITLE = "title"
    AMOUNT = "amount"
    SECTION = "section"
    STRONG = "strong"
    BODY = "body"
    SECONDARY = "secondary"
    ERROR = "error"


class ButtonKind(StrEnum):
    """How loud a button is. A page or dialog has at most one primary."""

    PRIMARY = "primary"
    PLAIN = "plain"
    LINK = "link"
    QUIET = "quiet"


class PlainLabel(QLabel):
    """Shows amounts, dates and the name M-Pesa unbroken where it wraps; `text` gives the words as they were said."""

    def __init__(self, text: str = "") -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text)

    def setText(self, text: str) -> None:
        super().setText(unbroken(text).replace(_MPESA, _MPESA_WHOLE))

    def text(self) -> str:
        return super().text().replace(NO_BREAK, " ").replace(_MPESA_WHOLE, _MPESA)


class FactName(PlainLabel):
    """The name before a fact, on one line; in large letters a long name wraps, so that the fact keeps its room."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.setWordWrap(True)
        self.setProperty("role", TextRole.SECONDARY.value)

    def sizeHint(self) -> QSize:
        wide = self.fontMetrics().horizontalAdvance(self.text()) + 2
        longest = super().minimumSizeHint().width()
        width = max(longest, min(wide, _LONGEST_NAME))
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()


def plain_label(
    text: str = "", role: TextRole = TextRole.BODY, *, name: str = "", wraps: bool = False
) -> QLabel:
    """A label of plain text; with `wraps` it grows downwards instead of being cut."""
    label = PlainLabel(text)
    label.setWordWrap(wraps)
    label.setObjectName(name)
    label.setProperty("role", role.value)
    return label


def push_button(
    text: str, *, name: str, kind: ButtonKind = ButtonKind.PLAIN, speaks: str = ""
) -> QPushButton:
    """A button that Enter in some field never presses by itself. `speaks` is its name when it has
    no word."""
    button = QPushButton(text)
    button.setAutoDefault(False)
    button.setDefault(False)
    button.setObjectName(name)
    button.setProperty("kind", kind.value)
    if speaks:
        button.setAccessibleName(speaks)
        button.setToolTip(speaks)
    return button


def hairline() -> QFrame:
    """A line that only parts things; it carries no meaning."""
    line = QFrame()
    line.setProperty("line", True)
    line.setFixedHeight(1)
    return line


def restyle(widget: QWidget, name: str, value: object) -> None:
    """Set a property that the style sheet asks for, and let Qt look again, at labels inside it too: their colour may
    be the widget's.
    """
    if widget.property(name) == value:
        return
    widget.setProperty(name, value)
    for part in (widget, *widget.findChildren(QLabel)):
        part.style().unpolish(part)
        part.style().polish(part)
