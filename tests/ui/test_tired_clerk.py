"""What a tired clerk does to a form: Esc in the middle, figures of another keyboard, far too many letters."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from sacco_desktop.services.books.work import Actor
from sacco_desktop.ui.theme.theme import Theme
from tests import make, make_loans
from tests.make import PracticeOffice
from tests.ui.counter import Counter, counter
from tests.ui.test_fit import cut_texts

Seat = Callable[[Actor], AbstractContextManager[Counter]]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[PracticeOffice]:
    made = make.office(tmp_path)
    yield made
    made.close()


@pytest.fixture
def seat(tmp_path: Path, qtbot: QtBot, theme: Theme, office: PracticeOffice) -> Seat:
    return lambda who: counter(tmp_path, qtbot, theme, office, who)


def test_one_esc_does_not_throw_away_what_was_typed(office: PracticeOffice, seat: Seat) -> None:
    make.member(office)
    with seat(office.peter) as at:
        at.window.open_page("members")
        at.choose(1)
        # Nothing was typed, so nothing is asked.
        at.command("take_deposit")
        at.dialog("take_deposit_dialog")
        at.key(Qt.Key.Key_Escape)
        at.wait_closed("take_deposit_dialog")
        at.command("take_deposit")
        dialog = at.dialog("take_deposit_dialog")
        at.type("amount", "1,000.5")
        at.key(Qt.Key.Key_Return)
        assert at.find("amount", QLineEdit).text() == "1,000.50"
        at.key(Qt.Key.Key_Escape)
        assert at.says("leaving") == "Esc once more leaves this, and what you typed is gone."
        at.wait(lambda: not cut_texts(dialog))
        # More was typed since, so it is said again.
        at.type("amount", "2500*3")
        at.key(Qt.Key.Key_Escape)
        assert dialog.isVisible()
        at.key(Qt.Key.Key_Escape)
        at.wait_closed("take_deposit_dialog")
    assert office.count("journal_entry") == 0


def test_a_figure_is_never_shown_for_another_day_than_is_written(
    office: PracticeOffice, seat: Seat
) -> None:
    loan = make_loans.active_loan(office)
    with seat(office.peter) as at:
        at.window.open_page("loans")
        at.choose(loan.loan_id)
        at.wait(lambda: at.sees("explain_provision"))
        at.click("explain_provision")
        at.dialog("explain_dialog")
        at.wait(lambda: "as of 16 Mar 2026" in at.says("explained_about"))
        at.type("as_of", "31/02/2026")
        at.key(Qt.Key.Key_Return)
        assert at.says("as_of_error").startswith("There is no 31 Feb 2026.")
        at.type("as_of", "17/3")
        at.key(Qt.Key.Key_Return)
        at.wait(lambda: "as of 17 Mar 2026" in at.says("explained_about"))
        assert not at.sees("as_of_error")
        at.key(Qt.Key.Key_Escape)
        at.wait_closed("explain_dialog")
