"""Close the day by hands: checks, a reason, two passwords, the sheet; and how Today tells it afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QLineEdit, QPushButton, QTableView
from pytestqt.qtbot import QtBot

from sacco_desktop.domain.errors import PeriodClosed
from sacco_desktop.domain.mpesa_accounts import UTILITY
from sacco_desktop.services.books.work import Actor
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.page import PageEntry
from sacco_desktop.ui.pages.payouts.page import payouts_page
from sacco_desktop.ui.pages.today.page import today_page
from sacco_desktop.ui.theme.theme import Theme
from tests import make, make_days
from tests.make import PracticeOffice
from tests.ui.counter import Counter, counter, said
from tests.ui.test_fit import cut_texts, nameless

Seat = Callable[[Actor], AbstractContextManager[Counter]]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[PracticeOffice]:
    made = make.office(tmp_path)
    yield made
    made.close()


def _pages(desk: Desk) -> Sequence[PageEntry]:
    return (
        PageEntry("today", "Today", "home", "Ctrl+1", lambda: today_page(desk)),
        PageEntry("payouts", "Payouts", "send", "Ctrl+6", lambda: payouts_page(desk)),
    )


@pytest.fixture
def seat(tmp_path: Path, qtbot: QtBot, theme: Theme, office: PracticeOffice) -> Seat:
    return lambda who: counter(tmp_path, qtbot, theme, office, who, _pages)


def _opened(at: Counter) -> QDialog:
    """The sheet of the day after the books were added up for it."""
    at.wait(lambda: at.sees("close_day"))
    at.click("close_day")
    dialog = at.find("close_day_dialog", QDialog)
    at.wait(lambda: at.find("ok", QPushButton).isEnabled())
    return dialog


def _sign(at: Counter, theirs: str = make.PASSWORD) -> None:
    at.type("password", make.PASSWORD)
    at.type("signer_password", theirs)
    at.click("ok")


def test_two_people_close_the_day_and_today_says_so(office: PracticeOffice, seat: Seat) -> None:
    with seat(office.grace) as at:
        at.wait(lambda: "Today is open" in at.says("day_state"))
        dialog = _opened(at)
        assert "1 check is not in order" in said(dialog)
        assert not at.sees("reason_chain")
        _sign(at)
        assert "Write why" in at.says("reason_backup_error")
        at.type("reason_backup", "The disk for copies is being repaired.")
        _sign(at, "not the one")
        at.wait(lambda: at.sees("signer_password_error"))
        assert "not right" in at.says("signer_password_error")
        assert at.find("signer_password", QLineEdit).text() == ""
        assert at.find("password", QLineEdit).text() == make.PASSWORD
        assert office.count("day_closing") == 0
        at.type("signer_password", make.PASSWORD)
        at.key(Qt.Key.Key_Return, control=True)
        at.wait_closed("close_day_dialog")
        at.wait(lambda: len(at.papers) == 1)
        assert at.papers[0].file_name == "Day_2026-03-16.pdf"
        at.wait(lambda: "Closed by Grace" in at.says("day_state"))
        assert "signed by Lucy Chebet" in at.says("day_state")
        assert not at.sees("close_day")
        at.command("close_day")
        assert "Closed by Grace" in said(at.find("message"))
        at.find("message", QDialog).reject()
        at.wait_closed("message")
        at.click("print_day")
        at.wait(lambda: len(at.papers) == 2)


def test_who_may_not_close_sees_how_the_day_stands(office: PracticeOffice, seat: Seat) -> None:
    make_days.closed(office)
    with seat(office.peter) as at:
        at.wait(lambda: "Closed by Grace" in at.says("day_state"))
        office.clock.advance(days=1)
        at.command("refresh")
        at.wait(lambda: "Closed up to 16 Mar 2026." in at.says("day_state"))
        assert not at.sees("close_day")
        assert not at.window.menus.actions["close_day"].isEnabled()
        at.command("closed_days")
        dialog = at.find("closed_days_dialog", QDialog)
        at.wait(lambda: at.find("print_day_again", QPushButton).isEnabled())
        assert not at.find("reopen_day", QPushButton).isEnabled()
        assert "A treasurer or the chairperson reopens" in said(dialog)
        at.click("print_day_again")
        at.wait(lambda: len(at.papers) == 1)


def test_what_is_mended_is_looked_at_again(office: PracticeOffice, seat: Seat) -> None:
    with seat(office.grace) as at:
        dialog = _opened(at)
        make_days.copied(office)
        at.click("look_again")
        at.wait(lambda: "Every check is in order." in said(dialog))
        assert not at.sees("reason_backup")
        assert not at.sees("mend_backup")
        # Another entry comes in while both stand at the window.
        make.member(office, deposits_kes=100)
        _sign(at)
        at.wait(lambda: any("has changed since" in words for words in at.toasts))
        at.wait(lambda: "1 entries and" in said(dialog))
        at.wait(lambda: at.find("ok", QPushButton).isEnabled())
        # The entry was cash, so there is a till now, and it is counted before anybody signs.
        at.click("ok")
        assert "Count the cash" in at.says("counted_error")
        at.type("counted", "100")
        assert "Every check is in order." in said(dialog)
        at.click("ok")
        at.wait_closed("close_day_dialog")
        at.wait(lambda: len(at.papers) == 1)
    assert office.count("day_closing") == 1


def test_the_cash_is_counted_against_the_books(office: PracticeOffice, seat: Seat) -> None:
    make.member(office, deposits_kes=2_500)
    make_days.copied(office)
    with seat(office.grace) as at:
        at.wait(lambda: at.sees("close_day"))
        at.command("close_day")
        dialog = at.find("close_day_dialog", QDialog)
        at.wait(lambda: at.find("ok", QPushButton).isEnabled())
        assert "The cash is still to be counted." in said(dialog)
        assert "The books say KES 2,500.00." in said(dialog)
        at.type("counted", "2*1000+450")
        assert "Missing: 50.00" in said(dialog)
        at.click("count_pieces")
        for worth, number in ((1000, "2"), (200, "2"), (20, "many")):
            at.type(f"pieces_{worth}", number)
        assert at.says("cash_sum") == "KES 2,400.00"
        at.click("ok")
        assert "whole number" in at.says("cash_wrong")
        at.type("pieces_20", "")
        at.type("pieces_50", "1")
        at.click("ok")
        at.wait_closed("count_cash_dialog")
        assert at.find("counted", QLineEdit).text() == "2,450.00"
        _sign(at)
        assert "Write why" in at.says("reason_cash_error")
        at.type("reason_cash", "A note of 50 was torn and lies in the safe.")
        at.click("ok")
        at.wait_closed("close_day_dialog")
        at.wait(lambda: len(at.papers) == 1)
    finding = make_days.newest(office).checks[-2].finding
    assert "Missing: 50.00" in finding
    assert finding.endswith("In the till: 2 × 1,000, 2 × 200 and 1 × 50.")


def test_a_closed_day_refuses_a_deposit_until_two_people_reopen_it(
    office: PracticeOffice, seat: Seat
) -> None:
    member = make.member(office, deposits_kes=2_500)
    make_days.closed(office)
    with pytest.raises(PeriodClosed, match="let two people reopen the last closed day on Today"):
        make.deposit(office, member, 100)
    with seat(office.grace) as at:
        at.wait(lambda: at.sees("closed_days_open"))
        at.click("closed_days_open")
        at.wait(lambda: at.find("reopen_day", QPushButton).isEnabled())
        at.click("reopen_day")
        at.wait(lambda: at.sees("reopen_day_dialog"))
        _sign(at)
        assert "Write why" in at.says("reason_error")
        at.type("reason", "A deposit of the evening was left out.")
        at.type("signer_password", "not the one")
        at.click("ok")
        at.wait(lambda: at.sees("signer_password_error"))
        assert office.count("day_reopening") == 0
        at.type("signer_password", make.PASSWORD)
        at.click("ok")
        at.wait_closed("reopen_day_dialog")
        at.wait(lambda: "16 Mar 2026 was reopened by Grace" in at.says("day_state"))
        assert at.sees("close_day")
        make.deposit(office, member, 100)
        at.click("closed_days_open")
        again = at.find("closed_days_dialog", QDialog)
        at.wait(lambda: "1 entry was posted up to that day after it." in said(again))
        assert again.focusWidget() is again.findChild(QTableView, "closed_days_table")
        again.reject()
        at.wait_closed("closed_days_dialog")


def test_a_button_goes_where_it_is_mended(office: PracticeOffice, seat: Seat) -> None:
    make_days.told(office, UTILITY, 1_00)
    with seat(office.grace) as at:
        dialog = _opened(at)
        assert "Difference 1.00, not explained" in said(dialog)
        at.click("mend_mpesa_utility")
        assert at.opened == ["payouts/to_send"]
        at.wait_closed("close_day_dialog")


@pytest.mark.parametrize("way_in", ["escape", "close"])
def test_leaving_the_sheet_closes_nothing(office: PracticeOffice, seat: Seat, way_in: str) -> None:
    with seat(office.grace) as at:
        _opened(at)
        if way_in == "escape":
            at.key(Qt.Key.Key_Escape)
        else:
            at.click("close")
        at.wait_closed("close_day_dialog")
        assert at.sees("close_day")
    assert office.count("day_closing") == 0


@pytest.mark.parametrize(
    ("size", "percent"), [((1366, 697), 100), ((1024, 540), 100), ((1024, 540), 150)]
)
def test_nothing_is_cut_or_nameless(
    office: PracticeOffice, seat: Seat, theme: Theme, size: tuple[int, int], percent: int
) -> None:
    make.doubtful(office, make.approved_payout(office))
    make.member(office, deposits_kes=2_500)
    office.clock.advance(days=2)
    theme.set_text_percent(percent)
    with seat(office.grace) as at:
        at.window.resize(*size)
        dialog = _opened(at)
        at.wait(lambda: cut_texts(dialog) == [])
        assert nameless(dialog) == []
        assert dialog.width() <= size[0]
        assert dialog.height() <= size[1]
        dialog.reject()
        at.wait_closed("close_day_dialog")
        at.wait(lambda: cut_texts(at.window) == [])
