"""A sheet of paper with a title on a page of several: one that cannot be read says so in its own frame."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from sacco_desktop.ui.theme.sizes import L, M, S
from sacco_desktop.ui.widgets.labels import ButtonKind, TextRole, plain_label, push_button, restyle


class Card(QFrame):
    """Title, what is shown now, and a note below. What was shown stays until something new is there."""

    def __init__(self, name: str, title: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(title)
        restyle(self, "card", "true")
        self._title = plain_label(title, TextRole.SECTION, name=f"{name}_title", wraps=True)
        self._note = plain_label("", TextRole.SECONDARY, name=f"{name}_note", wraps=True)
        self._note.hide()
        self._body: QWidget | None = None
        self._kept: list[QWidget] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(L, M, L, M)
        self._column.setSpacing(S)
        self._column.addWidget(self._title)
        self._column.addStretch(1)
        self._column.addWidget(self._note)

    @property
    def body(self) -> QWidget | None:
        """What is shown now."""
        return self._body

    def say_title(self, title: str) -> None:
        """Say the finding in the title."""
        self._title.setText(title)

    def keep(self, body: QWidget) -> None:
        """A body that is filled again and again, such as a chart: it belongs to the card and outlives other bodies."""
        body.setParent(self)
        body.hide()
        self._kept.append(body)

    def show_body(self, body: QWidget, note: str = "") -> None:
        """Replace what is shown, and the note below it."""
        before, self._body = self._body, body
        if before is not None and before is not body:
            # A button of it may be the one that is being clicked right now.
            self._column.removeWidget(before)
            before.hide()
            if before not in self._kept:
                before.deleteLater()
        if before is not body:
            self._column.insertWidget(1, body)
            body.show()
        self._note.setText(note)
        self._note.setVisible(bool(note))

    def show_trouble(self, sentence: str, again: Callable[[], None]) -> None:
        """Say which figure is missing; the other cards stay as they are."""
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(S)
        column.addWidget(plain_label(sentence, TextRole.SECONDARY, name="trouble", wraps=True))
        button = push_button("Try again", name=f"{self.objectName()}_again", kind=ButtonKind.LINK)
        button.clicked.connect(lambda: again())
        column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        self.show_body(box)
