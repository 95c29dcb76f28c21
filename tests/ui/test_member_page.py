"""The page of one member by hands: Enter opens it at a row, Esc comes back to that row, every tab says what is so."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QLabel, QTabWidget
from pytestqt.qtbot import QtBot

from sacco_desktop.services.books.work import Actor
from sacco_desktop.services.payouts import phone_changes
from sacco_desktop.services.payouts.phone_changes import PhoneChange
from sacco_desktop.ui.theme.theme import Theme
from sacco_desktop.ui.widgets.choice_box import ChoiceBox
from sacco_desktop.ui.widgets.frozen_table import FrozenTable
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


def open_member(at: Counter, member_id: int) -> None:
    """Enter on the row."""
    at.choose(member_id)
    at.key(Qt.Key.Key_Return)
    at.find("member_name")


def open_tab(at: Counter, title: str) -> None:
    tabs = at.find("member_tabs", QTabWidget)
    place = next(n for n in range(tabs.count()) if tabs.tabText(n) == title)
    tabs.setCurrentIndex(place)


def lines(at: Counter, table: str) -> list[list[str]]:
    """What a table shows, row by row."""
    model = at.find(table, FrozenTable).table_model
    return [[column.text(row) for column in model.columns] for row in model.shown_rows()]


def paid_out(office: PracticeOffice) -> None:
    jane = make.member(office, deposits_kes=100_000)
    relay = make.relay(office)
    via = make.route(office, relay)
    order = make.accepted(office, make.approved_payout(office, jane), via)
    make.arrive(office, relay, (order.tag, make.paid_news(order)))


def test_enter_opens_the_member_and_escape_comes_back_to_the_row(
    office: PracticeOffice, seat: Seat
) -> None:
    make.member(office)
    amina = make.member(office, first_name="Amina", deposits_kes=700)
    with seat(office.peter) as at:
        at.wait(lambda: len(at.shown()) == 2)
        at.type("filter", "amina")
        open_member(at, amina.member_id)
        assert at.says("member_name") == "Amina Njeri Otieno"
        assert at.says("head_deposits") == "700.00"
        assert at.window.rail.current_button().objectName() == "rail_members"
        QTest.keyClick(at.window, Qt.Key.Key_Escape)
        assert at.page.table.current_row().member_id == amina.member_id
        assert at.page.filter_bar.line.text() == "amina"
        assert len(at.shown()) == 1


def test_ctrl_tab_walks_the_tabs_and_every_one_has_the_focus(
    office: PracticeOffice, seat: Seat
) -> None:
    jane = make.member(office, deposits_kes=700)
    with seat(office.peter) as at:
        open_member(at, jane.member_id)
        tabs = at.find("member_tabs", QTabWidget)
        seen = []
        # What old books told is not shown of a member of whom they told nothing.
        for _ in range(sum(map(tabs.isTabVisible, range(tabs.count())))):
            seen.append(tabs.tabText(tabs.currentIndex()))
            assert tabs.currentWidget().isAncestorOf(at.focus()) or (
                at.focus() is tabs.currentWidget()
            )
            QTest.keyClick(at.focus(), Qt.Key.Key_Tab, Qt.KeyboardModifier.ControlModifier)
        assert seen == [
            "Overview",
            "Deposits",
            "Shares",
            "Savings",
            "Loans",
            "Payments",
            "Papers && KYC",
            "History",
        ]
        assert tabs.currentIndex() == 0


def test_the_tabs_say_what_the_ledger_says(office: PracticeOffice, seat: Seat) -> None:
    paid_out(office)
    with seat(office.grace) as at:
        open_member(at, 1)
        assert at.says("head_loans") == "100,000.00"
        overview = said(at.find("overview"))
        assert "3 × 100,000.00 − other loans 100,000.00 = KES 200,000.00" in overview
        assert "1 active loan, KES 100,000.00 owed" in overview
        open_tab(at, "Deposits")
        assert lines(at, "deposits_table")[-1] == [
            "16 Mar 2026",
            "Cash deposit by M-0001",
            "RC-2026-0001",
            "1",
            "100,000.00",
            "—",
            "100,000.00",
        ]
        open_tab(at, "Shares")
        assert said(at.find("member_tabs").currentWidget()) == "No share capital yet.\n"
        open_tab(at, "Loans")
        assert [row[:2] for row in lines(at, "member_loans_table")] == [["L-0001", "✓ On time"]]
        assert len(lines(at, "member_schedule")) == 12
        open_tab(at, "Payments")
        assert [row[0] for row in lines(at, "payments_table")] == ["PO-2026-0001"]
        open_tab(at, "History")
        assert "registered a member" in [row[2] for row in lines(at, "history_table")]


def test_a_late_loan_is_said_on_every_side(office: PracticeOffice, seat: Seat) -> None:
    paid_out(office)
    office.clock.advance(days=45)
    with seat(office.peter) as at:
        at.wait(lambda: len(at.shown()) == 1)
        at.page.filter_bar.choose_saved("late")
        assert [row.number for row in at.shown()] == ["M-0001"]
        at.panel_says("14 days late")
        open_member(at, 1)
        assert at.says("head_days_late") == "14"
        assert "The oldest unpaid instalment fell due on 16 Apr 2026." in said(at.find("overview"))
        open_tab(at, "Loans")
        assert lines(at, "member_loans_table")[0][1] == "! 1–30 days late"


def test_the_panel_of_the_list_shows_the_last_entries(office: PracticeOffice, seat: Seat) -> None:
    jane = make.member(office, deposits_kes=700)
    make.deposit(office, jane, 250)
    with seat(office.peter) as at:
        at.choose(jane.member_id)
        at.panel_says("Cash deposit by M-0001  250.00")


def test_cash_is_taken_on_the_page_and_everything_follows(
    office: PracticeOffice, seat: Seat
) -> None:
    jane = make.member(office, deposits_kes=700)
    with seat(office.peter) as at:
        open_member(at, jane.member_id)
        at.command("main_action")
        at.type("amount", "300")
        at.find("shows_receipt").setFocus()
        at.key(Qt.Key.Key_Space)
        at.go()
        at.wait_closed("take_deposit_dialog")
        at.wait(lambda: at.says("head_deposits") == "1,000.00")
        open_tab(at, "Deposits")
        assert lines(at, "deposits_table")[0][-1] == "1,000.00"
        at.find("deposits_table").setFocus()
        at.key(Qt.Key.Key_Home)
        at.key(Qt.Key.Key_PageUp)
        at.command("print")
        at.wait(lambda: len(at.papers) == 1)
        assert "RC-2026-0002" in at.papers[0].file_name


def test_what_somebody_else_does_appears_on_the_page(office: PracticeOffice, seat: Seat) -> None:
    jane = make.member(office)
    with seat(office.grace) as at:
        open_member(at, jane.member_id)
        change = PhoneChange(jane.member_id, jane.version, "0733 999 888")
        office.write(phone_changes.change_phone, change, office.peter)
        at.wait(lambda: "0733 999 888" in said(at.find("overview")))
        assert "The phone number is new" in said(at.find("overview"))


def test_why_so_much_can_be_borrowed_is_one_key_away(office: PracticeOffice, seat: Seat) -> None:
    jane = make.member(office, deposits_kes=10_000)
    with seat(office.peter) as at:
        open_member(at, jane.member_id)
        at.command("explain")
        dialog = at.find("explain_dialog", QDialog)
        at.wait(lambda: "Can borrow, Development loan" in said(dialog))
        assert at.says("explained_result") == "KES 30,000.00"
        assert (cut_texts(dialog), nameless(dialog)) == ([], [])
        at.find("figure", ChoiceBox).setCurrentIndex(at.find("figure", ChoiceBox).count() - 1)
        at.wait(lambda: at.says("explained_title") == "Can still guarantee")
        at.click("copy_explanation")
        assert QGuiApplication.clipboard().text().startswith("Can still guarantee: KES 10,000.00")
        at.click("print_explanation")
        at.wait(lambda: len(at.papers) == 1)
        at.click("entry_1")
        at.wait_closed("explain_dialog")
        assert at.opened[-1] == "books/entry-1"


def test_a_role_that_only_looks_has_no_buttons_and_sees_no_number(
    office: PracticeOffice, seat: Seat
) -> None:
    jane = make.member(office)
    with seat(office.daniel) as at:
        open_member(at, jane.member_id)
        assert not at.sees("take_deposit")
        assert not at.sees("change_phone")
        assert "0712 •••001" in said(at.find("overview"))
        assert "23450001" not in said(at.window)


@pytest.mark.parametrize(
    ("size", "percent"),
    [((1366, 697), 100), ((1024, 540), 100), ((1366, 697), 150), ((1024, 540), 150)],
)
def test_nothing_is_cut_or_nameless(
    office: PracticeOffice, seat: Seat, theme: Theme, size: tuple[int, int], percent: int
) -> None:
    paid_out(office)
    theme.set_text_percent(percent)
    with seat(office.peter) as at:
        at.window.resize(*size)
        open_member(at, 1)
        tabs = at.find("member_tabs", QTabWidget)
        for place in range(tabs.count()):
            tabs.setCurrentIndex(place)
            at.wait(lambda: cut_texts(at.window) == [])
            assert outside(at.window) == []
            assert nameless(at.window) == []
        assert isinstance(at.find("member_name"), QLabel)
