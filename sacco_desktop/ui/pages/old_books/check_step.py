"""Step 3: every row with what would become of it, its problems in words, and a line to type over a cell."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLineEdit

from sacco_desktop.documents.problem_sheet import write_problems
from sacco_desktop.domain.old_books.lines import RowState
from sacco_desktop.services.old_books import drafts
from sacco_desktop.services.old_books.drafts import CellChange
from sacco_desktop.services.old_books.dry_run import DraftView, ShownRow
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.pages.old_books.step import Acts, Step
from sacco_desktop.ui.save_file import ask_where, write_file
from sacco_desktop.ui.theme.sizes import S
from sacco_desktop.ui.theme.tokens import ChipColour
from sacco_desktop.ui.widgets.chip_words import Chip
from sacco_desktop.ui.widgets.choice_box import ChoiceBox
from sacco_desktop.ui.widgets.columns import Align, Column, chip_column
from sacco_desktop.ui.widgets.flow_layout import FlowLayout
from sacco_desktop.ui.widgets.frozen_table import FrozenTable
from sacco_desktop.ui.widgets.labels import TextRole, plain_label, push_button

READY = Chip("ready", "✓", "check", "Ready", "Tayari", ChipColour.GREEN)
PROBLEM = Chip("problem", "✕", "circle-x", "Problem", "Tatizo", ChipColour.RED)
ALREADY = Chip("already", "=", "info", "Already there", "Ipo tayari", ChipColour.GREY)
TOTALS = Chip("totals", "Σ", "info", "Totals row", "Jumla", ChipColour.BLUE)
_CHIPS = {
    RowState.READY: READY,
    RowState.PROBLEM: PROBLEM,
    RowState.ALREADY: ALREADY,
    RowState.TOTALS: TOTALS,
}
_FILTERS: tuple[tuple[RowState | None, str], ...] = (
    (None, "All"),
    (RowState.READY, "Ready"),
    (RowState.PROBLEM, "Problems"),
    (RowState.ALREADY, "Already there"),
)
_MOST_COLUMNS = 6


class CheckStep(Step):
    """The rows of the file, with filters, F8, and problems to Excel."""

    def __init__(self, desk: Desk, acts: Acts) -> None:
        super().__init__("import_check_step", scrolls=False)
        self._desk, self._acts = desk, acts
        self._shape: tuple[str, ...] = ()
        bar = FlowLayout()
        self._filters = QButtonGroup(self)
        self._filters.setExclusive(True)
        for state, words in _FILTERS:
            button = push_button(words, name=f"rows_{state.value if state else 'all'}")
            button.setCheckable(True)
            button.setChecked(state is None)
            button.clicked.connect(lambda _, wanted=state: self._filter(wanted))
            self._filters.addButton(button)
            bar.addWidget(button)
        self.next_button = push_button("Next problem (F8)", name="next_problem")
        self.next_button.clicked.connect(self.next_problem)
        self.save_button = push_button("Save problems to Excel…", name="save_problems")
        self.save_button.clicked.connect(self.save_problems)
        bar.addWidget(self.next_button)
        bar.addWidget(self.save_button)
        self.column.addLayout(bar)
        self.table = self._make_table(())
        self.column.addWidget(self.table, 1)
        self._wrong = plain_label("", TextRole.ERROR, name="row_problems", wraps=True)
        self.column.addWidget(self._wrong)
        self._lay_out_correction()

    def _lay_out_correction(self) -> None:
        self.cell = ChoiceBox("cell")
        self.cell.setAccessibleName("Which cell of this row")
        self.cell.activated.connect(lambda _: self._show_cell())
        self.text = QLineEdit()
        self.text.setObjectName("cell_text")
        self.text.setAccessibleName("What the cell should say")
        self.text.returnPressed.connect(self.correct)
        self.correct_button = push_button("Correct this cell", name="correct_cell")
        self.correct_button.clicked.connect(self.correct)
        row = QHBoxLayout()
        row.setSpacing(S)
        row.addWidget(self.cell)
        row.addWidget(self.text, 1)
        row.addWidget(self.correct_button)
        self.column.addLayout(row)

    def show_draft(self, view: DraftView) -> None:
        super().show_draft(view)
        if view.headings != self._shape:
            self._shape = view.headings
            fresh = self._make_table(view.headings)
            self.column.replaceWidget(self.table, fresh)
            self.table.deleteLater()
            self.table = fresh
            self.cell.set_choices(list(enumerate(name or "(no heading)" for name in view.headings)))
        self.table.set_rows(
            [row for row in view.rows if row.checked.state is not RowState.NOT_DATA]
        )
        for (state, words), button in zip(_FILTERS, self._filters.buttons(), strict=True):
            count = (
                sum(row.checked.state is state for row in self._rows())
                if state
                else len(self._rows())
            )
            button.setText(f"{words} {count:,}")
        has_problems = bool(view.checked.in_state(RowState.PROBLEM))
        self.next_button.setEnabled(has_problems)
        self.save_button.setEnabled(has_problems)
        for part in (self.cell, self.text, self.correct_button):
            part.setEnabled(view.status == "draft")

    def next_problem(self) -> None:
        """F8: the next row below that has a problem, from the top again at the end."""
        bad = [row for row in self._rows() if row.checked.state is RowState.PROBLEM]
        if not bad:
            return
        current = self.table.current_row()
        here = current.checked.row if current is not None else 0
        following = next((row for row in bad if row.checked.row > here), bad[0])
        self._show_all()
        self.table.select_key(following.checked.row)
        self.table.setFocus(Qt.FocusReason.ShortcutFocusReason)
        problem = following.checked.problems[0]
        if self.view is not None:
            for index, meaning in enumerate(self.view.plan.columns):
                if meaning is not None and meaning.value == problem.column:
                    self.cell.choose(index)
        self._show_cell()

    def correct(self) -> None:
        """Type over the chosen cell of the row under the cursor."""
        row = self.table.current_row()
        if row is not None and self.view is not None and self.view.status == "draft":
            change = CellChange(
                self.view.import_id,
                self.view.version,
                row.checked.row,
                self.cell.value(),
                self.text.text(),
            )
            self._acts.write(drafts.correct_cell, change)

    def save_problems(self) -> None:
        """The rows with problems as a workbook that can be corrected and read again."""
        if self.view is None:
            return
        view = self.view
        rows = [
            (row.cells, words_of(row)) for row in view.rows if row.checked.state is RowState.PROBLEM
        ]
        name = f"{view.file_name.rpartition('.')[0] or view.file_name} problems.xlsx"
        ask_where(
            self,
            "Save the rows with problems",
            name,
            "Excel (*.xlsx)",
            lambda path: write_file(
                self._desk, self, path, lambda: write_problems(view.headings, rows), "The list"
            ),
        )

    def _rows(self) -> Sequence[ShownRow]:
        return self.table.table_model.rows

    def _make_table(self, headings: tuple[str, ...]) -> FrozenTable:
        columns: list[Column[ShownRow]] = [
            Column("Row", lambda row: row.checked.row, align=Align.RIGHT),
            chip_column("State", lambda row: _CHIPS.get(row.checked.state), tuple(_CHIPS.values())),
        ]
        columns += [_file_column(at, name) for at, name in enumerate(headings[:_MOST_COLUMNS])]
        columns.append(Column("What is wrong", words_of, longest=80))
        table = FrozenTable(
            self._desk.theme, columns, lambda row: row.checked.row, name="import_rows_table"
        )
        table.current_changed.connect(self._show_row)
        return table

    def _filter(self, state: RowState | None) -> None:
        self.table.set_condition(None if state is None else lambda row: row.checked.state is state)

    def _show_all(self) -> None:
        self._filters.buttons()[0].setChecked(True)
        self._filter(None)

    def _show_row(self, row: ShownRow | None) -> None:
        self._wrong.setText("" if row is None else words_of(row))
        self._show_cell()

    def _show_cell(self) -> None:
        row, index = self.table.current_row(), self.cell.value()
        cells = row.cells if row is not None else ()
        self.text.setText(cells[index] if index is not None and index < len(cells) else "")


def words_of(row: ShownRow) -> str:
    """Everything that is to be said about a row."""
    told = [problem.message for problem in row.checked.problems]
    return " ".join([*told, row.checked.words]).strip()


def _file_column(at: int, heading: str) -> Column[ShownRow]:
    return Column(heading or " ", lambda row: _cell(row, at), longest=24, priority=2)


def _cell(row: ShownRow, at: int) -> str | None:
    return row.cells[at] or None if at < len(row.cells) else None
