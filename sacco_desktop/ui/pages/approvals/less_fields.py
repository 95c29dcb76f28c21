"""The fields of a smaller sum, with what would follow from it in view; used by one approver and by a sitting."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer

from sacco_desktop.domain.errors import InvalidInput, SaccoError
from sacco_desktop.domain.money import AMOUNT_SENTENCE, format_amount, format_kes
from sacco_desktop.domain.smaller_sum import MayLower, Wanted
from sacco_desktop.services.committee import smaller_sums
from sacco_desktop.services.committee.smaller_sums import LessQuestion, LessSheet
from sacco_desktop.services.lending.loan_sums import Resized
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.widgets.count_edit import CountEdit
from sacco_desktop.ui.widgets.form import Form
from sacco_desktop.ui.widgets.money_edit import MoneyEdit

_COUNT_SENTENCE = "Write the number of instalments in figures, for example 12."
_PAUSE_MS = 150


class LessFields(QObject):
    """Two rows of a form: the smaller sum, and fewer instalments where the society lets a loan be shortened."""

    def __init__(self, desk: Desk, form: Form, owner: QObject) -> None:
        super().__init__(owner)
        self._desk, self._form, self._owner = desk, form, owner
        self._sheet: LessSheet | None = None
        self._asked: LessQuestion | None = None
        self.amount = MoneyEdit("amount")
        self._count = CountEdit("instalments", _COUNT_SENTENCE)
        form.add_row("amount", "Approve KES", self.amount)
        form.add_row("instalments", "Instalments", self._count)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._ask)
        self.amount.textChanged.connect(lambda _text: self._pause.start())
        self._count.textChanged.connect(lambda _text: self._pause.start())

    def show_sheet(self, sheet: LessSheet) -> None:
        """Another loan: what was asked for it."""
        self._sheet = sheet
        self.amount.clear()
        self._count.setText(str(sheet.asked.instalments))
        self._form.say_note("amount", f"{sheet.asked.words} was asked for.")
        self.show_rows(is_shown=True)

    def show_rows(self, *, is_shown: bool) -> None:
        """Show or hide the fields; the term only where it may be shortened."""
        may = None if self._sheet is None else self._sheet.may
        self._form.show_row("amount", is_shown)
        self._form.show_row("instalments", is_shown and may is MayLower.SUM_AND_TERM)

    def wanted(self) -> Wanted:
        """What is written. Raises InvalidInput under its field."""
        cents, count = self.amount.cents(), self._count.count()
        if cents is None:
            raise InvalidInput(AMOUNT_SENTENCE, "amount")
        if count is None:
            raise InvalidInput(_COUNT_SENTENCE, "instalments")
        return Wanted(cents, count)

    def _ask(self) -> None:
        try:
            to = self.wanted()
        except InvalidInput:
            return  # half-typed; it is judged when the field is left
        if self._sheet is None or not to.cents:
            return
        question = LessQuestion(self._sheet.request_id, to.cents, to.instalments)
        self._asked = question

        def show(found: Resized) -> None:
            if question == self._asked:
                largest, net = format_amount(found.largest_cents), format_kes(found.net_cents)
                words = f"The member gets {net}; instalments of {largest} at the most."
                self._form.say_note("amount", words)

        def refuse(error: BaseException) -> None:
            if not isinstance(error, SaccoError):
                self._desk.show(error, self._owner)
            elif question == self._asked:
                self._form.say_note("amount", error.message)

        self._desk.background.read(
            smaller_sums.preview, question, owner=self._owner, done=show, failed=refuse
        )
