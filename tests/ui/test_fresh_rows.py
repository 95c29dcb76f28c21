"""A new reading of a list changes what has changed: the cursor, what is looked at, and widths stay."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QModelIndex
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from sacco_desktop.ui.theme.theme import Theme
from sacco_desktop.ui.widgets.details import PanelAction
from sacco_desktop.ui.widgets.details_panel import DetailsPanel
from sacco_desktop.ui.widgets.frozen_table import FrozenTable
from sacco_desktop.ui.widgets.frozen_table_model import FrozenTableModel
from sacco_desktop.ui.widgets.list_page import ListPage
from sacco_desktop.ui.widgets.row_changes import row_changes
from tests.ui.sample_office import PAYOUTS, details, payout_rows

MEMBER = 1
keys = st.lists(st.integers(0, 40), unique=True, min_size=1)


class Heard:
    """What a view would hear of its model."""

    def __init__(self, model: FrozenTableModel[object]) -> None:
        self.all_anew = 0
        self.gone: list[tuple[int, int]] = []
        self.came: list[tuple[int, int]] = []
        self.changed: set[int] = set()
        model.modelReset.connect(self._hear_all)
        model.rowsRemoved.connect(lambda _of, first, last: self.gone.append((first, last)))
        model.rowsInserted.connect(lambda _of, first, last: self.came.append((first, last)))
        model.dataChanged.connect(self._hear_change)

    def _hear_all(self) -> None:
        self.all_anew += 1

    def _hear_change(self, first: QModelIndex, last: QModelIndex) -> None:
        self.changed |= set(range(first.row(), last.row() + 1))


@pytest.fixture
def table(theme: Theme, qtbot: QtBot) -> FrozenTable:
    table = FrozenTable(theme, PAYOUTS.columns, PAYOUTS.key, name="payouts", ticks=True)
    qtbot.addWidget(table)
    table.resize(900, 300)
    table.set_rows(payout_rows(60))
    table.show()
    return table


@pytest.fixture
def page(theme: Theme, qtbot: QtBot) -> ListPage:
    page = ListPage(theme, PAYOUTS)
    qtbot.addWidget(page)
    page.resize(1100, 500)
    page.show()
    page.set_rows(payout_rows(40))
    return page


@given(old=keys, new=keys)
def test_the_changes_lead_from_the_old_list_to_the_new_one(old: list[int], new: list[int]) -> None:
    changes = row_changes(old, new)
    assert changes is not None
    lines = list(old)
    for first, end in changes.gone:
        del lines[first:end]
    assert not set(lines) - set(new)
    for first, end in changes.fresh:
        lines[first:first] = new[first:end]
    assert lines == new


def test_keys_that_are_not_unique_are_shown_anew() -> None:
    assert row_changes([1, 1, 2], [1, 2]) is None
    assert row_changes([1, 2], [2, 2]) is None


def test_the_model_keeps_the_rules_of_qt_while_rows_come_and_go(qapp: QApplication) -> None:
    model = FrozenTableModel(PAYOUTS.columns, PAYOUTS.key, ticks=True)
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning)
    rows = payout_rows(9)
    for order in ((0, 1, 2, 3), (1, 2, 4, 3), (4, 3, 2, 1, 0), (8,), (8, 7, 6), ()):
        model.set_rows([rows[place] for place in order])
        assert [row.number for row in model.shown_rows()] == [place + 1 for place in order]
    assert tester.model() is model


def test_only_what_has_changed_is_told(table: FrozenTable) -> None:
    heard = Heard(table.table_model)
    rows = list(payout_rows(61))
    rows[10] = replace(rows[10], member="ANOTHER NAME")
    del rows[3]
    table.set_rows(rows)
    assert (heard.all_anew, heard.gone, heard.came) == (0, [(3, 3)], [(59, 59)])
    assert heard.changed == {9}
    assert table.table_model.shown_rows() == rows


def test_a_filtered_and_sorted_list_changes_in_the_same_way(table: FrozenTable) -> None:
    table.table_model.sort_by(MEMBER)
    table.set_filter("amina")
    heard = Heard(table.table_model)
    first = table.table_model.shown_rows()[0]
    table.set_rows([row for row in payout_rows(60) if row != first])
    assert heard.all_anew == 0
    assert len(heard.gone) == 1
    assert all(row.member == "AMINA HASSAN" for row in table.table_model.shown_rows())


def test_the_filter_finds_what_a_row_says_now(table: FrozenTable) -> None:
    table.set_filter("quite new")
    assert table.table_model.rowCount() == 0
    rows = list(payout_rows(60))
    rows[5] = replace(rows[5], member="QUITE NEW NAME")
    table.set_rows(rows)
    assert [row.number for row in table.table_model.shown_rows()] == [6]


def test_cursor_scroll_and_widths_stay(table: FrozenTable) -> None:
    table.setColumnWidth(MEMBER, 333)
    table.select_key(30)
    table.verticalScrollBar().setValue(25)
    top = table.table_model.key_at(25)
    rows = list(payout_rows(60))[2:]
    table.set_rows(rows)
    assert table.current_row() == payout_rows(30)[29]
    assert [index.row() for index in table.selectionModel().selectedRows()] == [27]
    assert table.table_model.key_at(table.rowAt(0)) == top
    assert table.columnWidth(MEMBER) == 333


def test_a_person_who_has_scrolled_away_from_the_cursor_is_left_there(table: FrozenTable) -> None:
    table.select_key(1)
    table.verticalScrollBar().setValue(30)
    rows = list(payout_rows(60))
    rows[50] = replace(rows[50], member="ANOTHER NAME")
    table.set_rows(rows)
    assert table.verticalScrollBar().value() == 30


def test_at_the_top_the_newest_is_seen(table: FrozenTable) -> None:
    newest = replace(payout_rows(1)[0], number=100)
    table.set_rows([newest, *payout_rows(60)])
    assert table.verticalScrollBar().value() == 0
    assert table.current_row().number == 1


def test_a_longer_text_gets_its_room(table: FrozenTable) -> None:
    before = table.column_layout.widths[MEMBER]
    rows = list(payout_rows(60))
    rows[50] = replace(rows[50], member="A NAME THAT IS FAR LONGER THAN ALL THE OTHER NAMES THERE")
    table.set_rows(rows)
    wide = table.column_layout.widths[MEMBER]
    assert wide > before
    table.set_rows(payout_rows(60))
    assert table.column_layout.widths[MEMBER] == wide


def test_the_row_below_is_chosen_when_the_one_under_the_cursor_goes(page: ListPage) -> None:
    told: list[int] = []
    page.current_changed.connect(lambda row: told.append(row.number))
    page.table.select_key(3)
    page.set_rows([row for row in payout_rows(40) if row.number != 3])
    assert told[-1] == 4
    assert page.table.current_row().number == 4


def test_the_panel_stays_as_long_as_it_says_the_same(page: ListPage, qtbot: QtBot) -> None:
    page.table.select_key(5)
    before = page.panel.widget()
    page.set_rows([row for row in payout_rows(40) if row.number != 9])
    page.refresh_details()
    assert page.panel.widget() is before
    rows = list(payout_rows(40))
    rows[4] = replace(rows[4], receipt="TGHCHANGED")
    page.set_rows(rows)
    qtbot.waitUntil(lambda: page.panel.widget() is not before)


def test_a_button_of_the_panel_does_what_the_newest_reading_says(
    theme: Theme, qtbot: QtBot
) -> None:
    panel = DetailsPanel(theme)
    qtbot.addWidget(panel)
    done: list[str] = []
    row = payout_rows(1)[0]
    for words in ("first", "second"):
        act = PanelAction("act", "Act", partial(done.append, words))
        panel.show_details(replace(details(row), action=act), row)
    kept = panel.widget()
    button = panel.findChild(QPushButton, "act")
    assert isinstance(button, QPushButton)
    button.click()
    assert done == ["second"]
    locked = PanelAction("act", "Act", None, "Not now.")
    panel.show_details(replace(details(row), action=locked), row)
    assert panel.widget() is not kept
    again = panel.findChild(QWidget, "act")
    assert isinstance(again, QPushButton)
    assert not again.isEnabled()


def test_a_long_list_gets_ready_for_a_filter_by_itself(table: FrozenTable, qtbot: QtBot) -> None:
    table.set_rows(payout_rows(3_000))
    model = table.table_model
    qtbot.waitUntil(lambda: not model.fold_some(0), timeout=20_000)
    table.set_filter("loan l-2999")
    assert [row.number for row in model.shown_rows()] == [2999]
