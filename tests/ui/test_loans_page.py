"""Loans by keyboard: the offer before anybody agrees, appraisal, the request of a payout, what is next and who can."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QListWidget, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from sacco_desktop.domain.approvals import ApprovalKind, Decision
from sacco_desktop.domain.payout_ways import Way
from sacco_desktop.services.books.work import Actor
from sacco_desktop.services.lending import loans
from sacco_desktop.services.lending.loans import Appraisal
from sacco_desktop.ui.pages.loans.columns import COLUMNS
from sacco_desktop.ui.theme.theme import Theme
from sacco_desktop.ui.widgets.amount_lines import AmountLines
from sacco_desktop.ui.widgets.choice_box import ChoiceBox
from sacco_desktop.ui.widgets.frozen_table import FrozenTable
from sacco_desktop.ui.widgets.member_picker import MemberPicker
from sacco_desktop.ui.widgets.note_edit import NoteEdit
from tests import make
from tests.make import PracticeOffice
from tests.ui.counter import Counter, counter, said
from tests.ui.test_fit import cut_texts, nameless, outside

Seat = Callable[[Actor], AbstractContextManager[Counter]]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[PracticeOffice]:
    made = make.office(tmp_path)
    yield made
    made.close()


@pytest.fixture
def seat(tmp_path: Path, qtbot: QtBot, theme: Theme, office: PracticeOffice) -> Seat:
    return lambda who: counter(tmp_path, qtbot, theme, office, who)


def applied(office: PracticeOffice, kes: int = 100_000, deposits_kes: int = 60_000) -> int:
    member = make.member(office, deposits_kes=deposits_kes, first_name="Jane")
    return office.write(loans.apply, make.application(member, kes), office.peter).loan_id


def amounts(at: Counter, name: str) -> list[str]:
    return at.find(name, AmountLines).texts()


def test_the_list_shows_each_loan_with_its_state(office: PracticeOffice, seat: Seat) -> None:
    applied(office)
    make.approved_loan(office)
    with seat(office.peter) as at:
        at.window.open_page("loans")
        at.wait(lambda: len(at.shown()) == 2)
        assert [column.text(at.shown()[1]) for column in COLUMNS] == [
            "L-0001",
            "Jane Njeri Otieno",
            "○ Applied",
            "Development loan",
            "98,500.00",
            "16 Mar 2026",
            "12",
            "—",
            "100,000.00",
            "—",
            "M-0001",
        ]
        said_of_filters = said(at.page.filter_bar)
        for words in ("Applied  1", "To approve  0", "To pay out  1", "Active  0", "All  2"):
            assert words in said_of_filters
        at.click("saved_to_pay_out")
        at.wait(lambda: [row.number for row in at.shown()] == ["L-0002"])
        at.click("saved_to_approve")
        at.wait(lambda: at.says("list_state") == "No loan waits for the committee.")


def test_apply_by_keyboard_with_the_schedule_in_view(office: PracticeOffice, seat: Seat) -> None:
    make.member(office, deposits_kes=60_000, first_name="Jane")
    make.member(office, deposits_kes=60_000, first_name="Amina")
    with seat(office.peter) as at:
        at.window.open_page("loans")
        at.wait(lambda: at.sees("list_state_action"))
        at.key(Qt.Key.Key_N, control=True)
        dialog = at.dialog("new_loan_dialog")
        at.wait(lambda: at.find("product", ChoiceBox).value() == "development")
        assert at.focus().objectName() == "member"
        at.pick_member("jane")
        at.key(Qt.Key.Key_Return)
        at.key(Qt.Key.Key_Return)
        at.keys("100000")
        at.key(Qt.Key.Key_Return)
        at.keys("12")
        at.wait(lambda: at.sees("offer_amounts") and len(amounts(at, "offer_amounts")) == 4)
        assert amounts(at, "offer_amounts") == [
            "Loan, KES 100,000.00",
            "Processing fee −1,000.00",
            "Loan insurance −500.00",
            "Net to the member 98,500.00",
        ]
        rows = at.find("schedule", FrozenTable).table_model.rows
        assert [row.total_cents for row in rows] == [888_500] * 11 + [888_346]
        at.wait(lambda: "The deposits carry KES 180,000.00: 3 × 60,000.00" in said(dialog))
        at.wait(lambda: "✓ Ceiling: 3 × 60,000.00" in at.says("offer_rules"))
        assert office.count("loan") == 0
        at.key(Qt.Key.Key_Return)
        at.keys("School fees")
        at.go()
        at.wait_closed("new_loan_dialog")
        assert at.toasts == [
            "Written. L-0001 for Jane Njeri Otieno, KES 100,000.00. Next: appraisal."
        ]
        assert office.sql("SELECT status, purpose, instalments FROM loan") == [
            ("submitted", "School fees", 12)
        ]
        at.panel_says("You can appraise it.")


def test_an_offer_with_fees_and_grace_is_spelled_out_and_printed_before_it_is_written(
    office: PracticeOffice, seat: Seat
) -> None:
    make.member(office, deposits_kes=60_000, first_name="Jane")
    office.clock.advance(days=200)
    with seat(office.peter) as at:
        at.window.open_page("loans")
        at.command("new")
        dialog = at.dialog("new_loan_dialog")
        at.wait(lambda: at.find("product", ChoiceBox).value() == "development")
        assert not at.find("print_offer", QPushButton).isEnabled()
        at.find("product", ChoiceBox).choose("group")
        at.pick_member("M-0001")
        at.type("amount", "100000")
        at.type("instalments", "52")
        at.wait(lambda: at.find("print_offer", QPushButton).isEnabled())
        assert amounts(at, "offer_amounts") == [
            "Asked, KES 100,000.00",
            "Fees lent with it 1,500.00",
            "Loan 101,500.00",
            "Processing fee −1,500.00",
            "Net to the member 100,000.00",
        ]
        words = at.says("offer_words")
        assert "reducing balance, equal instalments" in words
        assert "The first 2 instalments have no principal." in words
        assert "Fees: KES 20.00 with each instalment." in words
        assert "the first instalment falls due on 9 Oct 2026" in words
        table = at.find("schedule", FrozenTable)
        heads = [column.title for column in table.table_model.columns]
        assert not table.isColumnHidden(heads.index("Fees KES"))
        at.click("print_offer")
        at.wait(lambda: len(at.papers) == 1)
        assert at.papers[0].title == "Proposed schedule Group weekly loan"
        assert at.papers[0].file_name == "M-0001_Jane-Njeri-Otieno_Schedule_Group-weekly-loan.pdf"
        assert office.count("loan") == 0
        at.find("product", ChoiceBox).choose("development")
        at.wait(lambda: table.isColumnHidden(heads.index("Fees KES")))
        dialog.reject()


def test_who_is_too_new_for_a_product_is_told_while_the_form_is_filled_in(
    office: PracticeOffice, seat: Seat
) -> None:
    member = make.member(office, deposits_kes=60_000, first_name="Jane")
    new = make.application(member, 20_000, product_code="school_fees", instalments=3)
    row = office.write(loans.apply, new, office.peter)
    with seat(office.peter) as at:
        at.window.open_page("loans")
        at.command("new")
        dialog = at.dialog("new_loan_dialog")
        at.wait(lambda: at.find("product", ChoiceBox).value() == "development")
        at.find("product", ChoiceBox).choose("school_fees")
        at.pick_member("M-0001")
        at.wait(lambda: "6 months are asked for, so from 16 Sep 2026 on." in said(dialog))
        dialog.reject()
        at.choose(row.loan_id)
        at.panel_says("Cannot be appraised yet")
        at.panel_says("Membership: Joined on 16 Mar 2026; 6 months are asked for")
        assert not at.find("appraise", QPushButton).isEnabled()


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("amount", "", "Write the amount in figures, for example 2,500 or 2500.50."),
        ("amount", "ten", "Write the amount in figures, for example 2,500 or 2500.50."),
        ("amount", "100", "The Development loan is from KES 5,000.00 to KES 3,000,000.00."),
        ("instalments", "12.5", "Write the number of instalments in figures, for example 12."),
        ("instalments", "0", "Write the number of instalments in figures, for example 12."),
        ("instalments", "99", "The Development loan has 3 to 72 instalments."),
        ("purpose", "  ", "Write what the loan is for."),
        ("member", "nobody", "Choose the member who asks for the loan."),
    ],
)
def test_an_application_that_is_wrong_is_not_written(
    office: PracticeOffice, seat: Seat, field: str, typed: str, sentence: str
) -> None:
    make.member(office, deposits_kes=60_000)
    with seat(office.peter) as at:
        at.window.open_page("loans")
        at.command("new")
        at.dialog("new_loan_dialog")
        at.wait(lambda: at.find("product", ChoiceBox).value() == "development")
        at.pick_member("M-0001")
        for name, text in (("amount", "50000"), ("instalments", "12"), ("purpose", "Roof")):
            at.type(name, text)
        at.type(field, typed)
        at.go()
        at.wait(lambda: at.sees(f"{field}_error"))
        assert at.says(f"{field}_error") == sentence
        assert at.focus().objectName() == field
        assert office.count("loan") == 0
        at.dialog("new_loan_dialog").reject()


def test_what_the_product_does_not_allow_is_said_while_it_is_typed(
    office: PracticeOffice, seat: Seat
) -> None:
    make.member(office, deposits_kes=10_000)
    with seat(office.peter) as at:
        at.window.open_page("loans")
        at.command("new")
        dialog = at.dialog("new_loan_dialog")
        at.wait(lambda: at.find("product", ChoiceBox).value() == "development")
        at.find("product", ChoiceBox).choose("emergency")
        at.wait(lambda: at.says("instalments_note") == "1 to 12.")
        at.pick_member("M-0001")
        at.type("amount", "50000")
        at.type("instalments", "24")
        at.wait(lambda: at.says("offer_words") == "The Emergency loan has 1 to 12 instalments.")
        assert not at.sees("schedule")
        at.wait(lambda: "This asks for KES 20,000.00 more" in said(dialog))
        at.type("instalments", "6")
        at.wait(lambda: at.sees("schedule"))
        at.type("amount", "")
        at.wait(lambda: not at.sees("schedule"))
        dialog.reject()


def test_appraise_sends_it_to_the_committee(office: PracticeOffice, seat: Seat) -> None:
    loan = applied(office)
    with seat(office.peter) as at:
        at.window.open_page("loans")
        at.choose(loan)
        at.panel_says("You can appraise it.")
        at.go()
        at.dialog("appraise_dialog")
        assert amounts(at, "limit") == [
            "The deposits carry, KES 180,000.00",
            "Asked 100,000.00",
            "Left after this loan 80,000.00",
        ]
        at.go()
        at.wait(lambda: at.sees("note_error"))
        assert at.says("note_error") == "Write what you checked and what you recommend."
        assert office.count("approval_request", "kind = 'loan'") == 0
        at.keys("Pays on time.")
        at.wait(lambda: not at.sees("note_error"))
        at.go()
        at.wait_closed("appraise_dialog")
        assert at.toasts == [
            "Sent for approval. Nothing has changed yet. The committee decides on L-0001."
        ]
        at.panel_says("Daniel Omondi can decide on it.")
        assert not at.sees("appraise")
        assert office.sql("SELECT status, appraisal FROM loan") == [("appraised", "Pays on time.")]


def test_a_loan_that_the_deposits_do_not_carry_is_locked_with_the_reason(
    office: PracticeOffice, seat: Seat
) -> None:
    loan = applied(office, kes=200_000)
    with seat(office.peter) as at:
        at.window.open_page("loans")
        at.choose(loan)
        at.panel_says("leaves KES 180,000.00, and KES 200,000.00 is asked.")
        assert not at.find("appraise", QPushButton).isEnabled()
        at.command("main_action")
        assert not at.sees("appraise_dialog")


def test_who_appraised_it_meanwhile_is_told(office: PracticeOffice, seat: Seat) -> None:
    loan = applied(office)
    with seat(office.peter) as at:
        at.window.open_page("loans")
        at.choose(loan)
        at.panel_says("You can appraise it.")
        at.click("appraise")
        at.dialog("appraise_dialog")
        office.write(loans.appraise, Appraisal(loan, 1, "I was first."), office.peter)
        at.find("note", NoteEdit).setPlainText("I was second.")
        at.go()
        box = at.find("message", QWidget)
        assert "Peter Kamau appraised a loan L-0001" in said(box)
        assert "Nothing of yours was saved." in said(box)
        box.close()
        assert at.find("note", NoteEdit).toPlainText() == "I was second."
        assert office.read(loans.detail, loan, office.peter).appraisal == "I was first."
        at.dialog("appraise_dialog").reject()


def test_the_treasurer_asks_for_the_payout_once(office: PracticeOffice, seat: Seat) -> None:
    member = make.member(office, deposits_kes=100_000, first_name="Jane")
    loan = make.approved_loan(office, member, kes=99_999)
    with seat(office.grace) as at:
        at.window.open_page("loans")
        at.choose(loan.loan_id)
        at.panel_says("You or Lucy Chebet can ask for its payout.")
        at.click("ask_payout")
        dialog = at.dialog("payout_request_dialog")
        assert amounts(at, "payout_amounts") == [
            "Loan, KES 99,999.00",
            "Processing fee −999.99",
            "Loan insurance −500.00",
            "Net to the member 98,499.01",
            "By M-Pesa 98,499.00",
            "To the member's deposits 0.01",
            "M-Pesa's charge, borne by the society 13.00",
        ]
        words = said(dialog)
        assert "0712 345 001" in words
        assert "Can be approved by Daniel Omondi or Lucy Chebet." in words
        assert "Nothing leaves now." in words
        at.click("ok")
        at.go()
        at.wait_closed("payout_request_dialog")
        assert at.toasts == [
            "Sent for approval. Nothing has left yet. PO-2026-0001, KES 98,499.01."
        ]
        assert office.sql("SELECT status FROM payout") == [("draft",)]
        at.panel_says("Daniel Omondi or Lucy Chebet can approve its payout.")
        assert not at.sees("ask_payout")


def test_a_payout_above_the_limit_of_mpesa_is_shown_in_its_parts(
    office: PracticeOffice, seat: Seat
) -> None:
    loan = make.approved_loan(office, kes=290_000)
    with seat(office.grace) as at:
        at.window.open_page("loans")
        at.choose(loan.loan_id)
        at.panel_says("can ask for its payout")
        at.click("ask_payout")
        dialog = at.dialog("payout_request_dialog")
        assert amounts(at, "payout_amounts")[-3:] == [
            "Part 1 of 2 by M-Pesa 250,000.00",
            "Part 2 of 2 by M-Pesa 35,650.00",
            "M-Pesa's charge, borne by the society 26.00",
        ]
        assert "2 payments: 250,000.00 and 35,650.00. Each is approved by itself." in said(dialog)
        at.click("ok")
        at.go()
        at.wait_closed("payout_request_dialog")
        assert office.count("payout") == 2
        at.panel_says("can approve part 1 of its payout.")
        at.panel_says("0 of 2 parts paid")


def test_a_payout_by_bank_needs_the_account(office: PracticeOffice, seat: Seat) -> None:
    loan = make.approved_loan(office)
    with seat(office.grace) as at:
        at.window.open_page("loans")
        at.choose(loan.loan_id)
        at.panel_says("can ask for its payout")
        at.click("ask_payout")
        dialog = at.dialog("payout_request_dialog")
        at.find("way", ChoiceBox).choose(Way.BANK)
        assert amounts(at, "payout_amounts")[-1] == "By bank transfer 98,500.00"
        at.type("bank", "Equity Bank")
        at.type("bank_code", "68")
        at.type("branch_code", "123")
        at.click("ok")
        at.go()
        at.wait(lambda: "An account number has 5 to 20 figures." in said(dialog))
        at.type("account_number", "0123456789")
        at.click("ok")
        at.go()
        at.wait_closed("payout_request_dialog")
        assert office.sql("SELECT way, handed_cents, status FROM payout") == [
            ("bank", 9_850_000, "draft")
        ]


def test_each_person_is_shown_the_own_next_step(office: PracticeOffice, seat: Seat) -> None:
    waiting = make.appraised_loan(office, make.member(office, deposits_kes=50_000))
    ready = make.approved_payout(office)
    with seat(office.daniel) as at:
        at.window.open_page("loans")
        at.choose(waiting.loan_id)
        at.panel_says("You can decide on it.")
        at.click("open_approvals")
        assert at.opened == ["approvals"]
        assert not at.sees("loans_new")
    with seat(office.grace) as at:
        at.window.open_page("loans")
        at.choose(ready.loan_id or 0)
        at.panel_says("You can send its payout.")
        at.click("open_payouts")
        assert at.opened == ["payouts"]
    with seat(office.lucy) as at:
        at.window.open_page("loans")
        at.choose(ready.loan_id or 0)
        at.panel_says("Grace Wanjiru can send its payout.")
        assert not at.sees("open_payouts")


def test_why_the_committee_said_no(office: PracticeOffice, seat: Seat) -> None:
    loan = make.appraised_loan(office, make.member(office, deposits_kes=50_000))
    request = make.waiting_request(office, ApprovalKind.LOAN, loan.loan_id)
    make.decide(office, request, office.daniel, Decision.REJECT, "Two other loans are <late>.")
    with seat(office.peter) as at:
        at.window.open_page("loans")
        at.choose(loan.loan_id)
        at.panel_says("Two other loans are <late>.")
        at.panel_says("The committee said no")


def test_the_schedule_is_a_paper_and_a_dialog(office: PracticeOffice, seat: Seat) -> None:
    loan = applied(office)
    with seat(office.daniel) as at:
        at.window.open_page("loans")
        at.choose(loan)
        at.command("print")
        at.wait(lambda: len(at.papers) == 1)
        assert at.papers[0].title == "Proposed schedule L-0001"
        assert at.papers[0].file_name == "M-0001_Jane-Njeri-Otieno_Schedule_L-0001.pdf"
        at.page.table.setFocus()
        at.key(Qt.Key.Key_Return)
        at.dialog("loan_dialog")
        assert len(at.find("schedule", FrozenTable).table_model.rows) == 12
        words = said(at.dialog("loan_dialog"))
        assert "Each instalment up to the next KES 1.00; the last takes the rest" in words
        assert "One month after the payout" in words
        assert "Interest stays as in the schedule" in words
        at.key(Qt.Key.Key_Escape)
        at.wait_closed("loan_dialog")
        assert office.count("paper_print") == 1


def test_an_office_without_loans_offers_the_first(office: PracticeOffice, seat: Seat) -> None:
    with seat(office.peter) as at:
        at.window.open_page("loans")
        at.wait(lambda: at.says("list_state") == "No loans yet.")
        at.click("list_state_action")
        at.dialog("new_loan_dialog").reject()
    with seat(office.daniel) as at:
        at.window.open_page("loans")
        at.wait(lambda: at.says("list_state").startswith("No loans yet. An officer"))


def test_a_name_with_tags_is_a_name(office: PracticeOffice, seat: Seat) -> None:
    member = make.member(office, deposits_kes=60_000, first_name="<b>X</b>", last_name="&amp;")
    new = replace(make.application(member), purpose="<img src=x> cow")
    loan = office.write(loans.apply, new, office.peter).loan_id
    with seat(office.peter) as at:
        at.window.open_page("loans")
        at.choose(loan)
        at.panel_says("<img src=x> cow")
        title = at.page.panel.findChild(QLabel, "details_title")
        assert isinstance(title, QLabel)
        assert title.text() == "<b>X</b> Njeri &amp;"
        at.click("appraise")
        dialog = at.dialog("appraise_dialog")
        assert "<b>X</b>" in said(dialog)
        plain = [label.textFormat() for label in dialog.findChildren(QLabel) if label.text()]
        assert set(plain) == {Qt.TextFormat.PlainText}
        dialog.reject()


@pytest.mark.parametrize(
    ("size", "percent"),
    [((1366, 697), 100), ((1024, 540), 100), ((1366, 697), 150), ((1024, 540), 150)],
)
def test_nothing_is_cut_or_nameless(
    office: PracticeOffice, seat: Seat, theme: Theme, size: tuple[int, int], percent: int
) -> None:
    loan = applied(office, kes=179_000)
    ready = make.approved_loan(office)
    theme.set_text_percent(percent)

    def looks_right(at: Counter, name: str) -> None:
        dialog = at.dialog(name)
        at.wait(lambda: cut_texts(dialog) == [])
        assert outside(dialog) == []
        assert nameless(dialog) == []
        assert dialog.width() <= size[0]
        assert dialog.height() <= size[1]
        dialog.reject()
        at.wait_closed(name)

    with seat(office.peter) as at:
        at.window.resize(*size)
        at.window.open_page("loans")
        at.choose(loan)
        at.wait(lambda: cut_texts(at.window) == [])
        assert outside(at.window) == []
        assert nameless(at.window) == []
        assert at.page.table.horizontalScrollBar().maximum() == 0
        at.key(Qt.Key.Key_Return)
        looks_right(at, "loan_dialog")
        at.command("main_action")
        looks_right(at, "appraise_dialog")
        at.command("new")
        at.wait(lambda: at.find("product", ChoiceBox).value() == "development")
        at.pick_member("M-0001")
        at.type("amount", "1500000")
        at.type("instalments", "60")
        at.wait(lambda: at.sees("schedule"))
        looks_right(at, "new_loan_dialog")
    with seat(office.grace) as at:
        at.window.resize(*size)
        at.window.open_page("loans")
        at.choose(ready.loan_id)
        at.wait(lambda: at.page.table.current_row().loan_id == ready.loan_id)
        at.key(Qt.Key.Key_Return)
        at.dialog("loan_dialog")
        at.click("ask_payout")
        looks_right(at, "payout_request_dialog")


def test_the_lines_of_the_member_list_are_never_cut(office: PracticeOffice, seat: Seat) -> None:
    for _ in range(3):
        make.member(office, first_name="Wanjirũ", other_names="Wairimũ", last_name="Ngaruiya-Kamau")
    with seat(office.peter) as at:
        at.window.open_page("loans")
        at.command("new")
        dialog = at.dialog("new_loan_dialog")
        at.type("member", "ngaruiya")
        at.wait(lambda: len(at.find("member", MemberPicker).found_lines()) == 3)
        lines = at.find("member_found", QListWidget)
        assert lines.sizeHintForColumn(0) <= lines.viewport().width()
        assert lines.viewport().height() >= 3 * lines.sizeHintForRow(0)
        dialog.reject()
