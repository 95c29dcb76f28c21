"""The books by keyboard: from a figure down to its paper and back to the same line, any day, any form of file."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLabel, QMenu, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from sacco_desktop.domain.ledger import JournalEntry, Posting
from sacco_desktop.services.reports.report import Check, Report, ReportKind, ReportRequest
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.page import Page, PageEntry
from sacco_desktop.ui.pages.books.choices import question
from sacco_desktop.ui.pages.books.exports import export
from sacco_desktop.ui.pages.books.ledger_tab import LedgerTab
from sacco_desktop.ui.pages.books.page import books_page
from sacco_desktop.ui.pages.books.report_table import ReportTable
from sacco_desktop.ui.theme.theme import Theme
from sacco_desktop.ui.widgets.callout import Callout
from sacco_desktop.ui.widgets.choice_box import ChoiceBox
from tests import make
from tests.make import PracticeOffice
from tests.ui.counter import Counter, counter
from tests.ui.test_fit import SIZES, cut_texts, nameless, outside

TODAY = date(2026, 3, 16)


def _sale(day: date, cents: int, words: str) -> JournalEntry:
    lines = (Posting("1020", cents, 0), Posting("4900", 0, cents))
    return JournalEntry(day, "test", words, "slip 9", lines)


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Three members with deposits and two sales, one of them last year."""
    office = make.office(tmp_path_factory.mktemp("books"))
    for kes in (100, 250, 700):
        make.member(office, deposits_kes=kes)
    make.post(office, _sale(date(2025, 12, 1), 40_00, "Old chairs"))
    make.post(office, _sale(date(2026, 2, 3), 60_00, "Old tables"))
    return office.snapshot()


def _is_chosen(box: ChoiceBox, value: object) -> bool:
    """Choose it; what is offered comes from the books and may still be read."""
    box.choose(value)
    return bool(box.value() == value)


class Books:
    """A person on the page Books."""

    def __init__(self, at: Counter, desk: Desk) -> None:
        self.at, self.desk = at, desk
        at.window.open_page("books")
        tab = at.window.findChild(LedgerTab)
        assert isinstance(tab, LedgerTab)
        self.tab = tab
        self.arrived()

    @property
    def table(self) -> ReportTable:
        assert self.tab.view.table is not None
        return self.tab.view.table

    @property
    def report(self) -> Report:
        assert self.tab.view.report is not None
        return self.tab.view.report

    def arrived(self) -> None:
        """Wait until the report that was asked for is there."""
        self.at.wait(
            lambda: (
                (report := self.tab.view.report) is not None
                and report.request == self.tab.view.request
            )
        )

    def choose(self, kind: ReportKind, account: str | None = None) -> None:
        """Choose as a person does who presses arrow keys in the box."""
        for box, value in ((self.tab.bar.report, kind), (self.tab.bar.account, account)):
            if value is not None:
                self.at.wait(partial(_is_chosen, box, value))
                box.activated.emit(box.currentIndex())
        self.arrived()

    def enter(self, key: str) -> None:
        """Enter on the row with this key."""
        assert self.table.select_key(key)
        self.table.setFocus()
        depth = self.tab.stack.count()
        self.at.key(Qt.Key.Key_Return)
        self.at.wait(lambda: self.tab.stack.count() == depth + 1)
        self.arrived()
        self.at.wait(lambda: self.table.hasFocus())

    def way(self) -> str:
        return self.at.says("way")

    def cell(self, key: str, place: int) -> object:
        return next(row.cells[place] for row in self.report.rows if row.key == key)


@pytest.fixture
def office(tmp_path: Path, furnished: Any) -> Iterator[PracticeOffice]:
    made = make.office_from(furnished, tmp_path)
    yield made
    made.close()


@pytest.fixture
def books(tmp_path: Path, qtbot: QtBot, theme: Theme, office: PracticeOffice) -> Iterator[Books]:
    desks: list[Desk] = []

    def pages(desk: Desk) -> tuple[PageEntry, ...]:
        desks.append(desk)
        return (
            PageEntry("other", "Other", "home", "Ctrl+1", _other_page),
            PageEntry("books", "Books", "book-open", "Ctrl+Shift+B", lambda: books_page(desk)),
        )

    with counter(tmp_path, qtbot, theme, office, office.grace, pages) as at:
        at.window.open_page("other")
        yield Books(at, desks[0])


def _other_page() -> Page:
    widget = QWidget()
    widget.setAccessibleName("Other")
    return Page(widget, widget)


def test_the_page_opens_on_the_trial_balance_of_today(books: Books) -> None:
    assert books.report.title == "Trial balance"
    assert books.report.when == "As of 16 Mar 2026"
    assert books.table.hasFocus()
    assert books.at.says("sums") == "Debit KES  1,150.00     Credit KES  1,150.00"
    assert books.at.says("counts").endswith("all totals agree")


def test_enter_goes_down_to_the_receipt_and_esc_climbs_back_to_the_same_line(books: Books) -> None:
    books.enter("2010")
    books.enter("2010.M-0002")
    books.enter(books.report.lines[0].key)
    assert (
        books.way() == "Trial balance  ›  2010  ›  2010.M-0002  ›  Entry 2: Cash deposit by M-0002"
    )
    assert (
        books.at.find("show_paper", QPushButton).text() == "Show receipt RC-2026-0002  Ctrl+Enter"
    )
    books.at.command("main_action")
    books.at.wait(lambda: [paper.title for paper in books.at.papers] == ["Receipt RC-2026-0002"])
    for key in (None, "2010.M-0002", "2010"):
        books.at.command("back")
        books.at.wait(lambda: books.table.hasFocus())
        if key is not None:
            assert books.table.current_row().key == key
    assert books.way() == "Trial balance"
    assert not books.at.sees("back_up")


def test_esc_on_the_first_report_goes_to_the_page_before(books: Books) -> None:
    books.at.command("back")
    entry = books.at.window.pages.entry
    assert entry is not None
    assert entry.key == "other"


def test_an_entry_leads_on_to_the_other_account(books: Books) -> None:
    books.choose(ReportKind.ACCOUNT, "4900")
    books.enter(books.report.lines[0].key)
    assert books.tab._link() is None
    books.at.command("main_action")
    assert books.at.toasts[-1].startswith("Only an entry has a receipt")
    books.enter("1")
    assert books.way().endswith("1020 Bank current account")


def test_another_day_is_typed_stepped_and_called_today(books: Books) -> None:
    books.at.type("to", "1/12/25")
    books.at.key(Qt.Key.Key_Return)
    books.arrived()
    assert books.report.when == "As of 1 Dec 2025"
    assert books.cell("1020", 2) == 40_00
    QTest.keyClicks(books.at.find("to"), "-")
    books.at.wait(lambda: books.report.when == "As of 30 Nov 2025")
    assert books.cell("1020", 2) is None
    QTest.keyClicks(books.at.find("to"), "t")
    books.at.wait(lambda: books.report.when == "As of 16 Mar 2026")
    assert books.cell("1020", 2) == 100_00


def test_a_period_that_would_end_before_it_begins_begins_with_its_year(books: Books) -> None:
    books.choose(ReportKind.INCOME)
    books.at.type("to", "5 feb 2025")
    books.at.key(Qt.Key.Key_Return)
    books.arrived()
    assert books.report.when == "1 Jan 2025 – 5 Feb 2025"
    assert books.tab.bar.first.day() == date(2025, 1, 1)
    assert question(ReportKind.ACCOUNT, TODAY, TODAY, None).about == "1010"
    assert question(ReportKind.CASH_BOOK, TODAY, TODAY, None).about == ""


def test_each_report_asks_for_what_it_needs(books: Books) -> None:
    bar = books.tab.bar
    for kind, has_first, has_account in (
        (ReportKind.MOVEMENTS, True, False),
        (ReportKind.POSITION, True, False),
        (ReportKind.CASH_BOOK, True, True),
        (ReportKind.ACCOUNT, True, True),
        (ReportKind.TRIAL_BALANCE, False, False),
    ):
        books.choose(kind)
        assert (bar.first.isVisible(), bar.account.isVisible()) == (has_first, has_account), kind
    books.choose(ReportKind.CASH_BOOK)
    assert bar.account.count() == 7


def test_a_filter_shows_fitting_lines_and_their_sums_only(books: Books) -> None:
    books.choose(ReportKind.ACCOUNT, "2010")
    assert books.at.says("sums").endswith("Balance KES  1,050.00")
    books.at.command("filter")
    books.at.keys("m-0002")
    assert [row.key for row in books.table.table_model.shown_rows()] == ["2010.M-0002"]
    assert books.at.says("counts").startswith("1 of 3 lines")
    assert books.at.says("sums").endswith("Balance KES  250.00")
    books.at.keys("zzz")
    assert books.at.says("list_state") == "No line fits ‘m-0002zzz’."
    books.at.click("list_state_action")
    assert len(books.table.table_model.shown_rows()) == 4


def test_accounts_without_figures_can_be_left_out(books: Books) -> None:
    assert len(books.table.table_model.shown_rows()) > 60
    books.at.click("only_figures")
    shown = [row.key for row in books.table.table_model.shown_rows()]
    assert shown == ["1010", "1020", "2010", "4900", "total"]


def test_a_ledger_without_postings_still_shows_what_was_brought_forward(books: Books) -> None:
    books.choose(ReportKind.CASH_BOOK, "1020")
    books.at.type("from", "1 mar 2026")
    books.at.key(Qt.Key.Key_Return)
    books.arrived()
    assert [row.cells[-1] for row in books.report.rows] == [100_00, 100_00]
    assert books.table.isVisible()


def test_what_is_posted_meanwhile_appears_and_the_cursor_stays(
    books: Books, office: PracticeOffice
) -> None:
    books.table.select_key("1020")
    make.post(office, _sale(TODAY, 5_00, "A stool"))
    books.at.wait(lambda: books.cell("1020", 2) == 105_00)
    assert books.table.current_row().key == "1020"


def test_what_lies_below_is_read_again_on_the_way_back(
    books: Books, office: PracticeOffice
) -> None:
    books.enter("4900")
    make.post(office, _sale(TODAY, 5_00, "A stool"))
    books.at.wait(lambda: len(books.report.lines) == 2)
    books.at.command("back")
    books.at.wait(lambda: books.cell("4900", 3) == 105_00)


def test_a_question_that_cannot_be_answered_says_why_and_can_be_tried_again(books: Books) -> None:
    books.tab._ask(ReportRequest(ReportKind.ACCOUNT, TODAY, TODAY, "9999"))
    books.at.wait(lambda: books.at.says("list_state") == "There is no account 9999 in the chart.")
    assert books.at.find("list_state_action", QPushButton).text() == "Try again"


def test_figures_that_contradict_each_other_are_said_in_red_and_not_printed(books: Books) -> None:
    wrong = replace(books.report, checks=(Check("all debits", 1, "all credits", 2),))
    books.tab.view._show(books.tab.view._edition, wrong)
    (said,) = (each for each in books.tab.findChildren(Callout) if each.isVisible())
    assert "all debits (0.01) and all credits (0.02) differ" in said.text()
    assert "agree" not in books.at.says("counts")


def test_print_shows_the_paper_with_a_name_that_says_practice(books: Books) -> None:
    books.choose(ReportKind.POSITION)
    books.at.command("print")
    books.at.wait(lambda: bool(books.at.papers))
    paper = books.at.papers[0]
    assert paper.pdf.startswith(b"%PDF")
    assert paper.file_name == ("PRACTICE_Statement-of-financial-position_2026-01-01_2026-03-16.pdf")


@pytest.mark.parametrize(
    ("ending", "starts"), [("pdf", b"%PDF"), ("xlsx", b"PK"), ("csv", b"\xef\xbb\xbf")]
)
def test_a_report_is_exported_into_the_chosen_file(
    books: Books, tmp_path: Path, ending: str, starts: bytes
) -> None:
    books.at.command("export")
    menu = books.at.window.findChild(QMenu, "export_menu")
    assert isinstance(menu, QMenu)
    (action,) = (each for each in menu.actions() if each.objectName() == ending)
    menu.close()
    action.trigger()
    dialog = books.at.window.findChild(QFileDialog, "export_dialog")
    assert isinstance(dialog, QFileDialog)
    assert dialog.selectedFiles()[0].endswith(
        f"PRACTICE_Trial-balance_2026-01-01_2026-03-16.{ending}"
    )
    target = tmp_path / f"chosen.{ending}"
    dialog.fileSelected.emit(str(target))
    dialog.reject()
    books.at.wait(lambda: books.at.toasts == [f"Saved as {target}."])
    assert target.read_bytes().startswith(starts)


def test_all_forms_hold_the_same_figures(books: Books, tmp_path: Path) -> None:
    files = [tmp_path / f"books.{ending}" for ending in ("xlsx", "csv")]
    for path in files:
        export(books.desk, books.tab, books.report, path)
    books.at.wait(lambda: len(books.at.toasts) == 2)
    sheet = load_workbook(files[0]).active
    assert sheet is not None
    in_sheet = {row[0].value: (row[2].value, row[3].value) for row in sheet.iter_rows(max_col=4)}
    with files[1].open(encoding="utf-8-sig", newline="") as file:
        in_csv = {row[0]: (row[2], row[3]) for row in csv.reader(file)}
    assert in_sheet["2010"] == (None, 1050)
    assert in_csv["2010"] == ("", "1050.00")


def test_a_file_that_cannot_be_written_says_what_to_do(
    books: Books, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[str] = []
    monkeypatch.setattr(
        books.desk.background, "_show", lambda error, _owner: shown.append(str(error))
    )
    export(books.desk, books.tab, books.report, tmp_path / "missing" / "books.csv")
    books.at.wait(lambda: bool(shown))
    assert "missing cannot be written to. Choose another folder" in shown[0]


@pytest.mark.parametrize(("size", "percent"), SIZES)
@pytest.mark.parametrize("kind", [ReportKind.MOVEMENTS, ReportKind.CASH_BOOK])
def test_nothing_is_cut_at_any_size(
    books: Books, theme: Theme, size: tuple[int, int], percent: int, kind: ReportKind
) -> None:
    theme.set_text_percent(percent)
    books.at.window.resize(*size)
    books.choose(kind)
    books.enter("1020")
    books.enter(books.report.lines[0].key)
    books.at.wait(lambda: cut_texts(books.at.window) == [])
    assert outside(books.at.window) == []
    assert nameless(books.at.window) == []
    assert (books.at.window.width(), books.at.window.height()) == size


def test_labels_never_run_what_an_entry_says(books: Books, office: PracticeOffice) -> None:
    number = make.post(office, _sale(TODAY, 1_00, "<b>bold</b> & co")).number
    books.tab._drill(ReportRequest(ReportKind.ENTRY, TODAY, TODAY, str(number)))
    books.arrived()
    assert books.way() == f"Trial balance  ›  Entry {number}: <b>bold</b> & co"
    way = books.at.find("way", QLabel)
    assert way.textFormat() is Qt.TextFormat.PlainText
