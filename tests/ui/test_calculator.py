"""The calculator at each key: the schedule of the command and of a real loan, and what is wrong beside its field."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from sacco_desktop.__main__ import main
from sacco_desktop.domain.prepayment import Keep
from sacco_desktop.services.lending import loans
from sacco_desktop.services.loan_figures.loan_offers import LoanQuestion, offer
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.page import PageEntry
from sacco_desktop.ui.pages.calculator.page import CalculatorPage, calculator_page
from sacco_desktop.ui.theme.theme import Theme
from sacco_desktop.ui.widgets.amount_lines import AmountLines
from sacco_desktop.ui.widgets.choice_box import ChoiceBox
from tests import make
from tests.make import PracticeOffice
from tests.ui.counter import Counter, counter, said
from tests.ui.test_fit import cut_texts, nameless


@pytest.fixture
def office(tmp_path: Path) -> Iterator[PracticeOffice]:
    made = make.office(tmp_path)
    yield made
    made.close()


@pytest.fixture
def at(tmp_path: Path, qtbot: QtBot, theme: Theme, office: PracticeOffice) -> Iterator[Counter]:
    """Daniel of the committee, who may only look."""
    with counter(tmp_path, qtbot, theme, office, office.daniel, _calculator) as seen:
        seen.wait(lambda: seen.find("product", ChoiceBox).count() > 1)
        yield seen


def _calculator(desk: Desk) -> list[PageEntry]:
    entry = PageEntry(
        "calculator", "Loan calculator", "calculator", "", lambda: calculator_page(desk)
    )
    return [entry]


def _rows(at: Counter) -> list[tuple[int, ...]]:
    """Number, principal, interest, instalment and balance of each row that is shown, in cents."""
    page = at.window.pages.currentWidget()
    assert isinstance(page, CalculatorPage)
    return [
        (row.number, row.principal_cents, row.interest_cents, row.total_cents, row.balance_cents)
        for row in page.view.schedule.table.table_model.rows
    ]


def _of_command(capsys: pytest.CaptureFixture[str], words: str) -> list[tuple[int, ...]]:
    assert main(["quote", *words.split(), "--json"]) == 0
    names = ("number", "principal_cents", "interest_cents", "total_cents", "balance_cents")
    found = json.loads(capsys.readouterr().out)["instalments"]
    return [tuple(row[name] for name in names) for row in found]


def test_the_page_says_what_the_command_and_the_real_loan_say(
    office: PracticeOffice, at: Counter, capsys: pytest.CaptureFixture[str]
) -> None:
    at.type("principal", "100,000")
    at.type("instalments", "12")
    day = make.day(office).isoformat()
    words = f"--principal 100000 --rate 1 --instalments 12 --disbursed {day}"
    assert _rows(at) == _of_command(capsys, words)
    at.find("rounding", ChoiceBox).choose("1")
    at.type("principal_grace", "2")
    at.type("prepay", "20,000")
    at.type("prepay_after", "6")
    at.find("keep", ChoiceBox).choose(Keep.TERM)
    more = f"{words} --rounding 1 --grace-principal 2 --prepay 6:20000:keep-term"
    assert _rows(at) == _of_command(capsys, more)
    for field in ("principal_grace", "prepay", "prepay_after"):
        at.type(field, "")
    at.find("product", ChoiceBox).choose("development")
    row = office.write(
        loans.apply, make.application(make.member(office, deposits_kes=60_000)), office.peter
    )
    real = office.read(loans.detail, row.loan_id).schedule
    assert [row[1:] for row in _rows(at)] == [
        (line.principal_cents, line.interest_cents, line.total_cents, line.balance_cents)
        for line in real
    ]
    asked = LoanQuestion("development", 100_000_00, 12, make.day(office))
    net = office.read(offer, asked).net_cents
    lines = at.find("quote_amounts", AmountLines).texts()
    assert f"Net to the member {net // 100:,}.{net % 100:02d}" in lines


def test_another_method_stands_beside_it_and_all_of_it_is_copied_and_printed(at: Counter) -> None:
    assert "Write the amount and the number" in at.says("quote_words")
    assert not at.find("print_quote", QPushButton).isEnabled()
    at.type("principal", "100,000")
    at.type("instalments", "12")
    at.find("compare", ChoiceBox).setCurrentIndex(3)
    at.type("payoff", "26/9/2026")
    assert "of interest is saved" in at.says("quote_settled")
    assert "5,381.47" in said(at.find("compared"))
    at.click("copy_quote")
    text = QGuiApplication.clipboard().text()
    assert "1\t16 Apr 2026\t7,884.88\t1,000.00\t8,884.88\t92,115.12" in text
    at.click("print_quote")
    at.wait(lambda: len(at.papers) == 1)
    assert at.papers[0].title == "Proposed schedule"
    at.wait(lambda: cut_texts(at.window) == [])
    assert nameless(at.window) == []


_WRONG = (
    ("principal", "a lot", "Write the amount in figures"),
    ("instalments", "1e3", "Write the number of instalments in figures"),
    ("instalments", "2000", "A loan has 1 to 1,040 instalments."),
    ("rate", "²", "Write the rate in percent"),
    ("rate", "101", "The rate must be between 0 % and 100 %."),
    ("principal_grace", "12", "The first instalments that repay nothing are 0 to 11"),
    ("disbursed", "31/2/2026", "There is no 31 Feb 2026."),
    ("prepay_after", "x", "Write with which instalment it is repaid"),
    ("payoff", "1/1/2020", "The loan was not paid out yet on that day."),
    ("share", "x", "Write the share in percent"),
)


def test_what_is_wrong_stands_beside_its_field(at: Counter) -> None:
    right = {"principal": "100,000", "instalments": "12", "rate": "1", "disbursed": "16/3/2026"}
    for field, typed, sentence in _WRONG:
        for each in ("principal", "instalments", "rate", "disbursed", "prepay", field):
            at.type(each, right.get(each, ""))
        assert at.sees("quote_schedule"), field
        if field == "prepay_after":
            at.type("prepay", "1,000")
        at.type(field, typed)
        assert sentence in at.says(f"{field}_error")
        assert "at the left is not right yet" in at.says("quote_words")
        assert not at.sees("quote_schedule")
        assert at.window.focusWidget() is at.find(field)
        assert at.find(field, QLineEdit).text() == typed
        at.type(field, right.get(field, ""))
