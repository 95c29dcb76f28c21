"""Takes a check-off list of an employer in: the payment, the file, and what every line of it would become."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtWidgets import QFileDialog, QLineEdit, QWidget

from sacco_desktop.domain.check_off_columns import ChosenColumns
from sacco_desktop.domain.dates import business_date
from sacco_desktop.domain.errors import InvalidInput, Problem
from sacco_desktop.domain.money import AMOUNT_SENTENCE
from sacco_desktop.domain.old_books.cells import OldFile, Sheet
from sacco_desktop.operations.read_old_books import read_old_books
from sacco_desktop.services.counter import check_off_reading, check_offs
from sacco_desktop.services.counter.check_off_reading import CheckOffPreview, CheckOffQuestion
from sacco_desktop.services.counter.check_offs import NewCheckOff
from sacco_desktop.services.membership import employers
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.pages.savings.check_off_columns_dialog import ColumnsDialog
from sacco_desktop.ui.theme.tokens import ChipColour
from sacco_desktop.ui.widgets.amount_lines import AmountLines, NamedAmount
from sacco_desktop.ui.widgets.callout import Callout
from sacco_desktop.ui.widgets.choice_box import ChoiceBox
from sacco_desktop.ui.widgets.columns import Align, Column
from sacco_desktop.ui.widgets.date_edit import DateEdit
from sacco_desktop.ui.widgets.form_dialog import FormDialog, FormPlan
from sacco_desktop.ui.widgets.frozen_table import FrozenTable
from sacco_desktop.ui.widgets.labels import push_button
from sacco_desktop.ui.widgets.money_edit import MoneyEdit
from sacco_desktop.ui.widgets.name_box import NameBox

_PLAN = FormPlan(
    "check_off_dialog",
    "Take a check-off list in",
    "Ask for approval",
    "Nothing is posted now. Another person compares it with the bank and agrees.",
)
_KINDS = "Workbooks and tables (*.xlsx *.xlsm *.xls *.csv *.txt);;All files (*)"
_LINES = 6
_NO_FILE = "Choose the file of the employer: Excel (.xlsx, .xls) or .csv. It is only read."
_COLUMNS: tuple[Column[Problem], ...] = (
    Column("Row", lambda one: one.row, align=Align.RIGHT, widest="10,000"),
    Column("Column", lambda one: one.column, widest="Payroll number"),
    Column("What to look at", lambda one: one.message, longest=80),
)


class CheckOffDialog(FormDialog):
    """One list, however often the button is pressed: its key is made here."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(desk, _PLAN, parent)
        self._key = uuid4().hex
        self._file: OldFile | None = None
        self._by_hand: ChosenColumns | None = None
        self._used: ChosenColumns | None = None
        self._wanted: CheckOffQuestion | None = None
        self._add_fields()
        self._told = Callout(desk.theme, _NO_FILE, ChipColour.BLUE)
        self._sums = AmountLines(desk.theme, "check_off_sums")
        self.problems = FrozenTable(
            desk.theme,
            _COLUMNS,
            lambda one: (one.row, one.column, one.message),
            name="check_off_problems",
        )
        height = self.fontMetrics().lineSpacing() * 2 * _LINES
        self.problems.setMinimumHeight(height)
        self.problems.hide()
        for part in (self._told, self._sums, self.problems):
            self.notes.addWidget(part)
        self.submitted.connect(self._ask)

    def _add_fields(self) -> None:
        today = business_date(self.desk.now())
        self._employer, self._month, self._reference = NameBox("employer"), QLineEdit(), QLineEdit()
        for line, name in ((self._month, "month"), (self._reference, "reference")):
            line.setObjectName(name)
        self.desk.background.read(employers.names, None, owner=self, done=self._employer.offer)
        self._month.setText(f"{today:%Y-%m}")
        self._day = DateEdit("value_date", lambda: business_date(self.desk.now()))
        self._day.set_day(today)
        self._total = MoneyEdit("total")
        self._choose = push_button("Choose file…", name="file")
        self._choose.clicked.connect(self.choose)
        self._sheet = ChoiceBox("sheet")
        self.form.add_row("employer", "Employer", self._employer, "As on the members' files.")
        self.form.add_row("month", "For the month", self._month, "Year and month: 2026-03.")
        self.form.add_row("reference", "Cheque or transfer", self._reference)
        self.form.add_row("value_date", "Paid on", self._day)
        self.form.add_row("total", "Paid in all KES", self._total)
        self.form.add_row("file", "List", self._choose)
        self.form.add_row("sheet", "Sheet", self._sheet)
        self._say_columns = push_button("Columns…", name="columns")
        self._say_columns.clicked.connect(self.say_columns)
        self.form.add_row("columns", "By hand", self._say_columns)
        self.form.show_row("columns", False)
        self.form.show_row("sheet", False)
        self._sheet.currentIndexChanged.connect(self._take_sheet)
        self._employer.editing_finished.connect(self._look)
        self._employer.activated.connect(self._look)
        self._total.editingFinished.connect(self._look)

    def choose(self) -> None:
        """Ask which file."""
        place = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        dialog = QFileDialog(self, "Choose the list of the employer", place, _KINDS)
        dialog.setObjectName("check_off_file")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda name: self.read(Path(name)))
        dialog.open()

    def read(self, path: Path) -> None:
        """Read a file beside the window, in a process that can do nothing else."""
        self.form.clear_error("file")
        self._choose.setEnabled(False)
        self.desk.background.render(
            lambda: read_old_books(path), owner=self, done=self.take, failed=self._failed
        )

    def take(self, file: OldFile) -> None:
        """Offer the sheets of a file that was read, and look at the first."""
        self._choose.setEnabled(True)
        self._choose.setText(f"{file.name}…")
        self._file, self._by_hand, self._used = file, None, None
        self.form.show_row("columns", True)
        self._sheet.set_choices([(sheet.name, sheet.name) for sheet in file.sheets])
        self.form.show_row("sheet", len(file.sheets) > 1)
        self._look()

    def _take_sheet(self) -> None:
        """What was said by hand was said of the sheet before."""
        self._by_hand, self._used = None, None
        self._look()

    def say_columns(self) -> None:
        """Say by hand which columns the list has; the lines are then looked at anew."""
        sheet = self._chosen_sheet()
        if sheet is not None:
            ColumnsDialog(self.desk, self, sheet, self._by_hand or self._used, self._use).open()

    def _use(self, columns: ChosenColumns) -> None:
        self._by_hand = columns
        self._look()

    def _chosen_sheet(self) -> Sheet | None:
        sheets = () if self._file is None else self._file.sheets
        return next((one for one in sheets if one.name == self._sheet.value()), None)

    def _failed(self, error: BaseException) -> None:
        self._choose.setEnabled(True)
        # What was found before is of another file or sheet.
        self._told.say(_NO_FILE, ChipColour.BLUE)
        self._sums.show_lines([])
        self.problems.hide()
        message = getattr(error, "message", "")
        if message:
            self.form.show_error(InvalidInput(message, "file"))
        else:
            self.desk.show(error, self)

    def _question(self) -> CheckOffQuestion | None:
        if self._file is None:
            return None
        try:
            cents = self._total.cents() or 0
        except InvalidInput:
            cents = 0
        sheet, employer = str(self._sheet.value()), self._employer.text()
        return CheckOffQuestion(self._file, sheet, employer, cents, self._by_hand)

    def _look(self) -> None:
        """Look at every line anew; an answer to an older question is let go."""
        question = self._question()
        if question is None or question == self._wanted:
            return
        self._wanted = question

        def settle(found: CheckOffPreview) -> None:
            if self._wanted == question:
                self._show(found)

        self.desk.background.read(
            check_off_reading.preview, question, owner=self, done=settle, failed=self._failed
        )

    def _show(self, found: CheckOffPreview) -> None:
        self.form.clear_error("file")
        self._used = found.columns
        owners = sum(one.member_id is not None for one in found.matched)
        words = (
            f"{owners:,} of {len(found.matched):,} lines have their member. {found.order_words}."
        )
        if found.nothing:
            words += f" {found.nothing:,} lines are of nothing."
        if found.missing:
            names = ", ".join(one.number for one in found.missing[:8])
            more = "" if len(found.missing) <= 8 else f" and {len(found.missing) - 8:,} more"
            words += f" Not on the list: {names}{more}."
        self._told.say(words, ChipColour.AMBER if found.problems else ChipColour.GREEN)
        lines = [
            NamedAmount("The lines come to, KES", found.listed_cents),
            NamedAmount("Of members", found.matched_cents),
        ]
        if found.total_cents:
            rest = NamedAmount("Waits without owner", found.unallocated_cents, is_total=True)
            lines.append(rest)
        self._sums.show_lines(lines)
        self.problems.set_rows(found.problems)
        self.problems.setVisible(bool(found.problems))

    def _ask(self) -> None:
        new = self.form.read(self._collect)
        if new is not None:
            self.carry_out(check_offs.ask, new, self.desk.toast)

    def _collect(self) -> NewCheckOff:
        cents, day = self._total.cents(), self._day.day()
        if cents is None:
            raise InvalidInput(AMOUNT_SENTENCE, "total")
        if day is None:
            raise InvalidInput("Write the day on which it was paid.", "value_date")
        if self._file is None:
            raise InvalidInput("Choose the file of the employer.", "file")
        return NewCheckOff(
            key=self._key,
            file=self._file,
            sheet=str(self._sheet.value()),
            employer=self._employer.text(),
            month=self._month.text().strip(),
            reference=self._reference.text(),
            value_date=day,
            total_cents=cents,
            columns=self._by_hand,
        )
