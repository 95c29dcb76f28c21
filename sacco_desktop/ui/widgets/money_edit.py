"""A field for an amount. It never turns text into money by guessing: letters are refused, empty
stays empty."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QLineEdit

from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.money import format_amount, parse_amount


class MoneyEdit(QLineEdit):
    """Reads `2,500`, `2500.50` and sums such as `2500*3`, whose result is shown before the field is
    left.

    `noted` brings that result while it is typed; `refused` the InvalidInput when the field is left
    with nonsense.
    """

    noted = Signal(str)
    refused = Signal(object)

    def __init__(self, field: str, *, allow_zero: bool = False) -> None:
        super().__init__()
        self.setObjectName(field)
        self.setAccessibleName(field.replace("_", " "))
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setPlaceholderText("0.00")
        self._allow_zero = allow_zero
        self.textEdited.connect(self._note_result)
        self.editingFinished.connect(self._settle)

    def cents(self) -> int | None:
        """The amount, or None when nothing is written. Raises InvalidInput for anything that is no
        amount."""
        text = self.text().strip()
        if not text:
            return None
        return parse_amount(text, self.objectName(), allow_zero=self._allow_zero)

    def set_cents(self, cents: int | None) -> None:
        """Write an amount, or empty the field."""
        self.setText("" if cents is None else format_amount(cents))

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            self.selectAll()

    @Slot()
    def _note_result(self) -> None:
        is_sum = any(sign in self.text().strip()[1:] for sign in "+-*/")
        try:
            cents = self.cents() if is_sum else None
        except InvalidInput:
            cents = None  # half-typed; it is judged when the field is left
        self.noted.emit("" if cents is None else f"= {format_amount(cents)}")

    @Slot()
    def _settle(self) -> None:
        was_typed = self.isModified()
        try:
            self.set_cents(self.cents())
        except InvalidInput as error:
            self.refused.emit(error)
        self.setModified(was_typed)
        self.noted.emit("")
