"""The window over real books with one person at it, on the pages Members and Loans; hands that type, eyes that read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from sacco_desktop.gateways.secrets import FileSecrets
from sacco_desktop.operations.lanes import Lanes
from sacco_desktop.operations.office import Office
from sacco_desktop.services.books.work import Actor
from sacco_desktop.ui.background import Background
from sacco_desktop.ui.desk import Desk, Paper
from sacco_desktop.ui.main_window import MainWindow
from sacco_desktop.ui.main_window import Office as WindowOffice
from sacco_desktop.ui.messages import Messages
from sacco_desktop.ui.page import PageEntry
from sacco_desktop.ui.pages.loans.guarantors_page import guarantors_page
from sacco_desktop.ui.pages.loans.page import loans_page
from sacco_desktop.ui.pages.members.applications_page import applications_page
from sacco_desktop.ui.pages.members.member_page import member_page
from sacco_desktop.ui.pages.members.page import members_page
from sacco_desktop.ui.theme.theme import Theme
from sacco_desktop.ui.widgets.list_page import ListPage
from sacco_desktop.ui.widgets.member_picker import MemberPicker
from sacco_desktop.ui.world import World
from tests.make import PracticeOffice

W = TypeVar("W", bound=QWidget)


@dataclass
class Counter:
    """One person at the window."""

    office: PracticeOffice
    qtbot: QtBot
    window: MainWindow
    desk: Desk | None = None
    toasts: list[str] = field(default_factory=list)
    papers: list[Paper] = field(default_factory=list)
    opened: list[str] = field(default_factory=list)

    @property
    def page(self) -> ListPage:
        page = self.window.pages.currentWidget()
        assert isinstance(page, ListPage)
        return page

    def wait(self, happens: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(happens, timeout=30_000)

    def find(self, name: str, kind: type[W] = QWidget) -> W:  # type: ignore[assignment]
        """The visible widget of this name, in the dialog in front if there is one; waits for it."""
        found: list[W] = []

        def look() -> bool:
            front = QApplication.activeModalWidget() or self.window
            every = [front] if isinstance(front, kind) and front.objectName() == name else []
            every += front.findChildren(kind, name)
            found[:] = [each for each in every if each.isVisible()]
            return bool(found)

        self.wait(look)
        return found[0]

    def sees(self, name: str) -> bool:
        return any(each.isVisible() for each in self.window.findChildren(QWidget, name))

    def says(self, name: str) -> str:
        return self.find(name, QLabel).text()

    def panel_says(self, words: str) -> None:
        """Wait until the panel holds these words."""
        self.wait(lambda: words in said(self.page.panel))

    def click(self, name: str) -> None:
        button = self.find(name, QPushButton)
        assert button.isEnabled(), f"{name} is locked"
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    def type(self, name: str, text: str) -> None:
        """Over whatever stands in the field."""
        line: QWidget = self.find(name)
        line.setFocus()
        QTest.keyClick(line, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        QTest.keyClick(line, Qt.Key.Key_Delete)
        QTest.keyClicks(line, text)

    def key(self, key: Qt.Key, *, control: bool = False) -> None:
        """To whatever has the focus, as a keyboard does."""
        held = Qt.KeyboardModifier.ControlModifier if control else Qt.KeyboardModifier.NoModifier
        QTest.keyClick(self.focus(), key, held)

    def keys(self, text: str) -> None:
        QTest.keyClicks(self.focus(), text)

    def focus(self) -> QWidget:
        front = QApplication.activeModalWidget() or self.window
        return front.focusWidget() or front

    def go(self) -> None:
        """Ctrl+Enter."""
        self.key(Qt.Key.Key_Return, control=True)

    def command(self, key: str) -> None:
        """A command of the menu, which is what its key gives."""
        action = self.window.menus.actions[key]
        assert action.isEnabled(), f"{key} is locked"
        action.trigger()

    def choose(self, key: int) -> None:
        """Put the cursor on the row with this id; waits for the row."""
        self.wait(lambda: self.page.table.select_key(key))
        self.page.table.setFocus()

    def pick_member(self, words: str) -> None:
        """Find a member by words in the field of the dialog and take the one that fits."""
        self.type("member", words)
        picker = self.find("member", MemberPicker)
        self.wait(lambda: len(picker.found_lines()) == 1)
        self.key(Qt.Key.Key_Return)

    def dialog(self, name: str) -> QDialog:
        return self.find(name, QDialog)

    def wait_closed(self, name: str) -> None:
        self.wait(lambda: not self.window.findChildren(QDialog, name))

    def shown(self) -> list[Any]:
        return self.page.table.table_model.shown_rows()


def said(widget: QWidget) -> str:
    """Everything that labels and buttons inside say."""
    labels = [each.text() for each in widget.findChildren(QLabel)]
    return "\n".join(labels + [each.text() for each in widget.findChildren(QPushButton)])


def _members_and_loans(desk: Desk) -> Sequence[PageEntry]:
    return (
        PageEntry("members", "Members", "users", "Ctrl+2", lambda: members_page(desk)),
        PageEntry("member", "Member", "user", "", lambda: member_page(desk), under="members"),
        PageEntry(
            "applications",
            "Applications",
            "user-plus",
            "",
            lambda: applications_page(desk),
            under="members",
        ),
        PageEntry("loans", "Loans", "landmark", "Ctrl+4", lambda: loans_page(desk)),
        PageEntry(
            "guarantors",
            "Guarantors",
            "shield-check",
            "Ctrl+Shift+G",
            lambda: guarantors_page(desk),
            under="loans",
        ),
    )


@contextmanager
def counter(
    folder: Path,
    qtbot: QtBot,
    theme: Theme,
    office: PracticeOffice,
    who: Actor,
    pages: Callable[[Desk], Sequence[PageEntry]] | None = None,
) -> Iterator[Counter]:
    """This person works at the window, on Members and Loans or on other pages; it is taken away at the end."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    lanes = Lanes()
    messages = Messages(folder / "sacco-desktop.log")
    background = Background(lanes, office.books, messages.show)
    office.books.on_changed = background.announce
    now = office.clock.now
    window = MainWindow(app, theme, messages, WindowOffice("Umoja", World.PRACTICE, now))
    seen = Counter(office, qtbot, window)

    def open_page(address: str) -> None:
        seen.opened.append(address)
        window.open_page(address)

    secrets = FileSecrets(folder / "secrets.sealed", "a practice passphrase")
    desk = Desk(
        background,
        Office(office.books, lanes, secrets, now=now),
        theme,
        messages,
        now,
        seen.toasts.append,
        seen.papers.append,
        open_page,
    )
    seen.desk = desk
    background.changed.connect(window.pages.hear_of_change)
    background.actor = who
    window.show()
    window.welcome(who.full_name, "", (pages or _members_and_loans)(desk))
    try:
        yield seen
    finally:
        office.books.on_changed = lambda _topics: None
        background.close(10)
        window.idle_watch.stop()
        window.close()
        window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
