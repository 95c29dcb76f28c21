"""Count the till by notes and coins: how many of each there are, and the sum that goes into the sheet of the day."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from sacco_desktop.domain.cash_count import COINS, NOTES, CashCount, cash_count
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.money import format_amount, format_kes
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.theme.sizes import XL, L, S
from sacco_desktop.ui.widgets.count_edit import CountEdit
from sacco_desktop.ui.widgets.figure_label import FigureLabel
from sacco_desktop.ui.widgets.form_dialog import FormDialog, FormPlan
from sacco_desktop.ui.widgets.labels import TextRole, plain_label

_NUMBER = "Write a whole number of notes or coins, or leave the field empty."
_LETTERS = 72


class CountCashDialog(FormDialog):
    """Called `count_cash_dialog`; its fields are `pieces_1000` and so on. `taken` is called with what was counted."""

    def __init__(
        self,
        desk: Desk,
        page: QWidget,
        before: CashCount | None,
        taken: Callable[[CashCount], None],
    ) -> None:
        plan = FormPlan(
            "count_cash_dialog",
            "Count notes and coins",
            "Take this sum",
            "The sheet of the day keeps the count beside the sum.",
            _LETTERS,
        )
        super().__init__(desk, plan, page)
        self._taken = taken
        self._edits: dict[int, CountEdit] = {}
        self._worths: dict[int, FigureLabel] = {}
        self._sum = plain_label("", TextRole.AMOUNT, name="cash_sum")
        self._wrong = plain_label("", TextRole.ERROR, name="cash_wrong", wraps=True)
        self.form.add_wide(self._grid(dict(before.pieces) if before else {}))
        self.notes.addWidget(self._sum)
        self.notes.addWidget(self._wrong)
        self.submitted.connect(self._take)
        self._add_up()

    def _grid(self, numbers: dict[int, int]) -> QWidget:
        """Notes at the left, coins at the right, so that all ten fit without scrolling."""
        box = QWidget()
        grid = QGridLayout(box)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(L)
        grid.setVerticalSpacing(S)
        grid.setColumnMinimumWidth(3, XL)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for first, title, worths in ((0, "Notes", NOTES), (4, "Coins", COINS)):
            for place, head in enumerate((title, "How many", "KES")):
                side = right if place == 2 else Qt.AlignmentFlag.AlignLeft
                grid.addWidget(plain_label(head, TextRole.SECONDARY), 0, first + place, side)
            for line, worth in enumerate(worths, start=1):
                edit = self._edit(worth, title.lower(), numbers.get(worth, 0))
                self._worths[worth] = FigureLabel(self.desk.theme, "")
                grid.addWidget(FigureLabel(self.desk.theme, f"{worth:,}"), line, first, right)
                grid.addWidget(edit, line, first + 1)
                grid.addWidget(self._worths[worth], line, first + 2, right)
            grid.setColumnStretch(first + 2, 1)
        return box

    def _edit(self, worth: int, kind: str, number: int) -> CountEdit:
        edit = CountEdit(f"pieces_{worth}", _NUMBER)
        edit.setAccessibleName(f"How many {kind} of {worth:,}")
        edit.setText(f"{number}" if number else "")
        edit.textChanged.connect(lambda _text: self._add_up())
        self._edits[worth] = edit
        return edit

    def _add_up(self) -> None:
        """Each line and the sum, as far as what is written is a number."""
        for worth, edit in self._edits.items():
            number = _number(edit) or 0
            self._worths[worth].setText(format_amount(worth * number * 100) if number else "")
        self._wrong.setText("")
        self._sum.setText(format_kes(self._counted().cents))

    def _counted(self) -> CashCount:
        return cash_count({worth: _number(edit) or 0 for worth, edit in self._edits.items()})

    def _take(self) -> None:
        for edit in self._edits.values():
            try:
                edit.count()
            except InvalidInput as error:
                self._wrong.setText(error.message)
                edit.setFocus()
                return
        self.accept()
        self._taken(self._counted())


def _number(edit: CountEdit) -> int | None:
    try:
        return edit.count()
    except InvalidInput:
        return None
