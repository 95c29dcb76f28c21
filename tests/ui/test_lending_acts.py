"""Acts by keyboard that two people agree on: the members' vote, insiders, a fee beside the loan, an agreement taken
back, deposits that pay a loan, their papers, and an employer's columns said by hand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QMenu, QMessageBox, QPushButton, QTabWidget, QWidget
from pytestqt.qtbot import QtBot

from sacco_desktop.domain.approval_levels import Band, Step
from sacco_desktop.domain.approvals import ApprovalKind
from sacco_desktop.domain.insiders import TieKind
from sacco_desktop.domain.old_books.cells import OldFile, Sheet
from sacco_desktop.domain.permissions import Role
from sacco_desktop.services.books.work import Actor
from sacco_desktop.services.committee import decisions
from sacco_desktop.services.lending import loan_papers, loans
from sacco_desktop.services.lending.loan_papers import Tick, Ticks
from sacco_desktop.services.lending.loans import Appraisal
from sacco_desktop.services.membership import insider_ties, members
from sacco_desktop.services.office import approval_rules
from sacco_desktop.services.office.approval_rules import LevelsChange
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.page import PageEntry
from sacco_desktop.ui.pages.approvals.page import approvals_page
from sacco_desktop.ui.pages.loans.page import loans_page
from sacco_desktop.ui.pages.members.member_page import member_page
from sacco_desktop.ui.pages.savings.check_off_dialog import CheckOffDialog
from sacco_desktop.ui.pages.savings.page import savings_page
from sacco_desktop.ui.theme.theme import Theme
from sacco_desktop.ui.widgets.amount_lines import AmountLines
from sacco_desktop.ui.widgets.choice_box import ChoiceBox
from tests import make, make_endings, make_loans
from tests.make import PracticeOffice
from tests.ui.counter import Counter, counter
from tests.ui.test_fit import cut_texts, nameless, outside

Seat = Callable[[Actor], AbstractContextManager[Counter]]
OFFICES = frozenset({Role.COMMITTEE, Role.SECRETARY})


@pytest.fixture
def office(tmp_path: Path) -> Iterator[PracticeOffice]:
    made = make.office(tmp_path)
    yield made
    made.close()


@pytest.fixture
def seat(tmp_path: Path, qtbot: QtBot, theme: Theme, office: PracticeOffice) -> Seat:
    return lambda who: counter(tmp_path, qtbot, theme, office, who, _pages)


def _pages(desk: Desk) -> Sequence[PageEntry]:
    return (
        PageEntry("loans", "Loans", "landmark", "Ctrl+4", lambda: loans_page(desk)),
        PageEntry("member", "Member", "user", "", lambda: member_page(desk), under="loans"),
        PageEntry("savings", "Savings", "piggy-bank", "Ctrl+3", lambda: savings_page(desk)),
        PageEntry("approvals", "Approvals", "check", "Ctrl+5", lambda: approvals_page(desk)),
    )


def fits(dialog: QWidget) -> bool:
    return (cut_texts(dialog), nameless(dialog), outside(dialog)) == ([], [], [])


def test_one_records_the_members_vote_and_another_attests_to_it(
    office: PracticeOffice, seat: Seat
) -> None:
    sarah = make.person(office, "Sarah Njeri", Role.SECRETARY)
    make.person(office, "Ruth Akinyi", Role.COMMITTEE)
    steps = (Step(frozenset({Role.COMMITTEE}), 1), Step(OFFICES, 1, members_vote=True))
    levels = LevelsChange(ApprovalKind.LOAN, (Band(None, steps),), make.day(office))
    make.decide(office, office.write(approval_rules.ask_levels, levels, sarah), office.daniel)
    loan = make.appraised_loan(office, make.member(office, deposits_kes=100_000))
    request = make.waiting_request(office, ApprovalKind.LOAN, loan.loan_id)
    make.decide(office, request, office.daniel)
    with seat(sarah) as at:
        at.window.open_page("approvals")
        at.choose(request)
        at.wait(lambda: at.sees("vote_open"))
        at.click("vote_open")
        dialog = at.dialog("vote_dialog")
        at.wait(lambda: fits(dialog))
        assert at.focus() is at.find("meeting")
        # By Enter from field to field; what is wrong is said under its field, and nothing that was typed goes.
        for words in ("Annual general meeting", "31/02/2026", "AGM 1/2026", "forty"):
            at.keys(words)
            at.key(Qt.Key.Key_Return)
        assert at.says("held_on_error")
        assert at.says("votes_for_error")
        at.type("held_on", "t")
        at.type("votes_for", "40")
        at.type("votes_against", "2")
        at.type("abstained", "0")
        at.type("evidence", "Minute book 4")
        at.go()
        at.wait_closed("vote_dialog")
        assert at.toasts == ["Recorded. The members carried it. Somebody else attests to it now."]
        # It waits for somebody else now, so it is no longer among what she can decide.
        at.wait(lambda: not at.shown())
    [waits] = office.read(decisions.list_waiting, None, sarah)
    assert waits.vote is not None
    assert waits.vote.words.endswith(
        "40 for, 2 against, 0 abstained, carried. Recorded by Sarah Njeri."
    )


def test_an_insider_is_written_down_by_one_and_ended_by_another(
    office: PracticeOffice, seat: Seat
) -> None:
    member = make.member(office)

    def insider(at: Counter) -> QWidget:
        at.window.open_page(f"member/{member.number}")
        at.wait(lambda: member.number in at.says("member_number"))
        at.click("member_status")
        menu = at.find("member_status_menu", QMenu)
        menu.close()
        next(act for act in menu.actions() if act.objectName() == "status_insider").trigger()
        return at.dialog("insider_dialog")

    with seat(office.peter) as at:
        dialog = insider(at)
        assert at.says("insider_now") == "Not an insider today."
        # Nothing is chosen for a hasty clerk, who would write down a member of the board.
        at.go()
        at.wait(lambda: at.says("kind_error") == "Choose why the member is an insider.")
        at.find("kind", ChoiceBox).choose(TieKind.RELATION)
        at.go()
        at.wait(lambda: at.sees("of_member_error"))
        at.find("kind", ChoiceBox).choose(TieKind.BOARD)
        assert not at.sees("of_member_error")
        at.type("note", "AGM 3/2026")
        at.wait(lambda: fits(dialog))
        at.go()
        at.wait_closed("insider_dialog")
        at.wait(lambda: at.sees("head_insider"))
        insider(at)
        # Who wrote it down does not end it.
        assert not at.find("end_tie_1", QPushButton).isEnabled()
        at.key(Qt.Key.Key_Escape)
        at.wait_closed("insider_dialog")
    with seat(office.daniel) as at:
        insider(at)
        at.click("end_tie_1")
        at.wait_closed("insider_dialog")
        ending = at.dialog("end_tie_dialog")
        at.wait(lambda: fits(ending))
        at.type("why", "AGM 4/2026")
        at.go()
        at.wait_closed("end_tie_dialog")
    (tie,) = office.read(insider_ties.look, member.member_id, office.daniel).ties
    assert (tie.ended_by, tie.ended_why) == ("Daniel Omondi", "AGM 4/2026")


def test_a_fee_beside_the_loan_is_taken_once_with_a_receipt(
    office: PracticeOffice, seat: Seat
) -> None:
    of = make.member(office, deposits_kes=100_000)
    row = office.write(loans.apply, make.application(of, product_code="vehicle"), office.peter)
    ticks = tuple(Tick(code, is_there=True) for code in ("signed_form", "quotation"))
    office.write(loan_papers.tick, Ticks(row.loan_id, ticks), office.peter)
    office.write(loans.appraise, Appraisal(row.loan_id, row.version, "Good."), office.peter)
    request = make.waiting_request(office, ApprovalKind.LOAN, row.loan_id)
    make.decide(office, request, office.daniel)
    before = office.count("journal_entry")
    with seat(office.peter) as at:
        at.window.open_page("loans")
        at.choose(row.loan_id)
        at.wait(lambda: at.sees("loan_fees"))
        at.click("loan_fees")
        dialog = at.dialog("loan_fees_dialog")
        at.wait(lambda: fits(dialog))
        lines = at.find("loan_fees", AmountLines)
        assert lines.texts() == ["Valuation fee 1,500.00", "To be brought, KES 1,500.00"]
        # Arabic figures, as a phone's keyboard may give them.
        at.find("value_date", QLineEdit).setText("٣/٣/2026")
        at.go()
        at.wait(lambda: at.sees("value_date_error"))
        assert office.count("journal_entry") == before
        at.type("value_date", "t")
        # A double click and the key at once are one receipt: the key of the act was made when the dialog opened.
        ok = at.find("ok", QPushButton)
        QTest.mouseClick(ok, Qt.MouseButton.LeftButton)
        QTest.mouseDClick(ok, Qt.MouseButton.LeftButton)
        at.wait_closed("loan_fees_dialog")
        at.wait(lambda: len(at.papers) == 1)
        assert "KES 1,500.00" in at.toasts[-1]
        at.wait(lambda: not at.sees("loan_fees"))
    assert office.count("journal_entry") == before + 1


def test_a_new_agreement_is_taken_back_and_each_has_its_paper(
    office: PracticeOffice, seat: Seat
) -> None:
    loan = make_loans.active_loan(office)
    make_endings.agree(office, make_endings.ask_reschedule(office, loan.loan_id))
    with seat(office.peter) as at:
        at.window.open_page("loans")
        at.choose(loan.loan_id)
        at.wait(lambda: at.sees("agreement_letter"))
        at.click("agreement_letter")
        at.wait(lambda: len(at.papers) == 1)
        at.click("agreement_back")
        dialog = at.dialog("agreement_back_dialog")
        at.wait(lambda: fits(dialog))
        assert at.focus() is at.find("reason")
        at.go()
        at.wait(lambda: at.sees("reason_error"))
        at.keys("The harvest was good.")
        at.go()
        at.wait_closed("agreement_back_dialog")
        request = make.waiting_request(office, ApprovalKind.RESCHEDULE_UNDONE, loan.loan_id)
        make_endings.agree(office, request)
        at.wait(lambda: not at.sees("agreement_back"))
        at.wait(lambda: at.sees("reschedule"))


def test_deposits_pay_a_loan_and_the_last_allowance_is_printed(
    office: PracticeOffice, seat: Seat
) -> None:
    make.setting(office, "loan.from_deposits", "yes")
    loan = make_loans.active_loan(office)
    make.deposit(office, office.read(members.find, loan.member_number)[0], 200_000)
    with seat(office.grace) as at:
        at.window.open_page("loans")
        at.click("allowance")
        allowance = at.dialog("allowance_dialog")
        at.wait(lambda: fits(allowance))
        at.click("print_allowance")
        nothing = at.find("message", QMessageBox)
        assert nothing.text() == "No allowance was set aside yet, so there is nothing to print."
        nothing.close()
        at.go()
        at.wait_closed("allowance_dialog")
        make_endings.agree(office, make.waiting_request(office, ApprovalKind.PROVISIONING, 1))
        at.click("allowance")
        at.click("print_allowance")
        at.wait(lambda: len(at.papers) == 1)
        # It is set for today, and the button says so again instead of that the figures are not here yet.
        at.wait(lambda: "already" in at.says("as_of_error"))
        at.go()
        assert "already" in at.says("as_of_error")
        at.key(Qt.Key.Key_Escape)
        at.wait_closed("allowance_dialog")
        at.choose(loan.loan_id)
        at.wait(lambda: at.sees("from_deposits"))
        at.click("from_deposits")
        dialog = at.dialog("from_deposits_dialog")
        at.wait(lambda: fits(dialog))
        at.keys("Letter of 16 March.")
        at.go()
        at.wait_closed("from_deposits_dialog")
        request = make.waiting_request(office, ApprovalKind.LOAN_FROM_DEPOSITS, loan.loan_id)
        make.decide(office, request, office.lucy)
        at.wait(lambda: not at.sees("from_deposits"))
    assert office.read(loans.row_of, loan.loan_id).status == "closed"


def test_the_columns_of_a_list_are_said_by_hand_for_the_sheet_that_is_open(
    office: PracticeOffice, seat: Seat
) -> None:
    """Two sheets without headings that we know; what was said of one is not taken for the other."""
    number = make.member(office, first_name="Jane").number
    may = Sheet("May", (("Kazi Na.", "Makato"), (number, 500)))
    june = Sheet("June", (("Makato", "x", "Kazi Na."), (700, 1, number)))
    with seat(office.grace) as at:
        at.window.open_page("savings/check_off")
        tabs = at.find("savings_tabs", QTabWidget)
        at.wait(lambda: tabs.currentWidget().findChild(QPushButton, "new_check_off") is not None)
        at.click("new_check_off")
        dialog = at.dialog("check_off_dialog")
        assert isinstance(dialog, CheckOffDialog)
        dialog.take(OldFile("may.xlsx", "ab" * 32, "workbook", (may, june)))
        at.wait(lambda: at.sees("file_error"))
        at.type("employer", "County of Voi")
        at.click("columns")
        columns = at.dialog("check_off_columns_dialog")
        at.wait(lambda: fits(columns))
        at.type("first_row", "2")
        at.key(Qt.Key.Key_Return)
        at.find("amount", ChoiceBox).choose(1)
        at.go()
        assert at.says("named_error")
        at.find("named", ChoiceBox).choose(0)
        at.go()
        at.wait_closed("check_off_columns_dialog")
        sums = at.find("check_off_sums", AmountLines)
        at.wait(lambda: sums.texts() == ["The lines come to, KES 500.00", "Of members 500.00"])
        at.find("sheet", ChoiceBox).choose("June")
        at.wait(lambda: at.sees("file_error"))
        assert sums.texts() == []
        at.wait(lambda: fits(dialog))
        dialog.reject()
