"""A field for a count, such as the number of instalments. Letters are refused, empty stays empty, the wheel does
nothing.
"""

from __future__ import annotations

import re

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QLineEdit

from sacco_desktop.domain.errors import InvalidInput

_FIGURES = re.compile("[0-9]{1,6}")


class CountEdit(QLineEdit):
    """`sentence` says what belongs here; it is shown when the field is left with anything else, also with less than
    `least`.
    """

    refused = Signal(object)

    def __init__(self, field: str, sentence: str, least: int = 1) -> None:
        super().__init__()
        self.setObjectName(field)
        self.setAccessibleName(field.replace("_", " "))
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._sentence = sentence
        self._least = least
        self.editingFinished.connect(self._judge)

    def count(self) -> int | None:
        """The number, or None when nothing is written. Raises InvalidInput for anything that is no
        whole number from the least on."""
        text = self.text().strip()
        if not text:
            return None
        if _FIGURES.fullmatch(text) is None or int(text) < self._least:
            raise InvalidInput(self._sentence, self.objectName())
        return int(text)

    @Slot()
    def _judge(self) -> None:
        try:
            self.count()
        except InvalidInput as error:
            self.refused.emit(error)
