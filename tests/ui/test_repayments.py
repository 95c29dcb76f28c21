"""A repayment at the counter: what it pays before it is written, the receipt, and the loan afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from sacco_desktop.domain.loan_entries import Source
from sacco_desktop.services.books.work import Actor
from sacco_desktop.ui.theme.theme import Theme
from sacco_desktop.ui.widgets.amount_lines import AmountLines
from sacco_desktop.ui.widgets.choice_box import ChoiceBox
from sacco_desktop.ui.widgets.ticks import TickBox
from tests import make, make_loans
from tests.make import PracticeOffice
from tests.ui.counter import Counter, counter
from tests.ui.test_fit import cut_texts, nameless, outside

Seat = Callable[[Actor], AbstractContextManager[Counter]]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[PracticeOffice]:
    made = make.office(tmp_path)
    make_loans.active_loan(made)
    made.clock.advance(days=31)
    yield made
    made.close()


@pytest.fixture
def seat(tmp_path: Path, qtbot: QtBot, theme: Theme, office: PracticeOffice) -> Seat:
    return lambda who: counter(tmp_path, qtbot, theme, office, who)


def begin(at: Counter) -> None:
    at.window.open_page("loans")
    at.wait(lambda: len(at.shown()) == 1)
    at.choose(1)
    at.wait(lambda: at.sees("take_repayment"))
    at.command("main_action")
    at.dialog("take_repayment_dialog")


def test_the_division_is_shown_before_anything_is_written(
    office: PracticeOffice, seat: Seat
) -> None:
    before = office.count("journal_entry")
    with seat(office.peter) as at:
        begin(at)
        pays = at.find("repayment_pays", AmountLines)
        at.wait(
            lambda: pays.texts() == ["Owed of the loan, KES 100,000.00", "Has fallen due 8,885.00"]
        )
        at.type("amount", "10000")
        at.wait(lambda: len(pays.texts()) == 6)
        assert pays.texts() == [
            "Owed of the loan, KES 100,000.00",
            "Has fallen due 8,885.00",
            "Pays interest 1,000.00",
            "Pays principal 7,885.00",
            "Kept for the next instalments 1,115.00",
            "Owed afterwards 92,115.00",
        ]
        dialog = at.dialog("take_repayment_dialog")
        at.wait(lambda: (cut_texts(dialog), nameless(dialog), outside(dialog)) == ([], [], []))
        assert office.count("journal_entry") == before
        dialog.reject()


def test_a_repayment_is_taken_and_its_receipt_shown(office: PracticeOffice, seat: Seat) -> None:
    with seat(office.peter) as at:
        begin(at)
        at.type("amount", "8885")
        at.go()
        at.wait_closed("take_repayment_dialog")
        assert at.toasts == [
            "Recorded. KES 8,885.00, receipt RC-2026-0002. Owed now KES 92,115.00."
        ]
        at.wait(lambda: [paper.title for paper in at.papers] == ["Receipt RC-2026-0002"])
        at.panel_says("KES 92,115.00")
        at.panel_says("Next")
    assert office.sql("SELECT amount_cents FROM repayment") == [(888_500,)]


def test_a_bank_slip_needs_its_number(office: PracticeOffice, seat: Seat) -> None:
    with seat(office.peter) as at:
        begin(at)
        assert not at.sees("reference")
        at.find("source", ChoiceBox).choose(Source.BANK)
        at.wait(lambda: at.sees("reference"))
        at.type("amount", "500")
        at.go()
        at.wait(lambda: at.sees("reference_error"))
        at.type("reference", "SLIP-77")
        at.find("shows_receipt", TickBox).setChecked(False)
        at.go()
        at.wait_closed("take_repayment_dialog")
    assert office.sql("SELECT source, reference FROM repayment") == [("bank", "SLIP-77")]


def test_the_committee_sees_what_is_late_but_takes_no_money(
    office: PracticeOffice, seat: Seat
) -> None:
    office.clock.advance(days=10)
    with seat(office.daniel) as at:
        at.window.open_page("loans")
        at.wait(lambda: len(at.shown()) == 1)
        at.choose(1)
        at.panel_says("KES 8,885.00 is late, the oldest instalment by 10 days.")
        assert not at.sees("take_repayment")
