"""The menu bar, which lists every command with its key: it is the manual, and it makes the keys work."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenuBar, QWidget

from sacco_desktop.ui.commands import COMMANDS, Command, Context, Menu
from sacco_desktop.ui.page import PageEntry


class Menus(QObject):
    """Asks `answers` for what a command does at the moment it is given. `page_asked` brings the key of a page."""

    page_asked = Signal(str)

    def __init__(self, window: QWidget, answer: Callable[[str], Callable[[], None] | None]) -> None:
        super().__init__(window)
        self._answer = answer
        self.bar = QMenuBar()
        self.bar.setObjectName("menu_bar")
        self._menus = {menu: self.bar.addMenu(menu.value) for menu in Menu}
        self.actions: dict[str, QAction] = {}
        self._page_actions: list[QAction] = []
        for command in COMMANDS:
            self._add(window, command)
        self._window = window
        self._menus[Menu.GO].addSeparator()

    def set_pages(self, entries: Sequence[PageEntry]) -> None:
        """List the pages this person may open under *Go*, each with its key."""
        for action in self._page_actions:
            self._menus[Menu.GO].removeAction(action)
            self._window.removeAction(action)
            action.deleteLater()
        listed = (entry for entry in entries if entry.shortcut or not entry.under)
        self._page_actions = [self._page_action(entry) for entry in listed]

    def show_answered(self, answered: Mapping[str, object], is_open: bool) -> None:
        """Grey what this page does not know and hide what the window does not know; lock all while nobody is in."""
        for command in COMMANDS:
            action = self.actions[command.key]
            is_answered = command.key in answered
            if command.context is Context.WINDOW:
                action.setVisible(is_answered)
            # Keys of the focus are handled by fields and tables themselves; the menu only names them.
            is_known = is_answered or command.context is Context.FOCUS
            action.setEnabled(is_open and is_known)
        for action in self._page_actions:
            action.setEnabled(is_open)

    def offered(self) -> list[tuple[str, QAction]]:
        """What can be done now, for the search: pages, then commands, without those of the field that has the focus."""
        own = [
            self.actions[command.key]
            for command in COMMANDS
            if command.context is not Context.FOCUS and command.key != "find"
        ]
        able = [("Do", act) for act in own if act.isEnabled() and act.isVisible()]
        return [("Page", act) for act in self._page_actions if act.isEnabled()] + able

    def _add(self, window: QWidget, command: Command) -> None:
        action = QAction(command.title, self)
        action.setObjectName(command.key)
        action.triggered.connect(lambda _=False, key=command.key: self._do(key))
        if command.context is Context.FOCUS:
            # A tab parts the words from the key that a menu shows; a real key would be taken from the field.
            native = QKeySequence(command.keys[0]).toString(QKeySequence.SequenceFormat.NativeText)
            action.setText(f"{command.title}\t{native}")
        else:
            action.setShortcuts([QKeySequence(key) for key in command.keys])
        self._menus[command.menu].addAction(action)
        window.addAction(action)
        self.actions[command.key] = action

    def _page_action(self, entry: PageEntry) -> QAction:
        action = QAction(entry.title.replace("&", "&&"), self)
        action.setObjectName(f"go_{entry.key}")
        action.setShortcut(QKeySequence(entry.shortcut))
        action.triggered.connect(lambda _=False, key=entry.key: self.page_asked.emit(key))
        self._menus[Menu.GO].addAction(action)
        self._window.addAction(action)
        return action

    def _do(self, key: str) -> None:
        act = self._answer(key)
        if act is not None:
            act()
