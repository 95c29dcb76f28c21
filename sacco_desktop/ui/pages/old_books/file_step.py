"""Step 1: choose a file and its sheet, or go on with an import that was begun."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtWidgets import QFileDialog, QHBoxLayout

from sacco_desktop.domain.old_books.cells import OldFile
from sacco_desktop.operations.read_old_books import read_old_books
from sacco_desktop.services.old_books import drafts
from sacco_desktop.services.old_books.drafts import ImportRow, NewDraft
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.pages.old_books.step import Step
from sacco_desktop.ui.widgets.choice_box import ChoiceBox
from sacco_desktop.ui.widgets.columns import Align, Column, date_column
from sacco_desktop.ui.widgets.frozen_table import FrozenTable
from sacco_desktop.ui.widgets.labels import ButtonKind, TextRole, plain_label, push_button

STATUS_WORDS = {
    "draft": "Being prepared",
    "asked": "Waits for another person",
    "imported": "In the books",
    "undone": "Undone",
}
_KINDS = "Workbooks and tables (*.xlsx *.xlsm *.xls *.csv *.txt);;All files (*)"


class FileStep(Step):
    """`opened` is called with the id of the import to go on with."""

    def __init__(self, desk: Desk, opened: Callable[[int], None], may_import: bool) -> None:
        super().__init__("import_file_step", scrolls=False)
        self._desk = desk
        self._opened = opened
        self._file: OldFile | None = None
        self.column.addWidget(
            plain_label(
                "Bring members, balances, loans with guarantors and past repayments, deposits month by month, and the"
                " trial balance: Excel (.xlsx, .xls) or .csv. The file is only read; nothing in it ever runs. Nothing"
                " is in the books before another person has agreed.",
                wraps=True,
            )
        )
        self.choose_button = push_button(
            "Choose file…", name="choose_file", kind=ButtonKind.PRIMARY
        )
        self.choose_button.clicked.connect(self.choose)
        self.choose_button.setEnabled(may_import)
        self._sheets = ChoiceBox("sheet")
        self._read = push_button("Use this sheet", name="use_sheet")
        self._read.clicked.connect(self._use_sheet)
        row = QHBoxLayout()
        for part in (self.choose_button, self._sheets, self._read):
            row.addWidget(part)
        row.addStretch(1)
        self.column.addLayout(row)
        self._told = plain_label("", TextRole.ERROR, name="file_error", wraps=True)
        self.column.addWidget(self._told)
        self.column.addWidget(plain_label("Imports", TextRole.SECTION))
        self._state = plain_label("", TextRole.SECONDARY, name="imports_state", wraps=True)
        self.column.addWidget(self._state)
        self.table = FrozenTable(
            desk.theme, _COLUMNS, lambda row: row.import_id, name="imports_table"
        )
        self.table.opened.connect(lambda row: self._opened(row.import_id))
        self.column.addWidget(self.table, 1)
        self._show_sheets(False)
        self._told.hide()
        self._state.hide()

    def set_imports(self, rows: Sequence[ImportRow]) -> None:
        """Show what was begun and done."""
        self.table.set_rows(rows)
        self._say_state("" if rows else "Nothing was imported yet. Begin with the members.")

    def show_unread(self) -> None:
        """What was read before stays; nothing is said about what is not known."""
        self._say_state("The imports could not be read. Nothing is lost; F5 reads again.")

    def _say_state(self, words: str) -> None:
        self._state.setText(words)
        self._state.setVisible(bool(words))

    def choose(self) -> None:
        """Ask which file."""
        place = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        dialog = QFileDialog(self, "Choose a file of the old books", place, _KINDS)
        dialog.setObjectName("import_dialog")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda name: self.read(Path(name)))
        dialog.open()

    def read(self, path: Path) -> None:
        """Read a file beside the window; its sheets are offered when there are several."""
        self._told.hide()
        self.choose_button.setEnabled(False)
        self._desk.background.render(
            lambda: read_old_books(path), owner=self, done=self._show_file, failed=self._failed
        )

    def _show_file(self, file: OldFile) -> None:
        self.choose_button.setEnabled(True)
        self._file = file
        self._sheets.set_choices([(sheet.name, sheet.name) for sheet in file.sheets])
        self._show_sheets(len(file.sheets) > 1)
        if len(file.sheets) == 1:
            self._use_sheet()

    def _use_sheet(self) -> None:
        if self._file is not None:
            new = NewDraft(self._file, self._sheets.value())
            self._desk.background.write(
                drafts.start, new, owner=self, done=self._opened, failed=self._failed
            )

    def _failed(self, error: BaseException) -> None:
        self.choose_button.setEnabled(True)
        message = getattr(error, "message", "")
        if not message:
            self._desk.show(error, self)
        self._told.setText(message)
        self._told.setVisible(bool(message))

    def _show_sheets(self, is_shown: bool) -> None:
        self._sheets.setVisible(is_shown)
        self._read.setVisible(is_shown)


_COLUMNS: tuple[Column[ImportRow], ...] = (
    Column("File", lambda row: row.file_name, longest=40),
    Column("Sheet", lambda row: row.sheet, priority=2, longest=20),
    Column("Status", lambda row: STATUS_WORDS[row.status]),
    Column("Rows taken", lambda row: row.taken, "{:,}".format, Align.RIGHT),
    Column("By", lambda row: row.started_by, priority=2),
    date_column("Begun", lambda row: row.started_on),
)
