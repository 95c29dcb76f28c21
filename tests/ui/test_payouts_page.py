"""In flight says what is known, offers one safe action and never pays again; Done and Problems keep their proof."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QMenu, QPlainTextEdit, QPushButton, QWidget

from sacco_desktop.domain.money import format_amount, format_kes
from sacco_desktop.domain.payouts import Evidence, PayoutStatus
from sacco_desktop.services.books import ledger
from sacco_desktop.services.feed import relay_feed
from sacco_desktop.services.payouts.payouts import PayoutRow
from sacco_desktop.services.sending import flight_summary, queue_stops
from sacco_desktop.ui.pages.payouts.done import DoneTab
from sacco_desktop.ui.pages.payouts.page import DONE, IN_FLIGHT, PROBLEMS, TO_SEND
from sacco_desktop.ui.pages.payouts.problems import readable
from sacco_desktop.ui.pages.payouts.reading import Asked, Tab, read_payouts
from sacco_desktop.ui.theme.tokens import Scheme
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
SIZES = [(1366, 697, 100), (1024, 540, 100), (1366, 697, 150)]


@pytest.fixture(autouse=True)
def _calm(town: Town) -> Iterator[None]:
    yield
    town.calm()


def in_doubt(town: Town, member: str, fault: str = "drop_after_taking") -> PayoutRow:
    """A payment that Safaricom made and of which nobody has told us."""
    row = town.ready(member)
    town.office.safaricom.arm(fault, match_phone=PHONES[member])
    town.office.safaricom.arm("result_lost", match_phone=PHONES[member])
    town.send(row)
    return town.row(row)


def look_at(seat: Seat, tab: int) -> None:
    seat.open_page("payouts")
    seat.find("payouts_tabs")
    seat.open_tab(tab)


def menu_of(card: QWidget) -> dict[str, str]:
    """What More offers: the names of its entries and their words."""
    more = card.findChild(QPushButton, "more")
    assert isinstance(more, QPushButton)
    menu = more.menu()
    assert isinstance(menu, QMenu)
    return {entry.objectName(): entry.text() for entry in menu.actions()}


def choose_in_menu(card: QWidget, name: str) -> None:
    more = card.findChild(QPushButton, "more")
    assert isinstance(more, QPushButton)
    menu = more.menu()
    assert isinstance(menu, QMenu)
    next(entry for entry in menu.actions() if entry.objectName() == name).trigger()


def payments_to(town: Town, row: PayoutRow) -> int:
    """How many payments under this payout's id Safaricom's own ledger holds."""
    own_id = town.row(row).originator_conversation_id
    return sum(t.originator_id == own_id for t in town.office.safaricom.transactions)


@pytest.mark.parametrize("fault", ["drop_after_taking", "hang_after_taking"])
def test_a_doubt_is_said_with_one_safe_action_and_no_way_to_pay_again(
    town: Town, sit: Sit, fault: str
) -> None:
    row = in_doubt(town, AMINA, fault)
    grace = sit("grace")
    look_at(grace, IN_FLIGHT)
    card = grace.card(row)
    told = said(card)
    for words in (
        "Not sure yet",
        "Amina Hassan",
        f"{format_kes(row.mpesa_cents)} → 0733 111 222",
        f"Loan {row.loan_number}",
        "We do not know whether M-Pesa has paid. The money may have left.",
        "Do not pay in cash or from another phone. We ask M-Pesa by ourselves at",
        "✓ written here",
        "○ notice",
        "○ second proof",
        "Ask M-Pesa now",
    ):
        assert words in told, words
    assert set(menu_of(card)) == {"on_statement", "history", "payment_file"}
    everything = said(grace.find("payouts_page")).lower()
    assert "pay again" not in everything
    assert "cancel" not in everything
    buttons = [b.objectName() for b in card.findChildren(QAbstractButton)]
    assert sorted(buttons) == ["more", "safe_action"]


def test_asking_settles_a_doubt_without_a_second_payment(town: Town, sit: Sit) -> None:
    row = in_doubt(town, OTIENO)
    grace = sit("grace")
    look_at(grace, IN_FLIGHT)
    grace.click("safe_action", grace.card(row))
    grace.wait(lambda: bool(grace.toasts))
    assert "M-Pesa was asked about Otieno Okoth." in grace.toasts[0]
    town.sync()
    grace.wait(lambda: town.row(row).status is PayoutStatus.PAID)
    grace.card_says(row, "Paid, checking")
    assert payments_to(town, row) == 1


def test_f9_asks_about_every_open_payment(town: Town, sit: Sit) -> None:
    rows = [in_doubt(town, JANE), in_doubt(town, KIPCHOGE)]
    grace = sit("grace")
    look_at(grace, IN_FLIGHT)
    grace.card(rows[1])
    QTest.keyClick(grace.find("in_flight"), Qt.Key.Key_F9)
    grace.wait(lambda: bool(grace.toasts))
    town.sync()
    for row in rows:
        grace.card_says(row, "Paid, checking")


def test_a_forged_failure_is_only_checked(town: Town, sit: Sit) -> None:
    row = town.ready(MERCY)
    town.office.safaricom.arm("result_forged_failure", match_phone=PHONES[MERCY])
    town.send(row)
    town.sync()
    grace = sit("grace")
    look_at(grace, IN_FLIGHT)
    grace.card_says(row, "Failed, checking")
    card = grace.card(row)
    assert "We are making sure before anything else. Do not pay in another way." in said(card)
    assert "✓ notice: failed" in said(card)
    assert "confirm_failed" not in menu_of(card)
    grace.click("safe_action", card)
    grace.wait(lambda: bool(grace.toasts))
    town.sync()
    grace.card_says(row, "Paid, checking")
    assert payments_to(town, row) == 1


def test_a_failure_that_is_agreed_needs_a_person_and_a_reason(town: Town, sit: Sit) -> None:
    row = town.ready(KIPCHOGE)
    town.office.safaricom.set_outcome(PHONES[KIPCHOGE], "2040")
    town.send(row)
    town.sync()
    grace = sit("grace")
    look_at(grace, IN_FLIGHT)
    grace.click("safe_action", grace.card(row))
    grace.wait(lambda: bool(grace.toasts))
    town.sync()
    grace.card_says(row, "Confirm that it failed…")
    grace.click("safe_action", grace.card(row))
    grace.find("confirm_failed_dialog")
    grace.confirm()
    grace.wait(lambda: grace.sees("reason_error"))
    assert grace.text("reason_error") == "Write why you agree."
    grace.type("reason", "Both say that the number is not on M-Pesa.")
    grace.confirm()
    grace.wait_gone("confirm_failed_dialog")
    town.office.safaricom.set_outcome(PHONES[KIPCHOGE], "")
    assert town.row(row).status is PayoutStatus.DRAFT
    grace.open_tab(TO_SEND)
    grace.choose("to_send_table", row.number)
    grace.wait(lambda: grace.sees("ask_approval"))
    grace.click("ask_approval")
    grace.wait(lambda: grace.toasts[-1] == "Sent for approval. Nothing has been paid.")


def test_the_statement_proves_a_payment(town: Town, sit: Sit) -> None:
    row = in_doubt(town, JANE)
    grace = sit("grace")
    look_at(grace, IN_FLIGHT)
    choose_in_menu(grace.card(row), "on_statement")
    grace.find("statement_dialog")
    payment = town.office.safaricom.payment(row.originator_conversation_id)
    assert payment is not None
    grace.type("receipt", "no receipt")
    grace.type("paid_at", "t")
    grace.type("time", "25:99")
    grace.confirm()
    grace.wait(lambda: grace.sees("time_error"))
    grace.type("time", "0:01")
    grace.type("reason", "Statement of today, page 2")
    grace.confirm()
    grace.wait(lambda: grace.sees("receipt_error"))
    assert grace.text("receipt_error") == "A receipt has 10 capital letters and digits."
    grace.type("receipt", str(payment.receipt))
    grace.confirm()
    grace.wait_gone("statement_dialog")
    paid = town.row(row)
    assert (paid.status, paid.evidence) == (PayoutStatus.PAID, Evidence.VERIFIED)
    grace.wait(lambda: not grace.sees(f"payout_card_{row.number}"))


def test_the_story_of_a_payment_can_be_read(town: Town, sit: Sit) -> None:
    row = in_doubt(town, OTIENO)
    grace = sit("grace")
    look_at(grace, IN_FLIGHT)
    choose_in_menu(grace.card(row), "history")
    story = said(grace.find("payment_history"))
    assert "Sent by Grace Wanjiru." in story
    assert "The connection to M-Pesa broke before an answer." in story
    grace.press("payment_history", Qt.Key.Key_Escape)


def test_a_done_payment_has_its_receipt_entry_and_voucher(town: Town, sit: Sit) -> None:
    row = town.ready(JANE)
    town.send(row)
    town.sync()
    paid = town.row(row)
    grace = sit("grace")
    look_at(grace, DONE)
    table = grace.choose("done_table", row.number)
    grace.wait(lambda: str(paid.receipt) in said(grace.find("details")))
    details = said(grace.find("details"))
    assert f"Entry\n{paid.entry_number}" in details
    assert "A notice says paid" in details
    QTest.keyClick(table, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    view = grace.find("paper_view")
    assert f"Voucher {row.number}" in said(view)
    grace.find("page_1")
    grace.press("paper_view", Qt.Key.Key_Escape)
    grace.wait_gone("paper_view")


def test_older_ones_come_when_they_are_asked_for(town: Town, sit: Sit) -> None:
    """The list begins with the newest, however many the books hold, and says how many that are."""
    rows = [town.ready(member) for member in (AMINA, MERCY)]
    for row in rows:
        town.send(row)
    town.sync()
    grace = sit("grace")
    look_at(grace, DONE)
    tab = grace.find("done_tab", DoneTab)
    short = town.office.office.books.read(
        read_payouts, Asked(newest=1), actor=town.office.person("grace")
    )
    assert (len(short.done), short.done[0].number) == (1, rows[1].number)
    tab.show_view(short)
    assert f"the newest 1 of {short.counts[Tab.DONE]} are listed" in tab.list.older.button.text()
    grace.click("done_older")
    grace.choose("done_table", rows[0].number)
    grace.wait(lambda: not grace.sees("done_older"))


def test_a_stopped_queue_is_said_and_cleared_with_words(town: Town, sit: Sit) -> None:
    safaricom = town.office.safaricom
    row, other = town.ready(KIPCHOGE), town.ready(MERCY)
    safaricom.arm("result_other_amount", match_phone=PHONES[KIPCHOGE])
    town.send(row)
    grace = sit("grace")
    look_at(grace, TO_SEND)
    town.sync()
    grace.wait(lambda: grace.sees("stop_bar"))
    assert "Sending stands still since" in said(grace.find("stop_bar"))
    assert "The notice does not fit what we sent." in said(grace.find("stop_bar"))
    grace.tick(other)
    assert not grace.find("pay_open", QAbstractButton).isEnabled()
    grace.wait(lambda: "Sending stands still" in said(grace.find("details")))
    grace.click("clear_stop_open")
    grace.find("clear_stop_dialog")
    grace.click("ok")
    grace.wait(lambda: grace.sees("words_error"))
    grace.type("words", "Safaricom was called; the notice was a mistake of theirs.")
    grace.click("ok")
    grace.wait_gone("clear_stop_dialog")
    grace.wait(lambda: not grace.sees("stop_bar"))
    assert town.read(queue_stops.standing) is None
    assert grace.find("pay_open", QAbstractButton).isEnabled()


def test_a_parked_notice_can_be_read_and_let_rest(town: Town, sit: Sit) -> None:
    row = town.ready(AMINA)
    town.office.safaricom.arm("result_garbage", match_phone=PHONES[AMINA])
    town.send(row)
    town.sync()
    waiting = len(town.read(relay_feed.list_parked))
    grace = sit("grace")
    look_at(grace, PROBLEMS)
    table = grace.choose("parked_table", "could not be read")
    entry = table.current_row()
    body = grace.find("parked_body", QPlainTextEdit)
    grace.wait(lambda: body.toPlainText() == readable(entry.body))
    assert body.isReadOnly()
    grace.click("try_parked_again")
    grace.wait(lambda: _tries_of(town, entry.entry_id) > entry.tries)
    assert len(town.read(relay_feed.list_parked)) == waiting
    grace.wait(lambda: grace.find("try_parked_again", QAbstractButton).isEnabled())
    grace.choose("parked_table", "could not be read")
    grace.click("let_rest_open")
    grace.find("let_rest_dialog")
    grace.click("ok")
    grace.wait(lambda: grace.sees("reason_error"))
    grace.type("reason", "Noise; M-Pesa was asked and answered.")
    grace.click("ok")
    grace.wait_gone("let_rest_dialog")
    grace.wait(lambda: len(town.read(relay_feed.list_parked)) == waiting - 1)


def _tries_of(town: Town, entry_id: int) -> int:
    waiting = town.read(relay_feed.list_parked)
    return next((entry.tries for entry in waiting if entry.entry_id == entry_id), 0)


def test_bytes_that_are_no_text_are_shown_and_nothing_hides() -> None:
    assert readable(b"\xff{}") == "\\xff{}"
    assert readable("a\u202eb\x00".encode()) == "a\\u202eb\\u0000"
    assert readable(b"<b>bold</b>\r\n") == "<b>bold</b>\n"
    assert readable(b"x" * 20_010).endswith("\n… and 10 more")


def test_a_payout_is_taken_back_with_a_reason(town: Town, sit: Sit) -> None:
    row = town.ready(MERCY)
    grace = sit("grace")
    look_at(grace, TO_SEND)
    grace.choose("to_send_table", row.number)
    grace.wait(lambda: grace.sees("take_back"))
    grace.click("take_back")
    grace.type("reason", "The member changed her mind.")
    grace.click("ok")
    grace.wait_gone("take_back_dialog")
    assert town.row(row).status is PayoutStatus.CANCELLED
    grace.open_tab(DONE)
    table = grace.choose("done_table", row.number)
    assert "↩ Taken back" in [
        column.text(table.current_row()) for column in table.table_model.columns
    ]


def test_hold_and_release_with_a_reason(town: Town, sit: Sit) -> None:
    """Peter of the counter stops it; Grace sees who and why, cannot pay it, and lets it go."""
    row = town.ready(JANE)
    peter = sit("peter")
    look_at(peter, TO_SEND)
    peter.choose("to_send_table", row.number)
    peter.click("hold")
    peter.click("ok")
    assert peter.text("reason_error") == "Write why it shall wait."
    peter.type("reason", "She asks us to wait until Friday.")
    peter.click("ok")
    peter.wait_gone("hold_dialog")
    assert town.row(row).held is not None
    grace = sit("grace")
    look_at(grace, TO_SEND)
    table = grace.choose("to_send_table", row.number)
    grace.wait(lambda: grace.sees("release"))
    assert "‖ On hold" in [column.text(table.current_row()) for column in table.table_model.columns]
    words = said(grace.find("to_send_page"))
    assert "by Peter Kamau: She asks us to wait until Friday." in words
    assert not grace.sees("pay_this")
    grace.click("release")
    grace.type("reason", "She called: pay it.")
    grace.click("ok")
    grace.wait_gone("release_dialog")
    grace.wait(lambda: grace.sees("pay_this"))
    assert town.row(row).held is None


def test_an_officer_may_look_and_nothing_more(town: Town, sit: Sit) -> None:
    ready, doubt = town.ready(JANE), in_doubt(town, AMINA)
    peter = sit("peter")
    look_at(peter, TO_SEND)
    peter.choose("to_send_table", ready.number)
    assert not peter.sees("pay_open")
    assert not peter.sees("take_back")
    assert peter.sees("hold")
    peter.open_tab(IN_FLIGHT)
    card = peter.card(doubt)
    button = card.findChild(QPushButton, "safe_action")
    assert isinstance(button, QPushButton)
    assert not button.isEnabled()
    assert "A treasurer does this." in said(card)


def test_the_strip_says_what_is_free(town: Town, sit: Sit) -> None:
    town.ready(JANE)
    grace = sit("grace")
    look_at(grace, TO_SEND)
    grace.wait(lambda: grace.sees("utility_strip") and bool(grace.text("utility_strip")))
    words = grace.text("utility_strip").replace("\u00a0", " ")
    assert words.startswith("Utility ")
    assert " · ready " in words
    flight = town.read(flight_summary.summary)
    assert f" · {flight.open_count} in flight {format_amount(flight.open_cents)}" in words
    assert " · free " in words


@pytest.mark.parametrize(("width", "height", "percent"), SIZES)
@pytest.mark.parametrize("scheme", [Scheme.LIGHT, Scheme.DARK])
def test_no_text_is_cut(
    town: Town, sit: Sit, width: int, height: int, percent: int, scheme: Scheme
) -> None:
    row = in_doubt(town, AMINA)
    grace = sit("grace")
    grace.desk.theme.use_scheme(scheme)
    grace.desk.theme.set_text_percent(percent)
    grace.window.resize(width, height)
    look_at(grace, IN_FLIGHT)
    grace.card(row)
    for tab in (TO_SEND, IN_FLIGHT, DONE, PROBLEMS):
        grace.open_tab(tab)
        assert grace.window.width() == width
        for label in grace.find("payouts_page").findChildren(QLabel):
            if label.isVisible() and label.text() and not label.wordWrap():
                needed = label.fontMetrics().horizontalAdvance(label.text())
                assert label.width() >= needed, f"{label.text()!r} is cut in tab {tab}"


def test_everything_has_a_name_for_a_screen_reader(town: Town, sit: Sit) -> None:
    row = in_doubt(town, OTIENO)
    grace = sit("grace")
    look_at(grace, IN_FLIGHT)
    assert grace.card(row).accessibleName().startswith("? Not sure yet: Otieno Okoth, KES")
    for tab in (TO_SEND, IN_FLIGHT, DONE, PROBLEMS):
        grace.open_tab(tab)
        for widget in grace.find("payouts_page").findChildren(QWidget):
            if widget.isVisible() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
                name = widget.accessibleName() or (
                    widget.text() if isinstance(widget, QAbstractButton) else ""
                )
                assert name or is_part_of_another(widget), (
                    f"{type(widget).__name__} {widget.objectName()!r} has no name"
                )


def is_part_of_another(widget: QWidget) -> bool:
    """Qt's own inner parts, such as the viewport of a scroll area, are named by what they are in."""
    return widget.objectName().startswith("qt_") or not widget.objectName()


def test_control_tab_walks_along_the_tabs(town: Town, sit: Sit) -> None:
    grace = sit("grace")
    look_at(grace, TO_SEND)
    grace.wait(lambda: grace.sees("payouts_page"))
    tabs = grace.find("payouts_tabs")
    for wanted in (IN_FLIGHT, DONE, PROBLEMS, TO_SEND):
        QTest.keyClick(tabs, Qt.Key.Key_Tab, Qt.KeyboardModifier.ControlModifier)
        assert tabs.property("currentIndex") == wanted


def test_the_books_balance_after_all_that(town: Town) -> None:
    assert town.read(ledger.trial_balance).is_square
    ids = [t.originator_id for t in town.office.safaricom.transactions]
    assert len(ids) == len(set(ids))
