"""Ctrl+K by hands: a member by the tail of the phone, a page, a command; the search itself does nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from sacco_desktop.services.books.work import Actor
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.find_dialog import MOST_SHOWN, Choice, FindDialog, choice_of
from sacco_desktop.ui.theme.theme import Theme
from tests import make
from tests.make import PracticeOffice
from tests.ui.counter import Counter, counter
from tests.ui.test_fit import cut_texts, nameless

Seat = Callable[[Actor], AbstractContextManager[Counter]]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[PracticeOffice]:
    made = make.office(tmp_path)
    yield made
    made.close()


@pytest.fixture
def seat(tmp_path: Path, qtbot: QtBot, theme: Theme, office: PracticeOffice) -> Seat:
    return lambda who: counter(tmp_path, qtbot, theme, office, who)


def search(at: Counter, words: str, extra: Choice | None = None) -> FindDialog:
    """Open the box over this window and type."""
    desk = at.desk
    assert isinstance(desk, Desk)
    choices = [choice_of(kind, action) for kind, action in at.window.menus.offered()]
    dialog = FindDialog(desk, at.window, [*choices, *([extra] if extra else [])])
    dialog.open()
    at.keys(words)
    return dialog


def test_a_member_is_opened_by_the_tail_of_the_phone(office: PracticeOffice, seat: Seat) -> None:
    make.member(office)
    make.member(office, first_name="Amina")
    with seat(office.peter) as at:
        dialog = search(at, "5002")
        at.wait(
            lambda: dialog.lines()[:1] == ["Member   Amina Njeri Otieno · M-0002 · 0712 •••002"]
        )
        at.key(Qt.Key.Key_Return)
        at.wait(lambda: at.sees("member_name"))
        assert at.says("member_name") == "Amina Njeri Otieno"


def test_pages_and_commands_are_found_with_their_keys(office: PracticeOffice, seat: Seat) -> None:
    with seat(office.peter) as at:
        dialog = search(at, "loa")
        assert "Page   Loans   Ctrl+4" in dialog.lines()
        dialog.reject()
        at.wait_closed("find_dialog")
        dialog = search(at, "> new")
        assert dialog.lines() == [
            "Do   New…   Ctrl+N",
            "Do   New loan application…   Ctrl+Shift+N",
        ]
        at.key(Qt.Key.Key_Return)
        at.dialog("new_member_dialog").reject()


def test_arrows_choose_and_enter_takes(office: PracticeOffice, seat: Seat) -> None:
    make.member(office, first_name="Jane")
    make.member(office, first_name="Janet")
    with seat(office.peter) as at:
        dialog = search(at, "jan")
        at.wait(lambda: len(dialog.lines()) == 2)
        at.key(Qt.Key.Key_Down)
        at.key(Qt.Key.Key_Return)
        at.wait(lambda: at.opened == ["member/M-0002"])


def test_of_many_a_few_are_shown(office: PracticeOffice, seat: Seat) -> None:
    for _ in range(9):
        make.member(office)
    with seat(office.peter) as at:
        dialog = search(at, "ma")
        at.wait(lambda: any(line.startswith("Member") for line in dialog.lines()))
        assert len(dialog.lines()) <= MOST_SHOWN
        dialog.reject()
        at.wait_closed("find_dialog")


def test_nothing_found_is_said_and_enter_does_nothing(office: PracticeOffice, seat: Seat) -> None:
    with seat(office.peter) as at:
        dialog = search(at, "qqqq")
        at.wait(lambda: "Nothing fits ‘qqqq’" in at.says("find_hint"))
        at.key(Qt.Key.Key_Return)
        assert dialog.isVisible()
        at.key(Qt.Key.Key_Escape)
        at.wait_closed("find_dialog")


@pytest.mark.parametrize("percent", [100, 150])
def test_nothing_is_cut_or_nameless(
    office: PracticeOffice, seat: Seat, theme: Theme, percent: int
) -> None:
    make.member(office)
    theme.set_text_percent(percent)
    with seat(office.peter) as at:
        at.window.resize(1024, 540)
        dialog = search(at, "ma")
        at.wait(lambda: bool(dialog.lines()))
        at.wait(lambda: cut_texts(dialog) == [])
        assert nameless(dialog) == []
        assert dialog.width() <= 1024
        assert dialog.height() <= 540
        dialog.reject()
        at.wait_closed("find_dialog")
