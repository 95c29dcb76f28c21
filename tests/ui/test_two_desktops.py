"""Two windows on two PCs over one PostgreSQL: what a person does at one is seen at the other, and nothing is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from sacco_desktop.application import front_office
from sacco_desktop.domain.permissions import Role
from sacco_desktop.operations import open_office
from sacco_desktop.services.books.work import CLOCK, Actor, Books
from sacco_desktop.services.membership import members
from sacco_desktop.services.office import users
from sacco_desktop.services.office.users import NewUser
from sacco_desktop.services.payouts import phone_changes
from sacco_desktop.services.payouts.phone_changes import PhoneChange
from sacco_desktop.services.people import first_run, people_changes
from sacco_desktop.services.people.first_run import NewBooks
from sacco_desktop.settings import Settings
from sacco_desktop.ui.front_office import FrontOffice
from sacco_desktop.ui.theme.theme import Theme
from sacco_desktop.ui.widgets.list_page import ListPage
from tests import make
from tests.guards.office_clock import OfficeClock
from tests.make import PASSWORD
from tests.operations.quick_secrets import weaken_passwords
from tests.postgresql_server import Server
from tests.ui.counter import said


@dataclass
class Desktop:
    """One PC with its window."""

    front: FrontOffice
    qtbot: QtBot

    def wait(self, happens: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(happens, timeout=15_000)

    def sign_in(self, username: str) -> None:
        self.front.window.sign_in_asked.emit(username, PASSWORD)
        self.wait(lambda: self.front.window.rail.isVisible())

    @property
    def page(self) -> ListPage:
        page = self.front.window.pages.currentWidget()
        assert isinstance(page, ListPage)
        return page

    def open_members(self) -> None:
        self.front.window.open_page("members")

    def shown(self) -> list[str]:
        return [row.full_name for row in self.page.table.table_model.shown_rows()]

    def find(self, name: str) -> QWidget:
        self.wait(lambda: any(each.isVisible() for each in self._all(name)))
        return next(each for each in self._all(name) if each.isVisible())

    def _all(self, name: str) -> list[QWidget]:
        return self.front.window.findChildren(QWidget, name)


@pytest.fixture
def places(
    postgresql_server: Server,
    tmp_path: Path,
    office_clock: OfficeClock,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[list[Settings]]:
    """Two PCs with the same books, on which two officers work."""
    weaken_passwords(monkeypatch)
    database = postgresql_server.create()
    found = [
        Settings(
            tmp_path / name, name, "file", "correct horse battery", postgresql_server.url(database)
        )
        for name in ("FRONT-PC", "BACK-PC")
    ]
    with open_office.open_books(found[0], office_clock.now, doing="set-up") as books:
        ruth = NewUser("ruth", "Ruth Njeri", frozenset({Role.ADMINISTRATOR}), PASSWORD)
        books.write(first_run.begin, NewBooks(make.SOCIETY, ruth), actor=CLOCK)
        chief = users_actor(books)
        for username, name in (("peter", "Peter Kamau"), ("mary", "Mary Wairimu")):
            new = NewUser(username, name, frozenset({Role.OFFICER}), PASSWORD)
            books.write(people_changes.add_user, new, actor=chief)
    found[1].data_dir.mkdir()
    key = open_office.books_key(found[0], open_office.open_secrets(found[0]))
    words = open_office.recovery_words(key)
    open_office.take_recovery_words(open_office.open_secrets(found[1]), words)
    yield found
    postgresql_server.drop(database)


@pytest.fixture
def desktops(
    places: list[Settings],
    qapp: QApplication,
    qtbot: QtBot,
    theme: Theme,
    office_clock: OfficeClock,
) -> Iterator[tuple[Desktop, Desktop]]:
    with ExitStack() as stack:
        both = []
        for settings in places:
            opened = stack.enter_context(open_office.open_office(settings, office_clock.now))
            front = front_office(qapp, opened, settings, office_clock.now, theme=theme)
            both.append(Desktop(stack.enter_context(front), qtbot))
        yield both[0], both[1]


def users_actor(books: Books) -> Actor:
    """Ruth, who adds the others."""
    (row,) = [
        each for each in books.read(users.list_users, None, actor=CLOCK) if each.username == "ruth"
    ]
    return Actor(row.user_id, row.full_name, row.roles)


def test_two_people_work_on_the_same_books(desktops: tuple[Desktop, Desktop]) -> None:
    one, other = desktops
    one.sign_in("peter")
    other.sign_in("mary")
    one.open_members()
    other.open_members()
    one.wait(lambda: "No members yet" in said(one.page))

    # Registered at one, seen at the other without a key being pressed.
    register(one)
    other.wait(lambda: other.shown() == ["Mary Njeri Otieno"])

    # Changed at one: the panel of the other says who did what, and shows it as it is now.
    other.page.table.select_key(1)
    dialog = open_phone_dialog(other)
    change_phone(one, "0733 999 888")
    bar = other.find("elsewhere")
    assert said(bar).strip() == (
        "Changed just now\nPeter Kamau changed the phone of M-0001 at 09:00, on FRONT-PC. You see it as it is now."
    )
    other.wait(lambda: "0733 999 888" in said(other.page.panel))

    # The form that was open over there is told, and keeps what was typed.
    fill_in(dialog, phone="0755 123 123")
    press(dialog, "ok")
    told = other.find("meanwhile")
    assert "Peter Kamau changed the phone of M-0001 at 09:00, on FRONT-PC" in said(told)
    assert line(dialog, "old_phone").text() == "0733 999 888"
    assert line(dialog, "phone").text() == "0755 123 123"
    press(dialog, "ok")
    one.wait(lambda: "0755 123 123" in said(one.page.panel) or select_first(one))
    one.wait(lambda: "0755 123 123" in said(one.page.panel))


def select_first(desktop: Desktop) -> bool:
    desktop.page.table.select_key(1)
    return False


def register(desktop: Desktop) -> None:
    desktop.front.window.menus.actions["new"].trigger()
    dialog = desktop.find("new_member_dialog")
    fill_in(
        dialog, first_name="Mary", other_names="Njeri", last_name="Otieno", national_id="23450001",
        phone="0712 345 001",
    )  # fmt: skip
    press(dialog, "ok")


def change_phone(desktop: Desktop, phone: str) -> None:
    """At the service, as the dialog of that PC would."""
    background = desktop.front.background
    row = desktop.front._office.books.read(members.row_of, 1, actor=CLOCK)
    done: list[object] = []
    change = PhoneChange(1, row.version, phone)
    background.write(phone_changes.change_phone, change, owner=desktop.front, done=done.append)
    desktop.wait(lambda: bool(done))


def open_phone_dialog(desktop: Desktop) -> QWidget:
    button = desktop.find("change_phone")
    assert isinstance(button, QPushButton)
    button.click()
    return desktop.find("change_phone_dialog")


def line(dialog: QWidget, name: str) -> QLineEdit:
    found = dialog.findChild(QLineEdit, name)
    assert isinstance(found, QLineEdit)
    return found


def fill_in(dialog: QWidget, **texts: str) -> None:
    for name, text in texts.items():
        line(dialog, name).clear()
        QTest.keyClicks(line(dialog, name), text)


def press(dialog: QWidget, name: str) -> None:
    button = dialog.findChild(QPushButton, name)
    assert isinstance(button, QPushButton)
    button.click()


def test_the_clock_runs_at_one_of_them(
    desktops: tuple[Desktop, Desktop], office_clock: OfficeClock
) -> None:
    ends: dict[int, int] = {}
    for place, desktop in enumerate(desktops):
        desktop.wait(lambda at=desktop: not at.front.clock._is_running)  # type: ignore[misc]
        desktop.front.clock.ticked.connect(lambda done, at=place: ends.__setitem__(at, len(done)))
    office_clock.advance(minutes=5)
    for desktop in desktops:
        desktop.front.clock.tick()
    desktops[0].wait(lambda: len(ends) == 2)
    idle, busy = sorted(ends.values())
    assert idle == 0
    assert busy > 0
