"""Today by hands: each line goes where it is done, each picture is a table too, and one lost card takes no other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QLabel, QWidget
from pytestqt.qtbot import QtBot

from sacco_desktop.domain.errors import NotFound
from sacco_desktop.domain.posting_rules import opening_bank_balance
from sacco_desktop.services.books.work import Actor, Work
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.page import PageEntry
from sacco_desktop.ui.pages.loans.page import loans_page
from sacco_desktop.ui.pages.members.page import members_page
from sacco_desktop.ui.pages.today.page import TodayPage, today_page
from sacco_desktop.ui.pages.today.pictures import BalanceCard, LateCard
from sacco_desktop.ui.theme.theme import Theme
from sacco_desktop.ui.theme.tokens import Scheme
from sacco_desktop.ui.widgets.bar_chart import BarChart
from sacco_desktop.ui.widgets.figures import FiguresDialog
from sacco_desktop.ui.widgets.line_chart import LineChart, short
from sacco_desktop.ui.widgets.list_page import ListPage
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


def _pages(desk: Desk) -> Sequence[PageEntry]:
    return (
        PageEntry("today", "Today", "home", "Ctrl+1", lambda: today_page(desk)),
        PageEntry("members", "Members", "users", "Ctrl+2", lambda: members_page(desk)),
        PageEntry("loans", "Loans", "landmark", "Ctrl+4", lambda: loans_page(desk)),
    )


@pytest.fixture
def seat(tmp_path: Path, qtbot: QtBot, theme: Theme, office: PracticeOffice) -> Seat:
    return lambda who: counter(tmp_path, qtbot, theme, office, who, _pages)


def today(at: Counter) -> TodayPage:
    page = at.window.pages.currentWidget()
    assert isinstance(page, TodayPage)
    return page


def says(at: Counter, card: str, words: str) -> None:
    """Wait until a card holds these words."""
    at.wait(lambda: words in said(at.find(card)))


def test_an_office_at_rest_has_nothing_to_do(office: PracticeOffice, seat: Seat) -> None:
    with seat(office.peter) as at:
        says(at, "to_do", "Nothing waits for you.")
        says(at, "late", "Loans by days late: no active loan")
        says(at, "balance", "Utility and bank today KES 0.00")
        says(at, "cash", "M-Pesa has not told its balance yet")
        assert at.says("read_at") == "Mon 16 Mar 2026 · read at 09:00"


def test_the_first_line_has_the_focus_and_goes_to_its_place(
    office: PracticeOffice, seat: Seat
) -> None:
    loan = make.approved_loan(office)
    with seat(office.grace) as at:
        says(at, "to_do", "approved loan without a payout – KES 100,000.00")
        at.wait(lambda: at.focus().objectName() == "do_approved")
        at.key(Qt.Key.Key_Space)
        assert at.opened == ["loans/to_pay_out"]
        at.window.open_page("loans/to_pay_out")
        page = at.window.pages.currentWidget()
        assert isinstance(page, ListPage)
        assert page.filter_bar.saved_key() == "to_pay_out"
        at.wait(lambda: [row.number for row in at.shown()] == [loan.number])


def test_a_place_can_be_a_row_even_before_it_was_read(office: PracticeOffice, seat: Seat) -> None:
    make.member(office)
    amina = make.member(office, first_name="Amina")
    with seat(office.grace) as at:
        at.window.open_page(f"members/{amina.number}")
        at.wait(lambda: at.page.table.current_row() == amina)
        # A filter that hides the row gives way.
        at.type("filter", "mary")
        at.wait(lambda: len(at.shown()) == 1)
        at.window.open_page(f"members/{amina.number}")
        at.wait(lambda: at.page.table.current_row() == amina)


def test_what_somebody_does_appears_by_itself(office: PracticeOffice, seat: Seat) -> None:
    with seat(office.daniel) as at:
        says(at, "to_do", "Nothing waits for you.")
        make.appraised_loan(office, make.member(office, deposits_kes=100_000))
        says(at, "to_do", "request waits for your decision – KES 100,000.00")
        says(at, "latest", "Peter Kamau appraised a loan: L-0001.")
        says(at, "cash", "Cash in hand 100,000.00")


def test_the_cash_position_adds_up_on_the_screen(office: PracticeOffice, seat: Seat) -> None:
    make.post(office, opening_bank_balance(1_000_000_00, "opening-2", make.day(office)))
    row = make.approved_payout(office)
    with seat(office.lucy) as at:
        says(at, "cash", "1,000,000.00")
        assert at.says("cash_m_pesa_utility") == "500,000.00"
        assert at.says("cash_approved_not_sent") == "−98,500.00"
        assert at.says("cash_free_to_lend_today") == "1,401,500.00"
        assert row.mpesa_cents == 98_500_00
        at.command("explain")
        table = at.find("figures_dialog", FiguresDialog).table
        last = table.table_model.rows[-1]
        assert last == ("Free to lend today", "1,401,500.00")
        at.key(Qt.Key.Key_Escape)
        at.wait_closed("figures_dialog")


def test_the_figures_grow_with_the_text(office: PracticeOffice, seat: Seat, theme: Theme) -> None:
    with seat(office.grace) as at:
        says(at, "cash", "Free to lend today")
        theme.set_text_percent(150)
        figure = at.find("cash_free_to_lend_today", QLabel)
        assert figure.font().pointSizeF() == theme.font().pointSizeF()


def test_each_picture_is_a_table_too(office: PracticeOffice, seat: Seat) -> None:
    make.post(office, opening_bank_balance(1_000_000_00, "opening-2", make.day(office)))
    with seat(office.peter) as at:
        says(at, "balance", "KES 1,000,000.00")
        chart = at.find("balance_chart", LineChart)
        assert len(chart.points) == 14
        assert "Day 16 Mar 2026, Is known" in chart.accessibleDescription()
        chart.setFocus()
        at.command("explain")
        dialog = at.find("figures_dialog", FiguresDialog)
        assert len(dialog.table.table_model.rows) == 14
        dialog.reject()
        at.wait_closed("figures_dialog")
        bars = at.find("late_chart", BarChart)
        assert [bar.name for bar in bars.bars] == [
            "On time",
            "1–30 days",
            "31–90 days",
            "91–180 days",
            "Over 180 days",
        ]
        bars.setFocus()
        at.key(Qt.Key.Key_Return)
        assert at.opened == ["members/late"]


def test_a_card_that_cannot_be_read_says_so_and_the_others_stay(
    office: PracticeOffice, seat: Seat, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(_work: Work, _nothing: None = None) -> None:
        raise NotFound("There is no account 1031 in the chart.")

    with seat(office.peter) as at:
        says(at, "cash", "Free to lend today")
        says(at, "balance", "KES 0.00")
        with monkeypatch.context() as patch:
            patch.setattr("sacco_desktop.services.sending.utility_float.current", lost)
            patch.setattr("sacco_desktop.services.today.balance_line.leaving_cents", lost)
            at.command("refresh")
            says(at, "cash", "Not known now: the cash position.")
            says(at, "balance", "Not known now: the balances.")
        says(at, "to_do", "Nothing waits for you.")
        says(at, "late", "no active loan")
        assert not at.sees("balance_chart")
        at.click("cash_again")
        says(at, "cash", "Free to lend today")
        at.wait(lambda: at.sees("balance_chart"))


def test_a_page_that_was_never_read_leaves_nothing_behind(theme: Theme) -> None:
    cards: list[LateCard | BalanceCard] = [LateCard(theme), BalanceCard(theme)]
    assert [card.chart.parent() for card in cards] == cards
    assert not any(card.chart.isWindow() for card in cards)


@pytest.mark.parametrize(
    ("size", "percent"),
    [((1366, 697), 100), ((1024, 540), 100), ((1366, 697), 150), ((1024, 540), 150)],
)
def test_nothing_is_cut_or_nameless(
    office: PracticeOffice, seat: Seat, theme: Theme, size: tuple[int, int], percent: int
) -> None:
    make.approved_payout(office)
    make.doubtful(office, make.approved_payout(office, float_kes=9_000_000))
    theme.set_text_percent(percent)
    with seat(office.grace) as at:
        at.window.resize(*size)
        says(at, "latest", "Peter Kamau")
        says(at, "to_do", "payment needs a look")
        at.wait(lambda: cut_texts(at.window) == [])
        assert outside(at.window) == []
        assert nameless(at.window) == []
        page = today(at)
        inside = page.widget()
        assert inside is not None
        assert inside.width() <= page.viewport().width()
        at.command("explain")
        dialog = at.find("figures_dialog", QDialog)
        at.wait(lambda: cut_texts(dialog) == [])
        assert dialog.width() <= size[0]
        assert dialog.height() <= size[1]
        dialog.reject()
        at.wait_closed("figures_dialog")


def test_the_pictures_are_drawn_in_light_and_dark(
    office: PracticeOffice, seat: Seat, theme: Theme
) -> None:
    make.post(office, opening_bank_balance(1_000_000_00, "opening-2", make.day(office)))
    with seat(office.peter) as at:
        says(at, "balance", "KES 1,000,000.00")
        for scheme in (Scheme.LIGHT, Scheme.DARK):
            theme.use_scheme(scheme)
            chart = at.find("balance_chart", QWidget)
            image = chart.grab().toImage()
            colours = {
                image.pixelColor(x, y).name()
                for x in range(0, image.width(), 2)
                for y in range(0, image.height(), 2)
            }
            assert theme.tokens.chart_line.lower() in colours


@pytest.mark.parametrize(
    ("cents", "words"),
    [
        (0, "0"),
        (999_00, "999"),
        (725_780_00, "726 k"),
        (999_600_00, "1.0 m"),
        (1_940_900_00, "1.9 m"),
        (-2_049_000_00, "−2.0 m"),
        (1_889_100_00, "1.9 m"),
    ],
)
def test_a_scale_is_short(cents: int, words: str) -> None:
    assert short(cents) == words
