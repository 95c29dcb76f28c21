"""Old books come in at the window: five steps, problems in their rows, and another person who agrees."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook
from PySide6.QtWidgets import QFileDialog, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from sacco_desktop.domain.old_books.headings import Meaning
from sacco_desktop.services.committee import decisions
from sacco_desktop.services.membership import members
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.page import PageEntry
from sacco_desktop.ui.pages.members.page import members_page
from sacco_desktop.ui.pages.old_books.page import OldBooksPage, old_books_page
from sacco_desktop.ui.theme.theme import Theme
from sacco_desktop.ui.widgets.choice_box import ChoiceBox
from tests import make
from tests.gateways.old_books.dirty_books import HEAD, JANE, written, xlsx
from tests.make import PracticeOffice
from tests.ui.counter import Counter, counter
from tests.ui.test_fit import cut_texts, nameless, outside

SHARES = (*HEAD[:5], "Shares")
REGISTER = xlsx(
    [
        ("UMOJA SACCO",),
        SHARES,
        JANE[:6],
        (2, "Otieno Okoth", 11223344, "712 34", "13/04/2020", "abc"),
        (3, "Amina Hassan", 33445566, 722000111, "2021-01-02", "KES 20,000"),
    ]
)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[PracticeOffice]:
    made = make.office(tmp_path)
    yield made
    made.close()


@pytest.fixture
def at(tmp_path: Path, qtbot: QtBot, theme: Theme, office: PracticeOffice) -> Iterator[Counter]:
    def pages(desk: Desk) -> list[PageEntry]:
        return [
            PageEntry("members", "Members", "users", "Ctrl+2", lambda: members_page(desk)),
            PageEntry(
                "import", "Import", "users", "", lambda: old_books_page(desk), under="members"
            ),
        ]

    with counter(tmp_path, qtbot, theme, office, office.grace, pages) as seen:
        yield seen


def _page(at: Counter) -> OldBooksPage:
    page = at.window.pages.currentWidget()
    assert isinstance(page, OldBooksPage)
    return page


def _open(at: Counter, path: Path) -> OldBooksPage:
    at.click("members_import")
    page = _page(at)
    at.click("choose_file")
    dialog = at.find("import_dialog", QFileDialog)
    dialog.fileSelected.emit(str(path))
    dialog.reject()
    at.wait(lambda: page.columns_step.view is not None)
    return page


def test_a_register_goes_through_the_five_steps(
    at: Counter, office: PracticeOffice, tmp_path: Path
) -> None:
    page = _open(at, written(tmp_path, "umoja.xlsx", REGISTER))
    at.find("column_6", ChoiceBox)
    assert "may be deposits or share capital" in at.says("callout_text")
    box = at.find("column_6", ChoiceBox)
    box.choose(Meaning.DEPOSITS)
    box.activated.emit(box.currentIndex())
    at.wait(
        lambda: page.columns_step.view is not None and not page.columns_step.view.open_questions
    )

    at.click("import_next")
    assert at.find("rows_problem", QPushButton).text() == "Problems 1"
    at.command("next_problem")
    assert "Phone is no Kenyan mobile number: it has 5 figures." in at.says("row_problems")
    assert at.find("cell", ChoiceBox).currentText() == "Tel"
    at.find("cell_text", QLineEdit).setText("0712 345 000")
    at.click("correct_cell")
    at.wait(lambda: "Phone" not in at.says("row_problems"))

    at.click("import_next")
    page.totals_step.fields[Meaning.DEPOSITS].setText("204,500")
    assert page.totals_step.view is not None
    page.totals_step.show_draft(page.totals_step.view)
    assert page.totals_step.fields[Meaning.DEPOSITS].text() == "204,500"
    at.click("compare")
    at.wait(lambda: "Every sum is that of the old book." in at.says("callout_text"))

    at.click("import_next")
    at.find("leaves_out").setChecked(True)
    at.click("ask_import")
    at.wait(lambda: bool(at.toasts))
    [request] = office.read(decisions.list_waiting, None, office.daniel)
    make.decide(office, request.request_id, office.daniel)
    at.wait(lambda: "2 rows are in the books" in at.says("callout_text"))
    assert office.read(members.row_numbered, "M-0003").deposits_cents == 2000000


def test_what_is_refused_is_said_on_the_page_and_the_draft_stays(
    at: Counter, office: PracticeOffice, tmp_path: Path
) -> None:
    page = _open(at, written(tmp_path, "umoja.xlsx", REGISTER))
    page.show_step(4)
    at.click("ask_import")
    at.wait(lambda: "Answer the questions" in page._trouble.text())
    at.click("import_step_1")
    bad = written(tmp_path, "page.xls", b"<html><table></table></html>")
    page.file_step.read(bad)
    at.wait(lambda: "a page or a document" in at.says("file_error"))
    at.wait(lambda: len(page.file_step.table.table_model.rows) == 1)
    page.file_step.table.opened.emit(page.file_step.table.table_model.rows[0])
    at.wait(lambda: page._stack.currentIndex() == 1)


def test_problems_go_to_excel_with_their_reasons(at: Counter, tmp_path: Path) -> None:
    page = _open(at, written(tmp_path, "umoja.xlsx", REGISTER))
    page.show_step(2)
    target = tmp_path / "problems.xlsx"
    at.click("save_problems")
    dialog = at.find("export_dialog", QFileDialog)
    assert Path(dialog.selectedFiles()[0]).name == "umoja problems.xlsx"
    dialog.fileSelected.emit(str(target))
    dialog.reject()
    at.wait(lambda: bool(at.toasts))
    book = load_workbook(io.BytesIO(target.read_bytes()))
    rows = list(book["Problems"].iter_rows(values_only=True))
    assert rows[0][-1] == "What is wrong"
    assert rows[1][3] == "712 34"
    assert "it has 5 figures" in str(rows[1][-1])


@pytest.mark.parametrize("percent", [100, 150])
@pytest.mark.parametrize("step", range(5))
def test_nothing_of_a_step_is_cut_or_out_of_reach(
    at: Counter, theme: Theme, tmp_path: Path, step: int, percent: int
) -> None:
    page = _open(at, written(tmp_path, "umoja.xlsx", REGISTER))
    theme.set_text_percent(percent)
    at.window.resize(1024, 540)
    page.show_step(step)
    at.wait(lambda: page._steps[step].isVisible())
    at.wait(lambda: cut_texts(page) == [])
    if step in {0, 2}:
        # The other steps scroll.
        assert outside(page._steps[step]) == []
    assert nameless(page) == []


def _rename(office: PracticeOffice, table: str, name: str) -> None:
    with office.database.writer.begin() as connection:
        connection.exec_driver_sql(f"ALTER TABLE {table} RENAME TO {name}")


def test_imports_that_cannot_be_read_are_not_taken_for_none(
    at: Counter, office: PracticeOffice
) -> None:
    at.click("members_import")
    at.wait(lambda: at.says("imports_state").startswith("Nothing was imported yet."))
    _rename(office, "book_import", "set_aside")
    at.command("refresh")
    at.wait(lambda: at.says("imports_state").startswith("The imports could not be read."))
    _rename(office, "set_aside", "book_import")
    at.command("refresh")
    at.wait(lambda: at.says("imports_state").startswith("Nothing was imported yet."))
