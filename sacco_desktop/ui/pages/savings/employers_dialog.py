"""The employers of members, and making two spellings of one employer the same in every file."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from sacco_desktop.services.membership import employers
from sacco_desktop.services.membership.employers import EmployerRow, MergedEmployers
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.widgets.choice_box import ChoiceBox
from sacco_desktop.ui.widgets.columns import Align, Column
from sacco_desktop.ui.widgets.form_dialog import FormDialog, FormPlan
from sacco_desktop.ui.widgets.frozen_table import FrozenTable
from sacco_desktop.ui.widgets.name_box import NameBox

_PLAN = FormPlan(
    "employers_dialog",
    "Employers",
    "Make them one",
    "Every member's file with the wrong spelling gets the right one. Check-off lists in the books stay as they came.",
)
_LINES = 8
_COLUMNS: tuple[Column[EmployerRow], ...] = (
    Column("Employer", lambda row: row.name, longest=34),
    Column("Members", lambda row: row.members, align=Align.RIGHT, widest="10,000"),
    Column("May be the same as", lambda row: ", ".join(row.looks_like), longest=40),
)


class EmployersDialog(FormDialog):
    """The list above, the two spellings below; the row under the cursor is the one that is wrong."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(desk, _PLAN, parent)
        self.table = FrozenTable(desk.theme, _COLUMNS, lambda row: row.name, name="employers_table")
        self.table.setMinimumHeight(self.fontMetrics().lineSpacing() * 2 * _LINES)
        self._wrong, self._right = ChoiceBox("name"), NameBox("into")
        self.form.add_wide(self.table)
        self.form.add_row("name", "Wrong spelling", self._wrong)
        self.form.add_row("into", "Right spelling", self._right, "Chosen, or written anew.")
        self.table.current_changed.connect(self._choose)
        self.submitted.connect(self._merge)
        desk.background.read(employers.list_employers, None, owner=self, done=self._show)

    def _show(self, rows: Sequence[EmployerRow]) -> None:
        self.table.set_rows(rows)
        self._wrong.set_choices([(row.name, row.name) for row in rows])
        self._right.offer([row.name for row in rows])
        alike = next((row for row in rows if row.looks_like), None)
        if alike is not None:
            self.table.select_key(alike.name)

    def _choose(self, row: EmployerRow | None) -> None:
        if row is not None:
            self._wrong.choose(row.name)
            self._right.set_text(row.looks_like[0] if row.looks_like else "")

    def _merge(self) -> None:
        self.form.clear_errors()
        into = self._right.text()

        def told(count: int) -> None:
            words = "1 file has" if count == 1 else f"{count:,} files have"
            self.desk.toast(f"{words} {into} now.")

        self.carry_out(employers.merge, MergedEmployers(self._wrong.value() or "", into), told)
