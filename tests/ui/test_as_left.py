"""The window is found again as it was left: size by PC; columns, order, sort and filters by person and page."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from sacco_desktop.application import front_office
from sacco_desktop.domain.permissions import Role
from sacco_desktop.operations import open_office
from sacco_desktop.services.books.work import CLOCK, Actor
from sacco_desktop.services.membership import members
from sacco_desktop.services.office import users
from sacco_desktop.services.office.users import NewUser
from sacco_desktop.services.people import first_run, people_changes
from sacco_desktop.services.people.first_run import NewBooks
from sacco_desktop.settings import Settings
from sacco_desktop.ui.find_dialog import FindDialog
from sacco_desktop.ui.habits import Habits
from sacco_desktop.ui.main_window import MainWindow
from sacco_desktop.ui.theme.theme import Theme
from sacco_desktop.ui.widgets.list_page import ListPage
from tests import make
from tests.guards.office_clock import OfficeClock
from tests.make import PASSWORD
from tests.operations.quick_secrets import weaken_passwords

Seat = Callable[[str], AbstractContextManager[ListPage]]


@pytest.fixture
def settings(
    tmp_path: Path, office_clock: OfficeClock, monkeypatch: pytest.MonkeyPatch
) -> Settings:
    weaken_passwords(monkeypatch)
    found = Settings(tmp_path / "office", "OFFICE-PC", "file", "correct horse battery")
    ruth = NewUser("ruth", "Ruth Njeri", frozenset({Role.ADMINISTRATOR}), PASSWORD)
    with open_office.open_books(found, office_clock.now, doing="set-up") as books:
        books.write(first_run.begin, NewBooks(make.SOCIETY, ruth), actor=CLOCK)
        (row,) = books.read(users.list_users, None, actor=CLOCK)
        chief = Actor(row.user_id, row.full_name, row.roles)
        for username, name in (("peter", "Peter Kamau"), ("mary", "Mary Wairimu")):
            new = NewUser(username, name, frozenset({Role.OFFICER}), PASSWORD)
            books.write(people_changes.add_user, new, actor=chief)
        peter = books.read(users.list_users, None, actor=CLOCK)
        officer = next(each for each in peter if each.username == "peter")
        actor = Actor(officer.user_id, officer.full_name, officer.roles)
        for number, name in enumerate(("Jane", "Amina", "Zawadi"), 1):
            books.write(members.write_down, make.new_member(number, first_name=name), actor=actor)
    return found


@pytest.fixture
def seat(
    settings: Settings, qapp: QApplication, qtbot: QtBot, theme: Theme, office_clock: OfficeClock
) -> Seat:
    @contextmanager
    def sit(username: str) -> Iterator[ListPage]:
        with (
            open_office.open_office(settings, office_clock.now) as opened,
            front_office(qapp, opened, settings, office_clock.now, theme=theme) as front,
        ):
            front.window.sign_in_asked.emit(username, PASSWORD)
            qtbot.waitUntil(lambda: front.window.rail.isVisible(), timeout=10_000)
            front.window.open_page("members")
            page = front.window.pages.currentWidget()
            assert isinstance(page, ListPage)
            qtbot.waitUntil(lambda: len(page.table.table_model.rows) == 3, timeout=10_000)
            yield page

    return sit


def place_of(page: ListPage, title: str) -> int:
    titles = [column.title for column in page.table.table_model.columns]
    return titles.index(title)


def test_a_list_is_found_as_it_was_left(seat: Seat, settings: Settings) -> None:
    with seat("peter") as page:
        header = page.table.horizontalHeader()
        page.table.column_layout.show_column(place_of(page, "ID number"), is_on=True)
        page.table.column_layout.show_column(place_of(page, "Phone"), is_on=False)
        header.resizeSection(place_of(page, "No."), 190)
        header.moveSection(header.visualIndex(place_of(page, "Name")), 0)
        header.setSortIndicator(place_of(page, "Name"), Qt.SortOrder.DescendingOrder)
        page.filter_bar.choose_saved("active")
        page.filter_bar.line.setText("njeri")
        page.window().resize(1200, 640)
    assert settings.habits_path.exists()
    with seat("peter") as page:
        header = page.table.horizontalHeader()
        assert not page.table.isColumnHidden(place_of(page, "ID number"))
        assert page.table.isColumnHidden(place_of(page, "Phone"))
        assert page.table.columnWidth(place_of(page, "No.")) == 190
        assert header.visualIndex(place_of(page, "Name")) == 0
        names = [row.full_name.split()[0] for row in page.table.table_model.shown_rows()]
        assert names == ["Zawadi", "Jane", "Amina"]
        assert page.filter_bar.saved_key() == "active"
        assert page.filter_bar.line.text() == "njeri"
        assert (page.window().width(), page.window().height()) == (1200, 640)
        page.table.column_layout.reset()
        assert not page.table.isColumnHidden(place_of(page, "Phone"))
    with seat("mary") as page:
        assert page.filter_bar.line.text() == ""
        assert page.table.isColumnHidden(place_of(page, "ID number"))


def test_the_search_is_one_key_away_in_the_real_window(seat: Seat, qtbot: QtBot) -> None:
    with seat("peter") as page:
        window = page.window()
        assert isinstance(window, MainWindow)
        window.menus.actions["find"].trigger()
        (dialog,) = window.findChildren(FindDialog)
        QTest.keyClicks(dialog.line, "zawadi")
        qtbot.waitUntil(lambda: any("Zawadi" in line for line in dialog.lines()), timeout=10_000)
        QTest.keyClick(dialog.line, Qt.Key.Key_Return)
        qtbot.waitUntil(
            lambda: window.pages.entry is not None and window.pages.entry.key == "member"
        )


def test_no_name_or_number_of_a_member_stands_in_the_file(seat: Seat, settings: Settings) -> None:
    with seat("peter") as page:
        page.table.column_layout.show_column(place_of(page, "ID number"), is_on=True)
    text = settings.habits_path.read_text(encoding="utf-8")
    assert "Jane" not in text
    assert "Peter" not in text
    assert json.loads(text)["pc"]["window"]["text"] == 100


@pytest.mark.parametrize(
    "spoilt", ["", "{", "[]", '{"pc": 5}', '{"pc": {"window": {"size": "x"}}}']
)
def test_a_spoilt_file_is_as_good_as_none(seat: Seat, settings: Settings, spoilt: str) -> None:
    settings.habits_path.write_text(spoilt, encoding="utf-8")
    with seat("peter") as page:
        assert len(page.table.table_model.shown_rows()) == 3


def test_columns_that_are_gone_are_passed_over(
    tmp_path: Path, seat: Seat, settings: Settings
) -> None:
    old = {
        "columns": {
            "on": ["Shoe size"],
            "order": ["Shoe size", "Name"],
            "sort": ["Shoe size", True],
        }
    }
    everybody = {str(number): {"members_page": old} for number in range(10)}
    settings.habits_path.write_text(json.dumps(everybody), encoding="utf-8")
    with seat("peter") as page:
        header = page.table.horizontalHeader()
        assert header.visualIndex(place_of(page, "Name")) == 0
        assert page.table.table_model.columnCount() == header.count()
    assert Habits(tmp_path / "none.json").of("1", "x") == {}


def test_the_menu_of_columns_never_hides_who_and_how_much(seat: Seat, qtbot: QtBot) -> None:
    with seat("peter") as page:
        page.table.column_layout.open_menu()
        menu = page.table.findChild(QMenu, "columns_menu")
        assert isinstance(menu, QMenu)
        acts = {act.text(): act for act in menu.actions() if act.text()}
        assert not acts["Deposits KES"].isEnabled()
        assert acts["Joined"].isEnabled()
        acts["Joined"].trigger()
        assert not page.table.isColumnHidden(place_of(page, "Joined"))
        menu.close()
        qtbot.waitUntil(lambda: page.table.findChild(QMenu, "columns_menu") is None)


def test_the_first_columns_cannot_be_made_too_narrow(seat: Seat) -> None:
    with seat("peter") as page:
        place = place_of(page, "Deposits KES")
        needed = page.table.column_layout.widths[place]
        page.table.horizontalHeader().resizeSection(place, 20)
        page.table.column_layout.fit()
        assert page.table.columnWidth(place) >= needed
