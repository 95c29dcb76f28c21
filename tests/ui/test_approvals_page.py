"""The second person sees everything, decides by keyboard, and learns when somebody else was quicker."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QMessageBox

from sacco_desktop.demo.practice_office import PASSWORD
from sacco_desktop.domain.approvals import ApprovalStatus, Decision
from sacco_desktop.domain.payouts import PayoutStatus
from sacco_desktop.services.committee import decisions
from sacco_desktop.services.committee.decisions import ApprovalRow
from sacco_desktop.services.lending import loans
from sacco_desktop.services.membership import members
from sacco_desktop.services.office.approvals import Verdict
from sacco_desktop.services.payouts import payouts, phone_changes
from sacco_desktop.services.payouts.payouts import PayoutRow
from sacco_desktop.services.payouts.phone_changes import PhoneChange
from sacco_desktop.ui.pages.approvals import page
from sacco_desktop.ui.pages.approvals.requests import Request
from sacco_desktop.ui.widgets.frozen_table import FrozenTable
from tests.ui.practice_desk import AMINA, JANE, KIPCHOGE, MERCY, OTIENO, Seat, Town, said

Sit = Callable[[str], Seat]
CONTROL = Qt.KeyboardModifier.ControlModifier


def request_about(town: Town, words: str, by: str) -> ApprovalRow:
    """The newest request about a thing, as this person sees it."""
    found = town.read(decisions.list_requests, None, by)
    return max((row for row in found if words in row.about), key=lambda row: row.request_id)


def with_new_number(town: Town, member: str, phone: str) -> None:
    row = town.read(members.find, member, "peter")[0]
    town.write(phone_changes.change_phone, PhoneChange(row.member_id, row.version, phone), "peter")


def choose(seat: Seat, row: PayoutRow) -> None:
    seat.open_page("approvals")
    seat.choose("approvals_table", f"{row.loan_number} · ")


def test_a_loan_is_approved_by_keyboard_alone(town: Town, sit: Sit) -> None:
    loan = town.appraised(JANE)
    daniel = sit("daniel")
    daniel.open_page("approvals")
    table = daniel.choose("approvals_table", loan.number)
    QTest.keyClick(table, Qt.Key.Key_Return, CONTROL)
    daniel.find("approve_dialog")
    daniel.confirm()
    daniel.wait_gone("approve_dialog")
    assert town.read(loans.row_of, loan.loan_id).status == "approved"
    assert daniel.toasts == ["Approved. No money leaves now; a treasurer asks for the payout."]
    # The decided request leaves the list of what waits.
    daniel.wait(lambda: all(loan.number not in r.row.about for r in table.table_model.shown_rows()))


def test_older_decisions_come_when_they_are_asked_for(
    town: Town, sit: Sit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What waits is always listed; of what was decided the page begins with the newest, however many there are."""
    monkeypatch.setattr(page, "NEWEST", 1)
    waits = town.appraised(MERCY)
    every = town.read(decisions.list_requests, None, "daniel")
    closed = [row.request_id for row in every if row.status is not ApprovalStatus.WAITING]
    daniel = sit("daniel")
    daniel.open_page("approvals")
    table = daniel.choose("approvals_table", waits.number)
    rows = table.table_model.rows
    assert [r.row.request_id for r in rows if not r.is_waiting] == closed[:1] == [max(closed)]
    older = daniel.find("approvals_older", QAbstractButton)
    assert f"the newest 1 of {len(closed)} are listed" in older.text()
    daniel.click("approvals_older")
    daniel.wait(
        lambda: sum(not r.is_waiting for r in table.table_model.rows) == min(5, len(closed))
    )


def test_the_approver_sees_what_the_approval_is_bound_to(town: Town, sit: Sit) -> None:
    row = town.requested(KIPCHOGE, 10_050)
    lucy = sit("lucy")
    choose(lucy, row)
    lucy.wait(lambda: row.number in said(lucy.find("details")))
    panel = said(lucy.find("details"))
    for words in (
        "Kipchoge Ruto",
        "0713 553 103",
        "KES 10,050.00",
        "less Processing fee",
        "KES 9,499.75",
        "They get\nKES 9,499.00",
        "to deposits\nKES 0.75",
        "What will happen if you approve",
        "No money leaves now",
        "Grace Wanjiru",
    ):
        assert words in panel, words
    lucy.click("approve_open")
    assert "Your yes approves it." in said(lucy.find("approve_dialog"))


def test_rejecting_needs_a_reason_that_the_maker_reads(town: Town, sit: Sit) -> None:
    row = town.requested(AMINA)
    lucy = sit("lucy")
    choose(lucy, row)
    QTest.keyClick(lucy.find("approvals_table"), Qt.Key.Key_Delete, CONTROL)
    lucy.find("reject_dialog")
    lucy.confirm()
    lucy.wait(lambda: lucy.sees("reason_error"))
    assert lucy.text("reason_error") == "Write a reason that the other person will read."
    assert town.row(row).status is PayoutStatus.DRAFT
    lucy.type("reason", "She asked for less on the phone.")
    lucy.confirm()
    lucy.wait_gone("reject_dialog")
    assert town.row(row).status is PayoutStatus.CANCELLED
    asked = request_about(town, f"{row.loan_number} · ", "grace")
    assert asked.closing_words == "She asked for less on the phone."


def test_ones_own_request_has_no_button_and_says_who_can(town: Town, sit: Sit) -> None:
    row = town.requested(OTIENO)
    grace = sit("grace")
    grace.open_page("approvals")
    grace.click("saved_asked")
    grace.choose("approvals_table", f"{row.loan_number} · ")
    grace.wait(lambda: row.number in said(grace.find("details")))
    assert (
        "You made this, so someone else must approve it: Daniel Omondi or Esther Muthoni or Lucy Chebet."
        in said(grace.find("details"))
    )
    assert not grace.sees("approve_open")
    assert not grace.sees("reject_open")
    QTest.keyClick(grace.find("approvals_table"), Qt.Key.Key_Return, CONTROL)
    box = grace.find("message", QMessageBox)
    assert "Daniel Omondi or Esther Muthoni or Lucy Chebet" in box.text()
    box.close()
    assert town.row(row).status is PayoutStatus.DRAFT


def test_of_two_approvers_one_wins_and_the_other_is_told(town: Town, sit: Sit) -> None:
    row = town.requested(JANE)
    lucy = sit("lucy")
    choose(lucy, row)
    lucy.click("approve_open")
    lucy.find("approve_dialog")
    shown = request_about(town, f"{row.loan_number} · ", "daniel")
    town.write(
        decisions.decide,
        Verdict(shown.request_id, shown.fingerprint, Decision.REJECT, "Too early."),
        "daniel",
    )
    lucy.confirm()
    lucy.wait(lambda: lucy.sees("password_error"))
    assert lucy.text("password_error") == (
        "Daniel Omondi has rejected this already. The first decision stands."
    )
    assert town.row(row).status is PayoutStatus.CANCELLED
    lucy.press("approve_dialog", Qt.Key.Key_Escape)


def test_a_wrong_password_is_counted_and_decides_nothing(town: Town, sit: Sit) -> None:
    row = town.requested(AMINA)
    lucy = sit("lucy")
    choose(lucy, row)
    lucy.click("approve_open")
    lucy.confirm("not my password")
    lucy.wait(lambda: lucy.sees("password_error"))
    assert "2 tries left" in lucy.text("password_error")
    assert town.row(row).status is PayoutStatus.DRAFT
    lucy.confirm()
    lucy.wait_gone("approve_dialog")
    assert town.row(row).status is PayoutStatus.APPROVED


def test_enter_in_the_password_decides_nothing(town: Town, sit: Sit) -> None:
    row = town.requested(OTIENO)
    lucy = sit("lucy")
    choose(lucy, row)
    lucy.click("approve_open")
    lucy.type("password", "practice password")
    lucy.press("password", Qt.Key.Key_Return)
    assert lucy.sees("approve_dialog")
    assert not lucy.find("password").hasFocus()
    assert town.row(row).status is PayoutStatus.DRAFT
    lucy.press("approve_dialog", Qt.Key.Key_Escape)


def test_a_changed_number_is_marked_and_must_be_answered(town: Town, sit: Sit) -> None:
    with_new_number(town, MERCY, "0799 123 456")
    row = town.requested(MERCY)
    lucy = sit("lucy")
    choose(lucy, row)
    lucy.wait(lambda: "Call the member on the old number" in said(lucy.find("details")))
    assert "Peter Kamau changed it" in said(lucy.find("details"))
    lucy.click("approve_open")
    lucy.type("password", "practice password")
    assert not lucy.find("ok", QAbstractButton).isEnabled()
    assert lucy.text("why_locked") == "Answer what is marked above first."
    QTest.keyClick(lucy.find("confirmation_1"), Qt.Key.Key_Space)
    lucy.confirm()
    lucy.wait_gone("approve_dialog")
    assert town.row(row).status is PayoutStatus.APPROVED


def test_what_changed_after_it_was_asked_is_said_and_void(town: Town, sit: Sit) -> None:
    row = town.requested(KIPCHOGE)
    lucy = sit("lucy")
    choose(lucy, row)
    with_new_number(town, KIPCHOGE, "0798 765 432")
    lucy.wait(lambda: "What was asked for has changed since" in said(lucy.find("details")))
    lucy.click("approve_open")
    QTest.keyClick(lucy.find("confirmation_1"), Qt.Key.Key_Space)
    lucy.confirm()
    box = lucy.find("message", QMessageBox)
    assert "This request is void" in box.text()
    box.close()
    assert request_about(town, f"{row.loan_number} · ", "lucy").status is ApprovalStatus.VOID
    lucy.click("saved_decided")
    lucy.choose("approvals_table", f"{row.loan_number} · ")
    lucy.wait(lambda: "This request is void" in said(lucy.find("details")))


@pytest.mark.parametrize("percent", [100, 150])
def test_reading_again_keeps_the_row_under_the_cursor(town: Town, sit: Sit, percent: int) -> None:
    first, second = town.requested(JANE), town.requested(AMINA)
    lucy = sit("lucy")
    lucy.desk.theme.set_text_percent(percent)
    choose(lucy, second)
    town.write(
        payouts.take_back,
        payouts.PayoutChange(first.payout_id, town.row(first).version, "Not today."),
        "grace",
    )
    table = lucy.find("approvals_table", FrozenTable)
    lucy.wait(lambda: not any(first.loan_number in r.row.about for r in shown(table)))
    assert second.loan_number in table.current_row().row.about


def shown(table: FrozenTable) -> Sequence[Request]:
    return table.table_model.shown_rows()


def test_a_loan_is_approved_for_less(town: Town, sit: Sit) -> None:
    loan = town.appraised(JANE)
    daniel = sit("daniel")
    daniel.open_page("approvals")
    daniel.choose("approvals_table", loan.number)
    daniel.wait(lambda: daniel.sees("less_open"))
    daniel.click("less_open")
    dialog = daniel.find("less_dialog")
    daniel.type("amount", "5,200")
    daniel.wait(lambda: "The member gets" in said(dialog))
    daniel.type("password", PASSWORD)
    daniel.click("ok")
    daniel.wait(lambda: daniel.sees("reason_error"))
    daniel.type("reason", "The rest when this is repaid.")
    daniel.type("password", PASSWORD)
    daniel.click("ok")
    daniel.wait_gone("less_dialog")
    now = town.read(loans.detail, loan.loan_id)
    assert (now.row.status, now.row.amount_cents) == ("approved", 520_000)
    assert now.lowered is not None
    assert now.lowered.why == "The rest when this is repaid."
