"""Guarantors in the window: asked, agreed, shown with their evidence, and called."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from sacco_desktop.services import loans
from sacco_desktop.services.members import MemberRow
from sacco_desktop.services.work import Actor
from sacco_desktop.ui.theme.theme import Theme
from tests import make, make_guarantors
from tests.make import PracticeOffice
from tests.ui.counter import Counter, counter

Seat = Callable[[Actor], AbstractContextManager[Counter]]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[PracticeOffice]:
    made = make.office(tmp_path)
    yield made
    made.close()


@pytest.fixture
def seat(tmp_path: Path, qtbot: QtBot, theme: Theme, office: PracticeOffice) -> Seat:
    return lambda who: counter(tmp_path, qtbot, theme, office, who)


def jane(office: PracticeOffice) -> MemberRow:
    return make.member(office, deposits_kes=60_000, first_name="Jane")


def test_a_guarantor_is_asked_and_the_consent_recorded(office: PracticeOffice, seat: Seat) -> None:
    borrower = make.member(office, deposits_kes=60_000)
    jane(office)
    row = office.write(loans.apply, make.application(borrower, 100_000), office.peter)
    with seat(office.peter) as at:
        at.window.open_page("loans")
        at.choose(row.loan_id)
        at.panel_says("2 of 2 kept.")
        at.wait(lambda: at.sees("add_guarantor"))
        at.click("add_guarantor")
        at.dialog("add_guarantor_dialog")
        at.pick_member("M-0002")
        at.wait(lambda: "Free: KES 60,000.00." in at.says("capacity"))
        at.find("pledge", QLineEdit).setText("70,000")
        at.go()
        at.wait(lambda: at.sees("pledge_error"))
        at.find("pledge", QLineEdit).setText("40,000")
        at.go()
        at.wait_closed("add_guarantor_dialog")
        at.panel_says("KES 40,000.00, asked.")
        at.wait(lambda: at.sees("record_consent"))
        at.click("record_consent")
        at.dialog("consent_dialog")
        at.find("evidence", QLineEdit).setText("F-12")
        at.go()
        at.wait_closed("consent_dialog")
        at.panel_says("KES 40,000.00, agreed; 16 Mar 2026, signed form F-12.")
    assert office.sql("SELECT status FROM guarantee") == [("accepted",)]


def test_the_guarantors_of_a_late_loan_are_called(office: PracticeOffice, seat: Seat) -> None:
    loan = make_guarantors.late_loan(office, (60_000,))
    with seat(office.grace) as at:
        at.window.open_page("loans")
        at.choose(loan.loan_id)
        at.wait(lambda: at.sees("call_guarantors"))
        at.click("call_guarantors")
        at.dialog("call_guarantors_dialog")
        at.keys("Letter of 2 June.")
        at.go()
        at.wait_closed("call_guarantors_dialog")
        assert at.toasts == ["Sent for approval. Nothing has been taken yet."]
    assert office.count("approval_request", "kind = 'guarantors_called'") == 1
