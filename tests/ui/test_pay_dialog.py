"""Before money leaves everything is seen and answered; while it leaves each payment is told on its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget

from sacco_desktop.domain.payouts import PayoutStatus
from sacco_desktop.operations.send_batches import send_batch, send_new_batch
from sacco_desktop.services.membership import members
from sacco_desktop.services.payouts import phone_changes
from sacco_desktop.services.payouts.phone_changes import PhoneChange
from tests.ui.practice_desk import (
    AMINA,
    JANE,
    KIPCHOGE,
    MERCY,
    OTIENO,
    PHONES,
    Seat,
    Town,
    said,
)

Sit = Callable[[str], Seat]


@pytest.fixture(autouse=True)
def _calm(town: Town) -> Iterator[None]:
    yield
    town.calm()


def money_moved(town: Town) -> int:
    """How many payments Safaricom has taken in all."""
    return len(town.office.safaricom.transactions)


def pause(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    """Between two payments, in place of the second that M-Pesa wants."""
    for send in (send_new_batch, send_batch):
        assert send.__kwdefaults__ is not None
        monkeypatch.setitem(send.__kwdefaults__, "pause_seconds", seconds)


def head(seat: Seat, words: str) -> bool:
    return seat.sees("sending_head") and words in seat.text("sending_head")


def test_it_says_who_gets_what_out_of_which_account(town: Town, sit: Sit) -> None:
    first, second = town.ready(JANE, 40_000), town.ready(AMINA, 35_000)
    grace = sit("grace")
    dialog = grace.pay_dialog(first, second)
    told = said(dialog)
    for words in (
        "Jane Wanjiku",
        "0712 345 678",
        first.loan_number,
        "Amina Hassan",
        "0733 111 222",
        "39,300.00",
        "39,313.00",
        "73,625.00",
        "73,651.00",
        "Utility account now",
        "Left after",
        "M-Pesa limit for one payment: 250,000.00.",
        "Approved by Lucy Chebet",
        "It never pays twice.",
    ):
        assert words in told, words
    assert grace.find("ok", QAbstractButton).text() == "Pay KES 73,625.00 to 2 members"
    assert not grace.find("ok", QAbstractButton).isEnabled()
    grace.press("pay_dialog", Qt.Key.Key_Escape)


def test_enter_in_the_password_sends_nothing(town: Town, sit: Sit) -> None:
    row, before = town.ready(JANE), money_moved(town)
    grace = sit("grace")
    grace.pay_dialog(row)
    grace.type("password", "practice password")
    grace.press("password", Qt.Key.Key_Return)
    assert grace.sees("pay_dialog")
    assert not grace.sees("sending_view")
    assert (town.row(row).status, money_moved(town)) == (PayoutStatus.APPROVED, before)
    grace.press("pay_dialog", Qt.Key.Key_Escape)


def test_a_payment_goes_from_waiting_to_paid_checking(town: Town, sit: Sit) -> None:
    row = town.ready(OTIENO, 20_000)
    grace = sit("grace")
    town.office.safaricom.arm("result_late", match_phone=PHONES[OTIENO])
    grace.pay_dialog(row)
    grace.confirm()
    grace.wait(lambda: head(grace, "1 of 1 sent") and not grace.sending.is_under_way)
    grace.wait(lambda: "1 waiting KES 19,400.00" in grace.text("sending_result"))
    grace.click("open_in_flight")
    grace.wait_gone("pay_dialog")
    grace.card_says(row, "Waiting")
    grace.card_says(row, "M-Pesa is working on it.")
    town.office.safaricom.release_callbacks()
    town.office.safaricom.wait_for(lambda: town.office.safaricom.held_back == 0)
    town.sync()
    grace.card_says(row, "Paid, checking")
    paid = town.row(row)
    assert (paid.status, paid.receipt is not None) == (PayoutStatus.PAID, True)
    grace.card_says(row, f"receipt {paid.receipt}")


def test_a_mixed_list_is_told_line_by_line(
    town: Town, sit: Sit, monkeypatch: pytest.MonkeyPatch
) -> None:
    pause(monkeypatch, 0)
    rows = [town.ready(JANE, 41_000), town.ready(AMINA, 36_000), town.ready(OTIENO, 21_000)]
    safaricom = town.office.safaricom
    safaricom.arm("result_late", match_phone=PHONES[JANE])
    safaricom.arm("drop_after_taking", match_phone=PHONES[AMINA])
    safaricom.arm("result_lost", match_phone=PHONES[AMINA])
    safaricom.arm(
        "error_before_taking",
        match_phone=PHONES[OTIENO],
        http_status=400,
        code="400.002.02",
        text="Bad Request - Invalid PartyB",
    )
    grace = sit("grace")
    dialog = grace.pay_dialog(*rows)
    grace.confirm()
    grace.wait(lambda: head(grace, "3 of 3 sent") or head(grace, "All were sent"))
    grace.wait(lambda: "failed" in grace.text("sending_result"))
    result = grace.text("sending_result")
    assert "1 waiting KES 40,295.00" in result
    assert "1 not sure yet KES 35,320.00" in result
    assert "1 failed KES 20,395.00" in result
    assert "success" not in said(dialog).lower()
    grace.click("close")
    assert len({t.originator_id for t in safaricom.transactions}) == len(safaricom.transactions)


def test_a_changed_number_locks_the_button_until_it_is_answered(town: Town, sit: Sit) -> None:
    found = town.read(members.find, MERCY, "peter")[0]
    change = PhoneChange(found.member_id, found.version, "0799 123 456")
    town.write(phone_changes.change_phone, change, "peter")
    row, other = town.ready(MERCY), town.ready(KIPCHOGE)
    grace = sit("grace")
    dialog = grace.pay_dialog(row, other)
    assert "0714 554 104 before you pay, or take the payout out." in said(dialog)
    grace.type("password", "practice password")
    assert not grace.find("ok", QAbstractButton).isEnabled()
    QTest.keyClick(grace.find("confirmation_1"), Qt.Key.Key_Space)
    assert grace.find("ok", QAbstractButton).isEnabled()
    grace.click(f"take_out_{row.number}")
    grace.wait(lambda: grace.sees("money_title") and grace.text("money_title") == "Pay 1 member")
    assert not grace.sees("confirmation_1")
    grace.press("pay_dialog", Qt.Key.Key_Escape)


def test_whoever_approved_a_payout_cannot_send_it(town: Town, sit: Sit) -> None:
    row = town.ready(JANE, by="lucy", yes="grace")
    grace = sit("grace")
    grace.open_page("payouts")
    grace.choose("to_send_table", row.number)
    grace.wait(lambda: "someone else must send it" in said(grace.find("details")))
    assert not grace.find("pay_this", QAbstractButton).isEnabled()
    dialog = grace.pay_dialog(row)
    assert f"You approved {row.number}, so someone else must send it." in said(dialog)
    grace.type("password", "practice password")
    grace.press("password", Qt.Key.Key_Return, control=True)
    assert not grace.sees("sending_view")
    assert town.row(row).status is PayoutStatus.APPROVED
    grace.press("pay_dialog", Qt.Key.Key_Escape)


def test_a_wrong_password_is_counted_and_nothing_is_sent(town: Town, sit: Sit) -> None:
    row, before = town.ready(AMINA), money_moved(town)
    grace = sit("grace")
    grace.pay_dialog(row)
    grace.confirm("a wrong password")
    grace.wait(lambda: grace.sees("password_error"))
    assert "2 tries left" in grace.text("password_error")
    assert grace.find("password").hasFocus()
    assert (town.row(row).status, money_moved(town)) == (PayoutStatus.APPROVED, before)
    grace.confirm()
    grace.wait(lambda: head(grace, "1 of 1 sent"))
    grace.wait(lambda: not grace.sending.is_under_way)
    grace.click("close")


def test_sending_goes_on_when_its_dialog_is_closed(
    town: Town, sit: Sit, monkeypatch: pytest.MonkeyPatch
) -> None:
    pause(monkeypatch, 0.3)
    rows = [town.ready(JANE), town.ready(KIPCHOGE), town.ready(OTIENO)]
    grace = sit("grace")
    grace.pay_dialog(*rows)
    grace.confirm()
    grace.wait(lambda: head(grace, "1 of 3 sent"))
    grace.press("pay_dialog", Qt.Key.Key_Escape)
    grace.wait_gone("pay_dialog")
    question = grace.sending.question_before_closing
    grace.wait(lambda: all(town.row(row).status is not PayoutStatus.APPROVED for row in rows))
    grace.wait(lambda: not grace.sending.is_under_way)
    assert question() is None


def test_stop_after_this_one_leaves_the_rest_ready(
    town: Town, sit: Sit, monkeypatch: pytest.MonkeyPatch
) -> None:
    pause(monkeypatch, 0.5)
    rows = [town.ready(JANE), town.ready(KIPCHOGE), town.ready(OTIENO)]
    grace = sit("grace")
    grace.pay_dialog(*rows)
    grace.confirm()
    grace.wait(lambda: head(grace, "1 of 3 sent"))
    grace.click("stop_after_this")
    grace.wait(lambda: not grace.sending.is_under_way)
    left = [row for row in rows if town.row(row).status is PayoutStatus.APPROVED]
    assert len(left) in (1, 2)
    assert f"{3 - len(left)} of 3 sent" in grace.text("sending_head")
    assert f"{len(left)} not sent" in grace.text("sending_result")
    grace.click("close")


def test_the_window_asks_before_it_closes_while_sending(
    town: Town, sit: Sit, monkeypatch: pytest.MonkeyPatch
) -> None:
    pause(monkeypatch, 0.5)
    rows = [town.ready(JANE), town.ready(KIPCHOGE), town.ready(OTIENO)]
    grace = sit("grace")
    grace.pay_dialog(*rows)
    grace.confirm()
    grace.wait(lambda: head(grace, "1 of 3 sent"))
    question = grace.sending.question_before_closing()
    assert question is not None
    assert question.text.startswith("1 of 3 payments have been sent.")
    grace.wait(lambda: not grace.sending.is_under_way)
    assert any(town.row(row).status is PayoutStatus.APPROVED for row in rows)
    grace.click("close")


def test_too_little_money_sends_nothing_and_names_what_is_missing(town: Town, sit: Sit) -> None:
    rows = [town.ready(MERCY, 240_000) for _ in range(3)]
    grace = sit("grace")
    dialog = grace.pay_dialog(*rows)
    assert "The Utility account is short by KES" in said(dialog)
    grace.type("password", "practice password")
    assert not grace.find("ok", QAbstractButton).isEnabled()
    # The same sum to the same member would be asked about too, once one of them had left.
    assert "This looks like a second payment." not in said(dialog)
    grace.press("pay_dialog", Qt.Key.Key_Escape)


def test_the_same_sum_to_the_same_member_must_be_answered(town: Town, sit: Sit) -> None:
    first, second = town.ready(AMINA, 12_000), town.ready(AMINA, 12_000)
    town.send(first)
    grace = sit("grace")
    dialog = grace.pay_dialog(second)
    assert "This looks like a second payment." in said(dialog)
    assert first.number in said(dialog)
    grace.type("password", "practice password")
    assert not grace.find("ok", QAbstractButton).isEnabled()
    grace.press("pay_dialog", Qt.Key.Key_Escape)


@pytest.mark.parametrize(
    ("width", "height", "percent"), [(1366, 697, 100), (1024, 540, 100), (1366, 697, 150)]
)
def test_nothing_is_cut(town: Town, sit: Sit, width: int, height: int, percent: int) -> None:
    rows = [town.ready(JANE, 40_000), town.ready(MERCY, 20_000)]
    grace = sit("grace")
    grace.desk.theme.set_text_percent(percent)
    grace.window.resize(width, height)
    dialog = grace.pay_dialog(*rows)
    assert dialog.width() <= width
    assert dialog.height() <= height
    for label in dialog.findChildren(QLabel):
        if label.isVisible() and label.text() and not label.wordWrap():
            needed = label.fontMetrics().horizontalAdvance(label.text())
            assert label.width() >= needed, f"{label.text()!r} is cut"
    for button in dialog.findChildren(QAbstractButton):
        if button.isVisible():
            assert button.width() >= button.minimumSizeHint().width(), button.text()
    assert is_inside(dialog, grace.find("ok"))
    assert is_inside(dialog, grace.find("close"))
    grace.press("pay_dialog", Qt.Key.Key_Escape)


def is_inside(dialog: QWidget, part: QWidget) -> bool:
    corner = part.mapTo(dialog, part.rect().bottomRight())
    return dialog.rect().contains(corner)
