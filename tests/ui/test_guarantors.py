"""Guarantors in the window: asked, agreed, shown with their evidence, and called."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from sacco_desktop.domain.approvals import ApprovalKind
from sacco_desktop.domain.ledger import JournalEntry, credit, debit
from sacco_desktop.services.books.work import Actor
from sacco_desktop.services.lending import loans
from sacco_desktop.services.membership.members import MemberRow
from sacco_desktop.ui.theme.theme import Theme
from sacco_desktop.ui.widgets.amount_lines import AmountLines
from sacco_desktop.ui.widgets.choice_box import ChoiceBox
from sacco_desktop.ui.widgets.note_edit import NoteEdit
from tests import make, make_guarantors
from tests.make import PracticeOffice
from tests.ui.counter import Counter, counter
from tests.ui.test_fit import cut_texts, nameless

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
        at.click("guarantors")
        at.wait(lambda: at.page.objectName() == "guarantors_page")
        at.choose(1)
        at.panel_says("KES 40,000.00, 1 of 3 loans")
        at.panel_says("16 Mar 2026, signed form F-12")
        at.click("explain_capacity")
        at.dialog("explain_dialog")
        at.wait(lambda: at.says("explained_result") == "KES 20,000.00")
        at.click("close_explanation")
        at.wait_closed("explain_dialog")
        at.page.table.setFocus()
        at.key(Qt.Key.Key_Return)
        at.wait(lambda: at.page.objectName() == "loans_page")
        at.panel_says("KES 40,000.00, agreed")
        at.click("let_go")
        at.dialog("let_go_dialog")
        at.find("reason", NoteEdit).setPlainText("Has an own need.")
        at.go()
        at.wait_closed("let_go_dialog")
        at.panel_says("KES 40,000.00, let go; 16 Mar 2026, Has an own need.")
    assert office.sql("SELECT status FROM guarantee") == [("released",)]


def test_two_who_guarantee_each_other_are_shown_as_a_ring(
    office: PracticeOffice, seat: Seat, theme: Theme
) -> None:
    """Jane for Mary, and Mary for Jane."""
    mary, other = make.member(office, deposits_kes=90_000), jane(office)
    for of, by in ((mary, other), (other, mary)):
        row = office.write(loans.apply, make.application(of, 20_000), office.peter)
        make_guarantors.agreed(office, row.loan_id, by, 20_000)
    with seat(office.grace) as at:
        at.window.open_page("guarantors/ring")
        at.wait(lambda: len(at.shown()) == 2)
        at.choose(1)
        at.panel_says("guarantee each other in a ring")
        assert "Guarantors" in [action.text() for _kind, action in at.window.menus.offered()]
        theme.set_text_percent(150)
        at.window.resize(1024, 540)
        at.wait(lambda: cut_texts(at.window) == [])
        assert nameless(at.window) == []
        theme.set_text_percent(100)
        at.window.resize(1366, 697)
        at.wait(lambda: at.sees("open_borrower"))
        at.click("open_borrower")
        at.wait(lambda: at.opened[-1] == f"member/{mary.number}")


def test_the_papers_of_a_secured_loan_are_entered_until_its_rules_are_kept(
    office: PracticeOffice, seat: Seat
) -> None:
    member = make.member(office, deposits_kes=150_000)
    office.clock.advance(days=200)
    make.deposit(office, member, 5_000)
    new = make.application(member, 100_000, product_code="secured")
    row = office.write(loans.apply, new, office.peter)
    with seat(office.peter) as at:
        at.window.open_page("loans")
        at.choose(row.loan_id)
        at.panel_says("A third of the pay: No pay slip is entered.")
        at.panel_says("Guarantors: 3 needed, 0 agreed.")
        assert not at.find("appraise", QPushButton).isEnabled()
        at.click("pay_slip")
        at.dialog("pay_slip_dialog")
        at.type("basic", "60,000")
        at.type("gross", "85,000")
        at.go()
        at.wait(lambda: at.sees("deductions_error"))
        at.type("deductions", "38,000")
        at.go()
        at.wait_closed("pay_slip_dialog")
        at.panel_says("Rules\n8 of 10 kept.")
        at.panel_says("Papers\n0 of 4 are there.")
        at.click("papers")
        later = at.dialog("loan_papers_dialog")
        at.wait(lambda: cut_texts(later) == [])
        assert nameless(later) == []
        at.find("id_copy", ChoiceBox).choose("seen")
        at.go()
        at.wait_closed("loan_papers_dialog")
        at.panel_says("1 of 4 are there.")
        at.panel_says("Papers: Missing: Signed application form; Pay slips of three months.")
    assert office.count("pay_slip") == 1


def test_the_guarantors_of_a_late_loan_are_called_and_given_back_what_is_brought(
    office: PracticeOffice, seat: Seat
) -> None:
    loan = make_guarantors.late_loan(office, (60_000,))
    spent = (debit("2010.M-0001", 60_000_00), credit("1010", 60_000_00))
    make.post(office, JournalEntry(make.day(office), "test", "Spent", "T", spent))
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
        request = make.waiting_request(office, ApprovalKind.GUARANTORS_CALLED, loan.loan_id)
        make.decide(office, request, office.lucy)
        at.panel_says("taken, KES 0.00 given back.")
        at.wait(lambda: at.sees("give_back"))
        at.click("give_back")
        dialog = at.dialog("give_back_dialog")
        before = at.find("owed_to_guarantors", AmountLines).texts()[-1]
        assert before.startswith("Owed to the guarantors, KES ")
        assert (cut_texts(dialog), nameless(dialog)) == ([], [])
        at.type("amount", "10,000")
        at.go()
        at.wait_closed("give_back_dialog")
        at.panel_says("KES 10,000.00 given back.")
    assert office.sql("SELECT sum(cents) FROM guarantor_recovery WHERE kind = 'repaid'") == [
        (10_000_00,)
    ]
