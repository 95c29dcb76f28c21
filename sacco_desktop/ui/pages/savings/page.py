"""The page Savings & shares: what members pay in, and what was expected of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from sacco_desktop.services.work import Topic
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.page import Page
from sacco_desktop.ui.pages.savings.expected import ExpectedTab
from sacco_desktop.ui.pages.savings.paid_in import PaidInTab
from sacco_desktop.ui.pages.savings.tab import SavingsTab
from sacco_desktop.ui.widgets.list_page import ListPage

_TOPICS = frozenset({Topic.SAVINGS, Topic.MEMBERS, Topic.LEDGER, Topic.SETTINGS})


def savings_page(desk: Desk) -> Page:
    """The page for the person at this desk."""
    return SavingsPage([PaidInTab(desk), ExpectedTab(desk)]).page()


class SavingsPage(QWidget):
    """Hands every command to the tab that is open. A tab that is not seen is read when it is opened."""

    def __init__(self, tabs: list[SavingsTab[Any]]) -> None:
        super().__init__()
        self._tabs = tabs
        self._stale = set(range(len(tabs)))
        self.setObjectName("savings_page")
        self.tabs = QTabWidget()
        self.tabs.setObjectName("savings_tabs")
        self.tabs.tabBar().setAccessibleName("Tabs of this page")
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setDrawBase(False)
        for tab in tabs:
            self.tabs.addTab(tab.list, tab.title)
        self.tabs.currentChanged.connect(self._open_tab)
        for keys, step in (("Ctrl+Tab", 1), ("Ctrl+Shift+Tab", -1)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(lambda by=step: self._next_tab(by))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.tabs)
        self.setFocusProxy(tabs[0].list)

    def page(self) -> Page:
        """What the window gets."""
        commands: dict[str, Callable[[], None]] = {
            "main_action": lambda: self._tab().act(),
            "take_deposit": lambda: self._tabs[0].act(),
            "print": lambda: self._tab().print(),
            "refresh": self._read,
            "filter": lambda: self._list().focus_filter(),
            "panel": lambda: self._list().toggle_panel(),
            "copy": lambda: self._list().table.copy(),
            "columns": lambda: self._list().table.column_layout.open_menu(),
        }
        panes: list[QWidget] = [self.tabs.tabBar()]
        for tab in self._tabs:
            panes += [tab.list.filter_bar.line, tab.list.table, tab.list.panel]
        return Page(self, self, commands, panes, _TOPICS, self._read, self.go_to)

    def go_to(self, place: str) -> None:
        """Open a tab by its first word: `paid` or `expected`, with a saved filter behind a dash: `expected-overdue`."""
        name, _, rest = place.partition("-")
        for number, tab in enumerate(self._tabs):
            if tab.title.casefold().startswith(name):
                self.tabs.setCurrentIndex(number)
                if rest:
                    tab.list.go_to(rest)

    def _read(self) -> None:
        self._stale = set(range(len(self._tabs)))
        self._read_shown()

    def _read_shown(self) -> None:
        shown = self.tabs.currentIndex()
        if shown in self._stale:
            self._stale.discard(shown)
            self._tabs[shown].read()

    def _tab(self) -> SavingsTab[Any]:
        return self._tabs[self.tabs.currentIndex()]

    def _list(self) -> ListPage:
        return self._tab().list

    def _open_tab(self, place: int) -> None:
        self.setFocusProxy(self._tabs[place].list)
        if self.isVisible():
            self._read_shown()

    def _next_tab(self, by: int) -> None:
        self.tabs.setCurrentIndex((self.tabs.currentIndex() + by) % self.tabs.count())
