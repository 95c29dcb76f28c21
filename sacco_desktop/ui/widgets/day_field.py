"""A date over a list, of which the list is: it tells of a new day once that day is written in full."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import QEvent, Signal, Slot

from sacco_desktop.domain.dates import format_long_date
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.ui.widgets.date_edit import DateEdit


class DayField(DateEdit):
    """Begins with today. `settled` comes when another day stands there than before: by `t`, `+` and `-` at once, of
    whoever types when the field is left. An empty field becomes today again.
    """

    settled = Signal()

    def __init__(self, field: str, today: Callable[[], date]) -> None:
        super().__init__(field, today)
        self._shown = today()
        self.set_day(self._shown)
        self.textEdited.connect(self._settle_when_whole)
        self.editingFinished.connect(self._tell)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()

    def _fit(self) -> None:
        """Wide enough for any day, whatever the size of the text."""
        widest = self.fontMetrics().horizontalAdvance(format_long_date(date(2026, 9, 30)))
        self.setFixedWidth(widest + 30)

    @Slot(str)
    def _settle_when_whole(self, text: str) -> None:
        try:
            day = self.day()
        except InvalidInput:
            return
        if day is not None and text == format_long_date(day):
            self._tell()

    @Slot()
    def _tell(self) -> None:
        try:
            day = self.day()
        except InvalidInput:
            return
        if day is None:
            day = self._today()
            self.set_day(day)
        if day != self._shown:
            self._shown = day
            self.settled.emit()
