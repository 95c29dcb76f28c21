"""Takes a statement in: which account, the file, and what it says of itself before anything is kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from sacco_desktop.domain.dates import format_date
from sacco_desktop.domain.errors import InvalidInput, Problem
from sacco_desktop.domain.old_books.cells import OldFile, column_letters, words_of
from sacco_desktop.domain.reconciling.accounts import MONEY_ACCOUNTS, money_account
from sacco_desktop.domain.reconciling.headings import Says
from sacco_desktop.domain.reconciling.statement import Source, Statement
from sacco_desktop.operations.read_old_books import read_statement_file
from sacco_desktop.services.reconciling import statement_files
from sacco_desktop.services.reconciling.statement_files import (
    GivenStatement,
    StatementPreview,
    TakenIn,
)
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.theme.tokens import ChipColour
from sacco_desktop.ui.widgets.amount_lines import AmountLines, NamedAmount
from sacco_desktop.ui.widgets.callout import Callout
from sacco_desktop.ui.widgets.choice_box import ChoiceBox
from sacco_desktop.ui.widgets.columns import Align, Column
from sacco_desktop.ui.widgets.form_dialog import FormDialog, FormPlan
from sacco_desktop.ui.widgets.frozen_table import FrozenTable
from sacco_desktop.ui.widgets.labels import push_button
from sacco_desktop.ui.widgets.money_edit import MoneyEdit

_PLAN = FormPlan(
    "take_in_dialog",
    "Take a statement in",
    "Take it in",
    "It is read and proven first: opening, plus every row, must be closing. Known receipts are matched at once.",
)
_KINDS = "Statements (*.csv *.xlsx *.xls *.pdf *.txt);;All files (*)"
_NO_FILE = "Export the organisation statement of one account from the portal, or the bank's, as CSV, Excel or PDF."
_LINES = 5
_PROBLEMS: tuple[Column[Problem], ...] = (
    Column("Row", lambda one: one.row, align=Align.RIGHT, widest="10,000"),
    Column("What is wrong", lambda one: one.message, longest=110),
)
# What a person may say of a bank's columns where the words over them are not known.
_BANK_COLUMNS = (
    Says.DAY,
    Says.DETAILS,
    Says.REFERENCE,
    Says.PAID_IN,
    Says.PAID_OUT,
    Says.AMOUNT,
    Says.BALANCE,
)
_BANK_WORDS = {Says.PAID_IN: "Money in", Says.PAID_OUT: "Money out"}
_NOT_USED = (-1, "— not used")


class TakeInDialog(FormDialog):
    """One file at a time; it changes nothing before its button is pressed."""

    def __init__(
        self, desk: Desk, parent: QWidget, account: str, done: Callable[[TakenIn], None]
    ) -> None:
        super().__init__(desk, _PLAN, parent)
        self._done = done
        self._file: OldFile | None = None
        self._wanted: GivenStatement | None = None
        self._choosing: dict[Says, ChoiceBox] = {}
        self._add_fields(account)
        self._told = Callout(desk.theme, _NO_FILE, ChipColour.BLUE)
        self._sums = AmountLines(desk.theme, "statement_sums")
        self.problems = FrozenTable(
            desk.theme, _PROBLEMS, lambda one: (one.row, one.message), name="statement_problems"
        )
        self.problems.setMinimumHeight(self.fontMetrics().lineSpacing() * 2 * _LINES)
        self.problems.hide()
        for part in (self._told, self._sums, self.problems):
            self.notes.addWidget(part)
        self.lock()
        self.submitted.connect(self._give)

    def _add_fields(self, account: str) -> None:
        self.account = ChoiceBox("account", [(one.code, one.title) for one in MONEY_ACCOUNTS])
        self.account.choose(account)
        self._choose = push_button("Choose file…", name="file")
        self._choose.clicked.connect(self.choose)
        self.form.add_row("account", "Account", self.account)
        self.form.add_row("file", "Statement", self._choose)
        for says in _BANK_COLUMNS:
            box = ChoiceBox(f"column_{says.name.lower()}", [_NOT_USED])
            self._choosing[says] = box
            self.form.add_row(f"column_{says.name.lower()}", _BANK_WORDS.get(says, says.value), box)
            box.activated.connect(lambda _place: self._look())
        self._opening = MoneyEdit("opening", allow_zero=True)
        self._closing = MoneyEdit("closing", allow_zero=True)
        self.form.add_row(
            "opening", "Opening KES", self._opening, "Only where the file does not say it."
        )
        self.form.add_row("closing", "Closing KES", self._closing)
        for money in (self._opening, self._closing):
            money.editingFinished.connect(self._look)
        self.account.activated.connect(lambda _place: self._change_account())
        self._show_bank_fields()

    def _change_account(self) -> None:
        self._show_bank_fields()
        self._look()

    def _show_bank_fields(self) -> None:
        is_bank = self._is_bank()
        for says in _BANK_COLUMNS:
            self.form.show_row(f"column_{says.name.lower()}", is_bank and self._file is not None)
        for name in ("opening", "closing"):
            self.form.show_row(name, is_bank)

    def _is_bank(self) -> bool:
        return money_account(str(self.account.value())).source is Source.BANK

    def choose(self) -> None:
        """Ask which file."""
        place = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DownloadLocation)
        dialog = QFileDialog(self, "Choose the statement", place, _KINDS)
        dialog.setObjectName("statement_file")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda name: self.read(Path(name)))
        dialog.open()

    def read(self, path: Path) -> None:
        """Read a file beside the window, in a process that can do nothing else."""
        self.form.clear_error("file")
        self._choose.setEnabled(False)
        self.desk.background.render(
            lambda: read_statement_file(path), owner=self, done=self.take, failed=self._failed
        )

    def take(self, file: OldFile) -> None:
        """Show what the file says."""
        self._choose.setEnabled(True)
        self._choose.setText(f"{file.name}…")
        self._file = file
        self._offer_columns(file)
        self._show_bank_fields()
        self._look()

    def _offer_columns(self, file: OldFile) -> None:
        """The columns by their heading, chosen as the program understands them."""
        rows = file.sheets[0].rows
        known = statement_files.heading_of(file)
        heading = rows[known.at] if known is not None else max(rows[:40], key=len, default=())
        names = [
            (at, f"{column_letters(at)}  {words_of(cell)}".strip())
            for at, cell in enumerate(heading)
        ]
        for says, box in self._choosing.items():
            box.set_choices([_NOT_USED, *names])
            box.choose(known.columns.get(says, -1) if known is not None else -1)

    def _given(self) -> GivenStatement | None:
        if self._file is None:
            return None
        is_bank = self._is_bank()
        return GivenStatement(
            self._file,
            str(self.account.value()),
            self._chosen_columns() if is_bank else None,
            _cents(self._opening) if is_bank else None,
            _cents(self._closing) if is_bank else None,
        )

    def _chosen_columns(self) -> Mapping[Says, int] | None:
        found = {
            says: int(box.value()) for says, box in self._choosing.items() if box.value() != -1
        }
        return found or None

    def _look(self) -> None:
        """Look at the file anew; an answer to an older question is let go."""
        given = self._given()
        if given is None or given == self._wanted:
            return
        self._wanted = given
        self._stand(is_locked=True)

        def settle(found: StatementPreview) -> None:
            if self._wanted == given:
                self._show(found)

        def failed(error: BaseException) -> None:
            if self._wanted == given:
                self._failed(error)

        self.desk.background.read(
            statement_files.preview, given, owner=self, done=settle, failed=failed
        )

    def _stand(self, *, is_locked: bool) -> None:
        self._is_locked = is_locked
        self._ok.setEnabled(not is_locked)

    def _show(self, found: StatementPreview) -> None:
        self.form.clear_errors()
        self.problems.set_rows(found.problems)
        self.problems.setVisible(bool(found.problems))
        statement = found.statement
        self._sums.setVisible(statement is not None)
        if statement is None:
            self._told.say("It does not add up, so nothing of it is taken.", ChipColour.RED)
            return
        self._told.say(_told_words(statement, found.new_rows), ChipColour.GREEN)
        self._sums.show_lines(
            [
                NamedAmount("Opens with, KES", statement.opening_cents),
                NamedAmount("Came in", statement.in_cents),
                NamedAmount("Went out", -statement.out_cents),
                NamedAmount("Closes with", statement.closing_cents, is_total=True),
            ]
        )
        self._stand(is_locked=False)

    def _failed(self, error: BaseException) -> None:
        self._choose.setEnabled(True)
        self._sums.setVisible(False)
        message = getattr(error, "message", "")
        if isinstance(error, InvalidInput) and self.form.has(error.field):
            self.form.show_error(error)
        elif message:
            self.form.show_error(InvalidInput(message, "file"))
        else:
            self.desk.show(error, self)

    def _give(self) -> None:
        given = self._given()
        if given is not None:
            self.carry_out(statement_files.take_in, given, self._done)


def _told_words(statement: Statement, new_rows: int) -> str:
    """What the file is, in one line."""
    days = f"{format_date(statement.first_day)} to {format_date(statement.last_day)}"
    pages = "" if statement.pages == 1 else f" on {statement.pages} pages"
    parts = [f"{days}: {len(statement.rows):,} rows{pages}, {new_rows:,} new. It adds up."]
    if statement.order_words:
        parts.append(f"The file is {statement.order_words}.")
    if statement.doubled:
        parts.append(f"{statement.doubled:,} rows stood there twice.")
    if statement.idle:
        parts.append(f"{statement.idle:,} were not completed and moved nothing.")
    return " ".join(parts)


def _cents(edit: MoneyEdit) -> int | None:
    try:
        return edit.cents()
    except InvalidInput:
        return None
