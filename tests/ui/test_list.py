"""Tables and list pages: filter, order, ticks, sums, copying and the states a list can be in."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QWheelEvent
from PySide6.QtTest import QAbstractItemModelTester, QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QStyle, QStyleOptionViewItem
from pytestqt.qtbot import QtBot

from sacco_desktop.ui.theme.theme import Theme
from sacco_desktop.ui.widgets import chip_words
from sacco_desktop.ui.widgets.columns import Column, Wanted, money_column, search_text
from sacco_desktop.ui.widgets.frozen_table import FrozenTable
from sacco_desktop.ui.widgets.frozen_table_model import FrozenTableModel
from sacco_desktop.ui.widgets.list_page import ListPage
from tests.ui.sample_office import PAYOUTS, PayoutRow, payout_rows
from tests.ui.test_fit import cut_texts

STATUS, MEMBER, AMOUNT = 0, 1, 6


@pytest.fixture
def table(theme: Theme, qtbot: QtBot) -> FrozenTable:
    table = FrozenTable(theme, PAYOUTS.columns, PAYOUTS.key, name="payouts", ticks=True)
    qtbot.addWidget(table)
    table.resize(900, 400)
    table.set_rows(payout_rows(40))
    table.show()
    return table


@pytest.fixture
def page(theme: Theme, qtbot: QtBot) -> ListPage:
    page = ListPage(theme, PAYOUTS)
    page.add_tick_action("hold", "Hold", lambda rows: held.extend(rows))
    held.clear()
    qtbot.addWidget(page)
    page.resize(1100, 500)
    page.show()
    return page


held: list[PayoutRow] = []


def shown_members(table: FrozenTable) -> list[str]:
    return [row.member for row in table.table_model.shown_rows()]


def test_the_model_keeps_the_rules_of_qt(qapp: QApplication) -> None:
    model = FrozenTableModel(PAYOUTS.columns, PAYOUTS.key, ticks=True)
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning)
    model.set_rows(payout_rows(5))
    model.sort_by(AMOUNT, descending=True)
    model.set_filter("amina")
    model.tick_shown(is_ticked=True)
    model.set_rows(())
    assert tester.model() is model


def test_words_are_found_in_any_order_without_case_and_accents() -> None:
    row = payout_rows(8)[7]
    text = search_text(row, PAYOUTS.columns)
    assert row.member == "ÉLODIE NJERI-WAWERU KAMAU"
    assert Wanted("kamau elodie").fits(text)
    assert not Wanted("kamau amina").fits(text)


def test_a_phone_is_found_with_and_without_spaces() -> None:
    text = search_text(payout_rows(8)[7], PAYOUTS.columns)
    assert Wanted("0722008296").fits(text)
    assert Wanted("0722 008 296").fits(text)
    assert Wanted("072 2008 296").fits(text)


def test_the_filter_searches_hidden_columns_and_sums_follow_it(table: FrozenTable) -> None:
    (receipt,) = [
        place for place, column in enumerate(PAYOUTS.columns) if column.title == "Receipt"
    ]
    assert table.isColumnHidden(receipt)
    table.set_filter("tgh000007x")
    assert [row.number for row in table.table_model.shown_rows()] == [7]
    assert table.table_model.sums() == [("Amount KES", payout_rows(7)[6].amount_cents)]


def test_twenty_thousand_rows_are_filtered(table: FrozenTable) -> None:
    table.set_rows(payout_rows(20_000))
    table.set_filter("john 19999")
    assert [row.number for row in table.table_model.shown_rows()] == [19_999]
    table.set_filter("")
    assert table.table_model.rowCount() == 20_000


def test_three_clicks_sort_up_down_and_back(table: FrozenTable) -> None:
    header = table.horizontalHeader()
    own = shown_members(table)
    place = header.sectionViewportPosition(MEMBER) + 20
    orders = []
    for _ in range(3):
        QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(place, 10))
        orders.append(shown_members(table))
    assert orders[0] == sorted(own, key=str.casefold)
    assert orders[1] == sorted(own, key=str.casefold, reverse=True)
    assert orders[2] == own


def test_equal_rows_keep_their_order_in_both_directions(table: FrozenTable) -> None:
    model = table.table_model
    for is_descending in (False, True):
        model.sort_by(MEMBER, descending=is_descending)
        numbers = [row.number for row in model.shown_rows() if row.member == "AMINA HASSAN"]
        assert numbers == sorted(numbers)


def test_nothing_there_is_a_dash_and_comes_last() -> None:
    column: Column[int | None] = money_column("Amount KES", lambda value: value)
    assert column.text(None) == "—"
    assert column.text(0) == "0.00"
    assert column.text(-50_000) == "−500.00"
    model = FrozenTableModel([column], lambda value: value)
    model.set_rows([None, 3, 1])
    model.sort_by(0)
    assert model.shown_rows() == [1, 3, None]
    model.sort_by(0, descending=True)
    assert model.shown_rows() == [3, 1, None]


def test_states_are_sorted_by_the_order_of_the_work(table: FrozenTable) -> None:
    table.table_model.sort_by(STATUS)
    first = table.table_model.row_at(0)
    assert first is not None
    assert first.chip is chip_words.NOT_SENT


def test_the_cursor_stays_on_its_row(table: FrozenTable) -> None:
    table.select_key(8)
    table.horizontalHeader().setSortIndicator(AMOUNT, Qt.SortOrder.DescendingOrder)
    table.set_filter("kamau")
    table.set_filter("")
    table.set_rows(payout_rows(41))
    assert table.current_row() == payout_rows(8)[7]
    assert [index.row() for index in table.selectionModel().selectedRows()] == [
        table.currentIndex().row()
    ]


def test_a_filter_moves_the_cursor_only_when_its_row_is_gone(table: FrozenTable) -> None:
    table.select_key(8)
    table.set_filter("kamau")
    assert table.current_row().number == 8
    table.set_filter("amina")
    assert table.current_row().member == "AMINA HASSAN"
    table.set_filter("nobody at all")
    assert table.current_row() is None


def test_ticks_survive_sorting_filtering_and_reading_again(table: FrozenTable) -> None:
    model = table.table_model
    model.tick(2, is_ticked=True)
    model.tick(4, is_ticked=True)
    table.set_filter("amina")
    model.sort_by(AMOUNT)
    table.set_rows(payout_rows(41))
    assert [row.number for row in model.ticked_rows()] == [3, 5]
    table.set_rows(payout_rows(4))
    assert [row.number for row in model.ticked_rows()] == [3]


def test_space_ticks_control_a_ticks_what_is_shown(table: FrozenTable) -> None:
    table.select_key(2)
    QTest.keyClick(table, Qt.Key.Key_Space)
    assert [row.number for row in table.table_model.ticked_rows()] == [2]
    QTest.keyClick(table, Qt.Key.Key_Space)
    assert table.table_model.ticked_rows() == []
    table.set_filter("amina")
    QTest.keyClick(table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert {row.member for row in table.table_model.ticked_rows()} == {"AMINA HASSAN"}


def test_a_click_on_the_box_ticks(table: FrozenTable) -> None:
    cell = table.visualRect(table.table_model.index(0, 0))
    QTest.mouseClick(
        table.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(cell.left() + 13, cell.center().y())
    )
    assert table.table_model.is_ticked(0)


def test_boxes_to_tick_grow_with_the_text(table: FrozenTable, theme: Theme) -> None:
    def side() -> int:
        option = QStyleOptionViewItem()
        option.initFrom(table)
        option.rect = table.visualRect(table.model().index(0, 0))
        option.features = QStyleOptionViewItem.ViewItemFeature.HasCheckIndicator
        option.widget = table
        part = QStyle.SubElement.SE_ItemViewItemCheckIndicator
        return table.style().subElementRect(part, option, table).height()

    assert side() >= theme.sizes.line
    theme.set_text_percent(150)
    assert side() >= theme.sizes.line


def test_a_click_on_a_large_box_ticks(table: FrozenTable, theme: Theme) -> None:
    theme.set_text_percent(150)
    place = table.visualRect(table.model().index(0, 0))
    QTest.mouseClick(
        table.viewport(),
        Qt.MouseButton.LeftButton,
        pos=QPoint(place.left() + theme.sizes.tick, place.center().y() + theme.sizes.tick // 3),
    )
    assert table.table_model.ticked_rows() == [table.table_model.row_at(0)]


def test_enter_opens_the_row_under_the_cursor(table: FrozenTable) -> None:
    opened = QSignalSpy(table.opened)
    table.select_key(3)
    QTest.keyClick(table, Qt.Key.Key_Return)
    assert opened.at(0) == [payout_rows(3)[2]]


def test_copying_gives_heads_and_a_minus_that_spreadsheets_read(table: FrozenTable) -> None:
    table.select_key(5)
    QTest.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    head, line = QGuiApplication.clipboard().text().split("\n")
    assert head.split("\t")[0] == "Status"
    assert line.split("\t")[0] == "✓ Paid, checking"
    assert line.split("\t")[AMOUNT] == "-40,595.00"


def test_a_narrow_table_drops_columns_that_matter_less(table: FrozenTable) -> None:
    table.resize(table.needed_width() + 10, 400)
    hidden = [
        column.priority
        for place, column in enumerate(PAYOUTS.columns)
        if table.isColumnHidden(place)
    ]
    assert hidden == [2, 2, 2, 3]
    table.resize(1200, 400)
    hidden = [
        column.priority
        for place, column in enumerate(PAYOUTS.columns)
        if table.isColumnHidden(place)
    ]
    assert hidden == [3]
    table.column_layout.show_column(5, is_on=True)
    assert not table.isColumnHidden(5)


def test_the_wheel_moves_the_rows_and_nothing_else(table: FrozenTable) -> None:
    table.select_key(1)
    turn(table)
    assert table.current_row().number == 1


def turn(widget: FrozenTable) -> None:
    middle = QPointF(50, 50)
    event = QWheelEvent(
        middle,
        widget.viewport().mapToGlobal(middle),
        QPoint(0, -120),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget.viewport(), event)


def state_words(page: ListPage) -> str:
    label = page.findChild(QLabel, "list_state")
    assert isinstance(label, QLabel)
    return label.text() if label.isVisible() else ""


def test_an_empty_list_says_why(page: ListPage) -> None:
    page.set_rows(())
    assert state_words(page) == "No payment waits here. Approved loans appear by themselves."


def test_the_panel_asks_nobody_to_choose_from_an_empty_list(page: ListPage) -> None:
    page.set_rows(())
    assert not [hint for hint in page.panel.findChildren(QLabel, "hint") if hint.isVisible()]
    page.set_rows(payout_rows(3))
    page.set_rows(())
    assert not [hint for hint in page.panel.findChildren(QLabel, "hint") if hint.isVisible()]


def test_a_filter_that_fits_nothing_offers_to_reset_it(page: ListPage) -> None:
    page.set_rows(payout_rows(40))
    page.filter_bar.line.setText("wanjk")
    assert state_words(page) == "No payment fits ‘wanjk’."
    counts = page.foot.findChild(QLabel, "counts")
    assert isinstance(counts, QLabel)
    assert counts.text() == "0 of 40 payments"
    reset = page.findChild(QPushButton, "list_state_action")
    assert isinstance(reset, QPushButton)
    reset.click()
    assert counts.text() == "40 payments"
    assert page.table.isVisible()


def test_more_sums_than_fit_stand_below_each_other(page: ListPage, qtbot: QtBot) -> None:
    """At a large size of text one figure was cut in its middle."""
    page.resize(620, 500)
    page.set_rows(payout_rows(40))
    sums = [(f"{word} KES", 1_234_567_00) for word in ("Charged", "Left", "Paid", "Waived")]
    page.foot.say("40 payments", sums)
    qtbot.waitUntil(lambda: cut_texts(page.foot) == [])
    told = page.foot.findChild(QLabel, "sums")
    assert isinstance(told, QLabel)
    assert told.height() > told.fontMetrics().height() + 4


def test_reset_is_there_whenever_a_filter_is_on(page: ListPage) -> None:
    page.set_rows(payout_rows(40))
    reset = page.findChild(QPushButton, "reset_filter")
    saved = page.findChild(QPushButton, "saved_doubt")
    assert isinstance(reset, QPushButton)
    assert isinstance(saved, QPushButton)
    assert reset.isHidden()
    assert saved.text() == "Needs a look  4"
    saved.click()
    assert not reset.isHidden()
    assert {row.chip for row in page.table.table_model.shown_rows()} == {chip_words.NOT_SURE}
    reset.click()
    assert page.table.table_model.rowCount() == 40


def test_reading_is_said_only_when_it_lasts(page: ListPage, qtbot: QtBot) -> None:
    page.show_loading()
    assert state_words(page) == ""
    qtbot.waitUntil(lambda: state_words(page) == "Reading payments…")
    page.set_rows(payout_rows(3))
    assert page.table.isVisible()


def test_a_failed_reading_keeps_the_rows_that_are_there(page: ListPage) -> None:
    tries: list[str] = []
    page.show_failed("The payments could not be read.", lambda: tries.append("again"))
    assert state_words(page) == "The payments could not be read."
    # Nor is anybody asked to choose a row while there is none.
    assert not [hint for hint in page.panel.findChildren(QLabel, "hint") if hint.isVisible()]
    again = page.findChild(QPushButton, "list_state_action")
    assert isinstance(again, QPushButton)
    again.click()
    assert tries == ["again"]
    page.set_rows(payout_rows(3))
    page.show_failed("The payments could not be read.", lambda: None)
    assert page.table.isVisible()
    callout = page.findChild(QLabel, "callout_text")
    assert isinstance(callout, QLabel)
    assert callout.text() == "The payments could not be read."


def test_ticks_bring_their_own_actions(page: ListPage) -> None:
    page.set_rows(payout_rows(40))
    hold = page.findChild(QPushButton, "hold")
    ticked = page.findChild(QLabel, "ticked")
    assert isinstance(hold, QPushButton)
    assert isinstance(ticked, QLabel)
    assert hold.isHidden()
    page.table.table_model.tick(0, is_ticked=True)
    page.table.table_model.tick(1, is_ticked=True)
    assert ticked.text() == "2 ticked · KES 25,757.00"
    hold.click()
    assert [row.number for row in held] == [1, 2]


def test_the_panel_is_always_the_row_under_the_cursor(page: ListPage) -> None:
    page.set_rows(payout_rows(40))
    for key in (3, 8):
        page.table.select_key(key)
        title = page.panel.findChild(QLabel, "details_title")
        assert isinstance(title, QLabel)
        assert title.text() == payout_rows(key)[-1].member


def test_the_panel_folds_by_itself_and_by_hand(page: ListPage) -> None:
    page.set_rows(payout_rows(40))
    wished = [page.panel.isVisible()]
    page.resize(page.table.needed_width() + page.panel.width() - 20, 500)
    wished.append(page.panel.isVisible())
    page.resize(1100, 500)
    wished.append(page.panel.isVisible())
    page.toggle_panel()
    wished.append(page.panel.isVisible())
    assert wished == [True, False, True, False]
