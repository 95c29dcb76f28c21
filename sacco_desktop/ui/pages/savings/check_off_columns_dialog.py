"""Says by hand what the columns of an employer's list are, where their headings do not."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from sacco_desktop.domain import check_off_columns
from sacco_desktop.domain.check_off import Says
from sacco_desktop.domain.check_off_columns import ChosenColumns
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.old_books.cells import Sheet
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.widgets.choice_box import ChoiceBox
from sacco_desktop.ui.widgets.count_edit import CountEdit
from sacco_desktop.ui.widgets.form_dialog import FormDialog, FormPlan

_ROW = "Write the row of the first line in figures, for example 2."
_NOT_THERE = (-1, "Not on the list")
_FIELDS = (
    (Says.AMOUNT, "amount", "Amount"),
    (Says.MEMBER_NO, "named", "Member number"),
    (Says.PAYROLL, "payroll", "Payroll number"),
    (Says.NATIONAL_ID, "national_id", "ID number"),
    (Says.NAME, "full_name", "Name"),
)
_PLAN = FormPlan(
    "check_off_columns_dialog",
    "Columns of this list",
    "Use these columns",
    "They are remembered for this employer when the list is asked for, and found again by their headings.",
)


class ColumnsDialog(FormDialog):
    """Hands what was chosen to `use`; nothing is written."""

    def __init__(
        self,
        desk: Desk,
        parent: QWidget,
        sheet: Sheet,
        begin: ChosenColumns | None,
        use: Callable[[ChosenColumns], None],
    ) -> None:
        super().__init__(desk, _PLAN, parent)
        self._sheet, self._use = sheet, use
        self._row = CountEdit("first_row", _ROW)
        self._row.setText(str(begin.first_row if begin else sheet.first_row + 1))
        self.form.add_row("first_row", "First line in row", self._row, "Below the headings.")
        self._boxes: dict[Says, ChoiceBox] = {}
        for says, field, words in _FIELDS:
            self._boxes[says] = ChoiceBox(field)
            self.form.add_row(field, words, self._boxes[says])
        self._offer()
        for says, place in (begin.places if begin else {}).items():
            self._boxes[says].choose(place)
        self._row.editingFinished.connect(self._offer)
        self.submitted.connect(self._take)

    def _offer(self) -> None:
        """The columns with what stands above and in the first line; a half-typed row changes nothing."""
        try:
            row = self._row.count()
        except InvalidInput:
            return
        if row:
            choices = (_NOT_THERE, *check_off_columns.offered(self._sheet, row))
            for box in self._boxes.values():
                box.set_choices(choices)

    def _take(self) -> None:
        chosen = self.form.read(self._collect)
        if chosen is not None:
            self.accept()
            self._use(chosen)

    def _collect(self) -> ChosenColumns:
        row = self._row.count()
        if row is None:
            raise InvalidInput(_ROW, "first_row")
        places = {says: box.value() for says, box in self._boxes.items() if (box.value() or 0) >= 0}
        return check_off_columns.choose(
            self._sheet, row, {says: place for says, place in places.items() if place is not None}
        )
