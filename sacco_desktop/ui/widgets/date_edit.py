"""A field for a date: `t` is today, `+` and `-` step a day, `3/7` and `3 jul` are read, `Fri 3 Jul
2026` is shown."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit

from sacco_desktop.domain.dates import format_long_date, parse_date
from sacco_desktop.domain.errors import InvalidInput


class DateEdit(QLineEdit):
    """`today` gives the business date of the office. `refused` brings the InvalidInput when
    nonsense is left behind."""

    refused = Signal(object)

    def __init__(self, field: str, today: Callable[[], date]) -> None:
        super().__init__()
        self.setObjectName(field)
        self.setAccessibleName(field.replace("_", " "))
        self.setPlaceholderText("t, 3/7 or 3 jul")
        self._today = today
        self.editingFinished.connect(self._settle)

    def day(self) -> date | None:
        """The date, or None when nothing is written. Raises InvalidInput for anything that is no
        date."""
        text = self.text().strip()
        return parse_date(text, self._today(), self.objectName()) if text else None

    def set_day(self, day: date | None) -> None:
        """Write a date, or empty the field."""
        self.setText("" if day is None else format_long_date(day))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Plus: 1, Qt.Key.Key_Minus: -1}
        step = steps.get(Qt.Key(event.key()))
        settled = self._settled_day()
        if step is not None and settled is not None:
            self._type_day(settled + timedelta(days=step))
        elif event.text().lower() == "t" and (not self.text() or settled is not None):
            self._type_day(self._today())
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            self.selectAll()

    def _type_day(self, day: date) -> None:
        """A day by one key is typed all the same."""
        self.set_day(day)
        self.setModified(True)
        self.textEdited.emit(self.text())

    def _settled_day(self) -> date | None:
        """The day in the field if it stands there in full, that is, if nobody is typing at it."""
        try:
            day = self.day()
        except InvalidInput:
            return None
        return day if day is not None and self.text() == format_long_date(day) else None

    @Slot()
    def _settle(self) -> None:
        was_typed = self.isModified()
        try:
            self.set_day(self.day())
        except InvalidInput as error:
            self.refused.emit(error)
        self.setModified(was_typed)
