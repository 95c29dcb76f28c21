"""Under a list that begins with the newest: how many there are, and a button for older ones."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from sacco_desktop.ui.widgets.labels import push_button


class OlderRows(QWidget):
    """`asked` when a person wants older rows; hidden while all are listed."""

    asked = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self.button = push_button("", name=f"{name}_older")
        self.button.clicked.connect(self.asked)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.button)
        row.addStretch(1)
        self.hide()

    def say(self, listed: int, count: int) -> None:
        """How many of how many are listed."""
        self.button.setText(f"Show older ones: the newest {listed:,} of {count:,} are listed")
        self.setVisible(listed < count)

    def offer(self, words: str) -> None:
        """A button with these words, where nobody counts what is not listed."""
        self.button.setText(words)
        self.show()
