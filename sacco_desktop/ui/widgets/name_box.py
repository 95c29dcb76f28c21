"""A name that is chosen among those in use, or written anew when it is a new one."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QCompleter

from sacco_desktop.ui.widgets.choice_box import ChoiceBox


class NameBox(ChoiceBox):
    """Offers names as one types, wherever in a name the letters stand; the arrow shows all of them."""

    def __init__(self, field: str, text: str = "") -> None:
        super().__init__(field)
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        completer, line = self.completer(), self.lineEdit()
        assert completer is not None, "a box that can be edited completes"
        assert line is not None, "and it has a line"
        completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        line.setObjectName(f"{field}_line")
        line.setAccessibleName(field.replace("_", " "))
        self.editing_finished = line.editingFinished
        self.set_text(text)

    def offer(self, names: Sequence[str]) -> None:
        """The names in use; what stands in the box stays."""
        typed = self.text()
        self.set_choices([(name, name) for name in names])
        self.set_text(typed)

    def text(self) -> str:
        """What is chosen or written."""
        return self.currentText()

    def set_text(self, text: str) -> None:
        """Let this stand there."""
        self.setEditText(text)
