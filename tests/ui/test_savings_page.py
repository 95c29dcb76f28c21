"""Savings & shares by keyboard: money into several products, cheques, what is expected, terms by two, share capital."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QTabWidget
from pytestqt.qtbot import QtBot

from sacco_desktop.domain.savings import Every
from sacco_desktop.domain.savings_entries import PaidBy
from sacco_desktop.services.books.work import Actor
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.page import PageEntry
from sacco_desktop.ui.pages.members.member_page import member_page
from sacco_desktop.ui.pages.savings.page import savings_page
from sacco_desktop.ui.pages.savings.paid_in import period_of
from sacco_desktop.ui.theme.theme import Theme
from sacco_desktop.ui.widgets.amount_lines import AmountLines
from sacco_desktop.ui.widgets.choice_box import ChoiceBox
from sacco_desktop.ui.widgets.list_page import ListPage
from tests import make, make_check_offs, make_savings
from tests.make import PracticeOffice
from tests.ui.counter import Counter, counter, said
from tests.ui.test_fit import cut_texts, nameless, outside

Seat = Callable[[Actor], AbstractContextManager[Counter]]
TODAY = date(2026, 3, 16)


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
        PageEntry(
            "savings", "Savings & shares", "piggy-bank", "Ctrl+3", lambda: savings_page(desk)
        ),
        PageEntry("member", "Member", "user", "", lambda: member_page(desk), under="savings"),
    )


def _rows(at: Counter) -> ListPage:
    """The list of the open tab."""
    shown = at.find("savings_tabs", QTabWidget).currentWidget()
    assert isinstance(shown, ListPage)
    return shown


def _texts(at: Counter) -> list[list[str]]:
    model = _rows(at).table.table_model
    return [[column.text(row) for column in model.columns] for row in model.shown_rows()]


def test_money_for_two_products_is_one_receipt(office: PracticeOffice, seat: Seat) -> None:
    make.member(office, first_name="Jane")
    make.member(office, first_name="Amina")
    make_savings.other_terms(office, "welfare", preset_cents=20_000)
    make_savings.other_terms(
        office, "deposits", every=Every.MONTH, expected_cents=100_000, due_day=16
    )
    with seat(office.peter) as at:
        at.wait(lambda: at.sees("list_state_action"))
        at.key(Qt.Key.Key_Return, control=True)
        at.dialog("take_contribution_dialog")
        at.go()
        assert at.says("member_error") == "Choose the member who brings the money."
        at.pick_member("jane")
        at.wait(lambda: at.says("deposits_note") == "KES 1,000.00 overdue since 16 Mar 2026.")
        at.key(Qt.Key.Key_Return)
        at.keys("2000+500")
        at.key(Qt.Key.Key_Return)
        at.key(Qt.Key.Key_Return)
        at.keys("1000")
        total = at.find("contribution_sum", AmountLines)
        at.wait(lambda: total.texts() == ["Received in all, KES 3,700.00"])
        assert at.find("ok", QPushButton).text() == "Record receipt of KES 3,700.00"
        at.find("source", ChoiceBox).choose(PaidBy.BANK)
        at.go()
        assert at.says("reference_error") == "Write the number of the bank slip."
        at.keys("FT 12")
        at.go()
        at.wait(lambda: len(at.papers) == 1)
        at.wait_closed("take_contribution_dialog")
        assert at.toasts == ["Recorded. KES 3,700.00 from Jane Njeri Otieno, receipt RC-2026-0001."]
        at.wait(lambda: len(_texts(at)) == 1)
        assert _texts(at)[0][1:7] == [
            "Jane Njeri Otieno",
            "Deposits, Share capital, Welfare",
            "3,700.00",
            "✓ In the books",
            "RC-2026-0001",
            "Bank slip FT 12",
        ]
        # One after the other: the way and the day stay, the member does not.
        at.command("take_deposit")
        at.pick_member("amina")
        at.type("deposits", "50")
        at.type("welfare", "")
        at.find("source", ChoiceBox).choose(PaidBy.CASH)
        at.find("goes_on").setFocus()
        at.key(Qt.Key.Key_Space)
        at.go()
        at.wait(lambda: "1 entered one after the other, KES 50.00." in at.toasts[-1])
        at.wait(lambda: at.sees("take_contribution_dialog"))
        assert at.find("member").property("text") == ""
        at.dialog("take_contribution_dialog").reject()
    assert [office.balance(code) for code in ("2010", "3010", "2170")] == [255_000, 100_000, 20_000]


def test_cheques_are_cleared_or_come_back_and_receipts_are_taken_back_by_two(
    office: PracticeOffice, seat: Seat
) -> None:
    jane = make.member(office, first_name="Jane")
    good = make_savings.contribution(office, jane, PaidBy.CHEQUE, "000123", deposits=700)
    make_savings.contribution(office, jane, PaidBy.CHEQUE, "000124", share_capital=90)
    cash = make_savings.contribution(office, jane, deposits=50)
    with seat(office.grace) as at:
        at.window.open_page("savings/cheques")
        at.wait(lambda: len(_texts(at)) == 2)
        at.click("cheque_cleared")
        assert "Jane Njeri Otieno has KES 700.00: Deposits." in at.says("before")
        at.go()
        at.wait(lambda: at.toasts == ["Recorded. Receipt RC-2026-0001, entry 4."])
        at.wait(lambda: [row[3] for row in _texts(at)] == ["◷ To clear", "✓ Cleared"])
        assert _rows(at).table.select_key(2)
        at.click("cheque_back")
        at.go()
        assert at.says("why_error") == "Write why the cheque came back, as the bank says."
        at.type("why", "No funds")
        at.type("charge", "500")
        at.go()
        at.wait(lambda: "↩ Came back" in [row[3] for row in _texts(at)])
        assert (office.balance("2010"), office.balance("3010"), office.balance("5220")) == (
            75_000,
            0,
            50_000,
        )
        at.window.open_page(f"savings/{cash.receipt}")
        at.wait(lambda: _rows(at).table.current_row() is not None)
        at.wait(lambda: _rows(at).table.current_row().receipt == cash.receipt)
        at.command("reverse")
        at.go()
        assert at.says("reason_error") == "Write why the entry is wrong."
        at.find("reason").setFocus()
        at.keys("Taken twice.")
        at.go()
        at.wait(lambda: at.toasts[-1].startswith("Asked. KES 50.00 stay in the books"))
        at.wait(lambda: "Somebody asked to take it back" in said(_rows(at).panel))
        (request,) = office.sql("SELECT max(id) FROM approval_request")[0]
        make_savings.agree(office, request, office.lucy)
        at.wait(lambda: "↩ Taken back" in [row[4] for row in _texts(at)])
    # An officer may take money in, and neither clears cheques nor takes receipts back.
    with seat(office.peter) as at:
        make_savings.contribution(office, jane, PaidBy.CHEQUE, "000125", deposits=1)
        at.window.open_page(f"savings/cheques-{good.receipt}")
        at.wait(lambda: len(_texts(at)) == 3)
        assert not at.sees("cheque_cleared")
        at.wait(lambda: _rows(at).table.current_row().receipt == good.receipt)
        assert not at.sees("take_back")


def test_money_without_owner_is_given_to_its_member(office: PracticeOffice, seat: Seat) -> None:
    make.member(office, first_name="Jane")
    make_check_offs.posted(office, (("M-0999", 300), ("M-0001", 10)))
    with seat(office.grace) as at:
        at.window.open_page("savings/no_owner")
        at.wait(lambda: len(_texts(at)) == 1)
        assert _texts(at)[0][:5] == ["M-0999", "County of Voi", "300.00", "! No owner yet", "0"]
        at.click("give_to_owner")
        at.dialog("owner_dialog")
        assert not cut_texts(at.dialog("owner_dialog"))
        at.pick_member("jane")
        at.find("known_by").setFocus()
        at.keys("She rang.")
        at.go()
        at.wait(lambda: any("Nothing is posted." in one for one in at.toasts))
        at.wait(lambda: at.sees("owner_request_back"))
        (request,) = office.sql("SELECT max(id) FROM approval_request")[0]
        make_savings.agree(office, request, office.lucy)
        at.wait(lambda: at.sees("owner_back"))
        assert _texts(at)[0][3] == "✓ Given"
        at.command("reverse")
        at.dialog("owner_back_dialog")
        at.find("reason").setFocus()
        at.keys("It was her sister's.")
        at.go()
        at.wait(lambda: any("until another person agrees" in one for one in at.toasts))
    assert office.balance("2010.M-0001") == 310_00


def test_what_is_expected_and_shares_lead_to_taking_it_in(
    office: PracticeOffice, seat: Seat
) -> None:
    make.setting(office, "share_capital.minimum_cents", "100000")
    jane, amina = (make.member(office, first_name=name) for name in ("Jane", "Amina"))
    make_savings.contribution(office, jane, share_capital=1_200)
    with seat(office.peter) as at:
        at.window.open_page("savings/expected")
        at.wait(lambda: at.sees("list_state"))
        at.wait(lambda: at.says("list_state").startswith("Nothing is expected of anybody"))
        make_savings.other_terms(
            office, "deposits", every=Every.MONTH, expected_cents=100_000, due_day=16
        )
        make_savings.contribution(office, jane, deposits=1_500)
        at.wait(lambda: [row[6] for row in _texts(at)] == ["✓ Ahead", "! Overdue"])
        at.type("as_of", "16/4/2026")
        at.key(Qt.Key.Key_Return)
        at.wait(lambda: [row[5] for row in _texts(at)] == ["500.00", "2,000.00"])
        at.window.open_page("savings/expected-overdue")
        at.type("as_of", "t")
        at.wait(lambda: [row[0] for row in _texts(at)] == [amina.number])
        at.command("print")
        at.wait(lambda: len(at.papers) == 1)
        assert at.papers[0].file_name == "PRACTICE_Expected_2026-03-16.pdf"
        at.wait(lambda: "Amina" in said(_rows(at).panel))
        at.click("take_expected")
        at.wait(lambda: at.sees("take_contribution_dialog"))
        assert "Amina" in at.find("member").property("text")
        at.dialog("take_contribution_dialog").reject()
        at.window.open_page("savings/shares-below")
        at.wait(lambda: [row[3] for row in _texts(at)] == ["1,000.00"])
        _rows(at).table.setFocus()
        at.key(Qt.Key.Key_Return)
        at.wait(lambda: at.opened[-1] == f"member/{amina.number}")
        overdue = "Deposits: KES 1,000.00 since 16 Mar 2026."
        at.wait(lambda: at.sees("fact") and overdue in said(at.find("overview")))
        tabs = at.find("member_tabs", QTabWidget)
        tabs.setCurrentIndex([tabs.tabText(place) for place in range(7)].index("Savings"))
        assert at.says("savings_words") == overdue
        at.click("take_savings")
        assert at.opened[-1] == f"savings/take-{amina.number}"
        at.dialog("take_contribution_dialog").reject()


def test_a_category_and_its_terms_are_asked_for(office: PracticeOffice, seat: Seat) -> None:
    with seat(office.admin) as at:
        at.window.open_page("savings/products")
        at.wait(lambda: len(_texts(at)) == 4)
        at.command("new")
        at.keys("Christmas")
        at.find("every", ChoiceBox).choose(Every.WEEK)
        at.find("weekday", ChoiceBox).choose(5)
        at.go()
        assert at.says("expected_cents_error").startswith("Say how often and how much")
        at.keys("250")
        at.type("notice_days", "30")
        at.go()
        at.wait(lambda: at.toasts == ["Asked. Christmas changes when another person agrees."])
        (request,) = office.sql("SELECT max(id) FROM approval_request")[0]
        make_savings.agree(office, request, office.daniel)
        at.wait(lambda: len(_texts(at)) == 5)
        assert _texts(at)[4][:4] == [
            "Christmas",
            "Savings of each member",
            "KES 250.00 each week, on Friday",
            "Withdrawn by notice of 30 days",
        ]
        assert _texts(at)[3][5] == "—"
        _rows(at).table.select_key(5)
        at.click("change_terms")
        at.find("is_open", ChoiceBox).choose(False)
        at.type("effective_on", "+1")
        at.go()
        at.wait(lambda: "Other terms were asked for" in said(_rows(at).panel))
        assert not at.find("change_terms").isEnabled()


def test_the_days_of_a_period() -> None:
    day = date(2026, 3, 16)
    found = {key: period_of(key, day) for key in ("lately", "today", "month", "before", "year")}
    assert {key: (one.first, one.last) for key, one in found.items()} == {
        "lately": (date(2026, 2, 14), day),
        "today": (day, day),
        "month": (date(2026, 3, 1), day),
        "before": (date(2026, 2, 1), date(2026, 2, 28)),
        "year": (date(2026, 1, 1), day),
    }


@pytest.mark.parametrize(("width", "percent"), [(1024, 100), (1366, 150)])
def test_nothing_of_it_is_cut(
    office: PracticeOffice, seat: Seat, theme: Theme, width: int, percent: int
) -> None:
    theme.set_text_percent(percent)
    make_savings.other_terms(
        office, "deposits", every=Every.MONTH, expected_cents=100_000, due_day=16
    )
    jane = make.member(office, first_name="Jane")
    make_savings.contribution(office, jane, PaidBy.CHEQUE, "000124", share_capital=90)
    with seat(office.grace) as at:
        at.window.resize(width, 540)
        for place in ("paid_in", "expected", "cheques", "products", "shares"):
            at.window.open_page(f"savings/{place}")
            at.wait(lambda: bool(_texts(at)))
            at.wait(lambda: cut_texts(at.window) == [])
            assert outside(at.window) == []
            assert nameless(at.window) == []
