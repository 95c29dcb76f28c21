"""The table of commands: no key twice, every key works, every command in the menu."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QDialog, QLabel, QMenu
from pytestqt.qtbot import QtBot

from sacco_desktop.ui.commands import COMMANDS, Command, Context, Menu, keys_used_twice
from sacco_desktop.ui.main_window import MainWindow
from sacco_desktop.ui.page_list import page_entries
from tests.ui.sample_office import RAIL

if TYPE_CHECKING:
    from sacco_desktop.settings import Settings
    from sacco_desktop.ui.desk import Desk

PAGES = tuple((title, shortcut) for _, title, _, shortcut, _ in RAIL)


def test_no_two_commands_share_a_key() -> None:
    assert keys_used_twice(COMMANDS, PAGES) == []


def test_no_page_of_the_program_takes_the_key_of_a_command() -> None:
    """The pages themselves are made only when they are opened, so nobody has to sit at this desk."""
    entries = page_entries(cast("Desk", None), cast("Settings", None))
    keys = tuple((entry.title, entry.shortcut) for entry in entries)
    assert keys_used_twice(COMMANDS, keys) == []
    assert keys[0] == ("Today", "Ctrl+1")
    reachable = {entry.key for entry in entries if entry.shortcut}
    assert {entry.under or entry.key for entry in entries} <= reachable


def test_a_shared_key_is_found() -> None:
    twice = Command("again", "Again", Menu.FILE, Context.PAGE, ("ctrl+n",))
    assert keys_used_twice((*COMMANDS, twice), PAGES) == ["ctrl+n: New…, Again"]


def test_keys_are_unique_and_qt_can_read_them() -> None:
    assert len({command.key for command in COMMANDS}) == len(COMMANDS)
    for command in COMMANDS:
        for key in command.keys:
            assert QKeySequence(key).toString(), key


def test_no_single_letter_is_a_command() -> None:
    assert [
        key for command in COMMANDS for key in command.keys if len(key) == 1 and key.isalnum()
    ] == []


def test_the_letters_of_the_menus_differ() -> None:
    letters = [menu.value[menu.value.index("&") + 1].lower() for menu in Menu]
    assert len(set(letters)) == len(letters)


def test_the_menu_bar_lists_every_command(window: MainWindow) -> None:
    menus = window.menus.bar.findChildren(QMenu)
    listed = {action.objectName() for menu in menus for action in menu.actions()}
    assert {command.key for command in COMMANDS} <= listed
    assert {f"go_{key}" for key, *_ in RAIL} <= listed


@pytest.mark.parametrize(
    ("key", "sequence"),
    [
        (command.key, key)
        for command in COMMANDS
        if command.context is not Context.FOCUS
        for key in command.keys
    ],
)
def test_every_key_reaches_its_command(
    window: MainWindow, qtbot: QtBot, key: str, sequence: str
) -> None:
    action = window.menus.actions[key]
    action.triggered.disconnect()
    action.setEnabled(True)
    action.setVisible(True)
    spy = QSignalSpy(action.triggered)
    window.activateWindow()
    qtbot.waitUntil(lambda: window.isActiveWindow())
    QTest.keySequence(window.pages, QKeySequence(sequence))
    assert spy.count() == 1


@pytest.mark.parametrize(
    ("key", "shortcut"), [(key, shortcut) for key, _, _, shortcut, _ in RAIL if shortcut]
)
def test_every_page_has_a_working_key(
    window: MainWindow, qtbot: QtBot, key: str, shortcut: str
) -> None:
    window.activateWindow()
    qtbot.waitUntil(lambda: window.isActiveWindow())
    QTest.keySequence(window.pages, QKeySequence(shortcut))
    assert window.pages.entry is not None
    assert window.pages.entry.key == key


def test_what_nobody_answers_is_not_offered(window: MainWindow) -> None:
    assert not window.menus.actions["notices"].isVisible()
    assert window.menus.actions["find"].isVisible()
    assert not window.menus.actions["reject"].isEnabled()
    assert window.menus.actions["filter"].isEnabled()


def test_the_card_of_keys_lists_what_works_here(window: MainWindow) -> None:
    window.menus.actions["keys"].trigger()
    card = window.findChild(QDialog, "key_card")
    assert isinstance(card, QDialog)
    words = {label.text() for label in card.findChildren(QLabel)}
    assert {"Ctrl+F", "Filter this list", "Ctrl+6", "Payouts"} <= words
    assert "Reject…" not in words
    card.reject()


def test_saving_from_habit_does_no_harm(window: MainWindow) -> None:
    window.menus.actions["save"].trigger()
    toasts = [label.text() for label in window.findChildren(QLabel, "toast_text")]
    assert toasts == ["All is saved already, 14:05."]


def test_keys_of_the_focus_are_shown_but_not_taken(window: MainWindow) -> None:
    for command in COMMANDS:
        if command.context is Context.FOCUS:
            action = window.menus.actions[command.key]
            assert action.shortcuts() == []
            assert "\t" in action.text()


def test_a_slash_typed_into_the_filter_stays_there(window: MainWindow, qtbot: QtBot) -> None:
    line = window.pages.page.widget.filter_bar.line  # type: ignore[union-attr]
    line.setFocus()
    qtbot.waitUntil(lambda: line.hasFocus())
    QTest.keyClick(line, Qt.Key.Key_Slash)
    assert line.text() == "/"
