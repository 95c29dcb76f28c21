"""Labels that never run what they show: a member called `<b>X</b>` is shown as exactly that."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QWidget


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


def plain_label(
    text: str = "", role: TextRole = TextRole.BODY, *, name: str = "", wraps: bool = False
) -> QLabel:
    """A label of plain text; with `wraps` it grows downwards instead of being cut."""
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setText(text)
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
