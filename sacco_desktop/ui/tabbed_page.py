"""A page of several lists, each on a tab of its own. What a person asks for goes to the tab that is open."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from sacco_desktop.services.books.work import Topic
from sacco_desktop.ui.list_tab import ListTab
from sacco_desktop.ui.page import Page
from sacco_desktop.ui.widgets.details import PanelAction
from sacco_desktop.ui.widgets.focus_lead import lead_focus
from sacco_desktop.ui.widgets.list_page import ListPage

Row = TypeVar("Row")
Commands = dict[str, Callable[[], None]]
# The main action of a panel and the others beside it.
Actions = tuple[PanelAction | None, tuple[PanelAction, ...]]


class PageTab(ListTab[Row]):
    """`key` is its place in addresses, as in `penalties/rules`."""

    key = ""

    def commands(self) -> Commands:
        """What the tab does, by the keys of the menus."""
        return {}

    def more_panes(self) -> tuple[QWidget, ...]:
        """What F6 comes to between the list and its panel."""
        return ()

    def go_to(self, place: str) -> None:
        """A saved filter of the tab, or a row that shows this text as a whole."""
        self.list.go_to(place)

    def _with_row(self, act: Callable[[Row], None]) -> None:
        """Do something with the row under the cursor, if there is one."""
        row = self.list.table.current_row()
        if row is not None:
            act(row)

    def open_member(self, number: str) -> None:
        """The page of a member."""
        self.desk.open_page(f"member/{number}")

    def to_member(self, number: str) -> PanelAction:
        """The button of a panel that leads to the member."""
        return PanelAction("open_member", "Open member", lambda: self.open_member(number))


class TabbedPage(QWidget):
    """A tab that is not seen is read when it is opened. `name` stands before `_page` and `_tabs` in the names of its
    parts; `speaks` is what a screen reader calls the tabs.
    """

    def __init__(
        self, name: str, speaks: str, tabs: tuple[PageTab[Any], ...], topics: frozenset[Topic]
    ) -> None:
        super().__init__()
        self._tabs, self._topics = tabs, topics
        self._stale = set(range(len(tabs)))
        self._has_read = False
        self.setObjectName(f"{name}_page")
        self.tabs = QTabWidget()
        self.tabs.setObjectName(f"{name}_tabs")
        self.tabs.setAccessibleName(speaks)
        self.tabs.tabBar().setAccessibleName("Tabs of this page")
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setDrawBase(False)
        for tab in tabs:
            self.tabs.addTab(tab.widget, tab.title)
        self.tabs.currentChanged.connect(self._open_tab)
        for keys, step in (("Ctrl+Tab", 1), ("Ctrl+Shift+Tab", -1)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(lambda by=step: self._next_tab(by))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.tabs)
        lead_focus(self, tabs[0].widget)

    def page(self) -> Page:
        """What the window gets: what lists answer, and what any tab does."""
        commands = {**self.commands(), **self._of_tabs()}
        panes: list[QWidget] = [self.tabs.tabBar()]
        for tab in self._tabs:
            panes += [tab.list.filter_bar.line, tab.list.table, *tab.more_panes(), tab.list.panel]
        return Page(self, self, commands, panes, self._topics, self._read, self.go_to)

    def commands(self) -> Commands:
        """What the page does whichever tab is open."""
        return {}

    def _of_tabs(self) -> Commands:
        commands: Commands = {
            "refresh": self._read,
            "filter": lambda: self._list().focus_filter(),
            "panel": lambda: self._list().toggle_panel(),
            "copy": lambda: self._list().table.copy(),
            "columns": lambda: self._list().table.column_layout.open_menu(),
            "tick_shown": lambda: self._list().table.table_model.tick_shown(is_ticked=True),
        }
        for key in {key for tab in self._tabs for key in tab.commands()}:
            commands[key] = partial(self._do, key)
        return commands

    def go_to(self, place: str) -> None:
        """A tab by its key (`rules`), with a place on it behind a dash: `charged-unpaid`. Anything else is a place of
        the first tab, such as the number of a member.
        """
        for number, tab in enumerate(self._tabs):
            name, _, rest = place.partition("-")
            if name == tab.key:
                self.tabs.setCurrentIndex(number)
                if rest:
                    tab.go_to(rest)
                return
        self.tabs.setCurrentIndex(0)
        self._tabs[0].go_to(place)

    def _do(self, key: str) -> None:
        act = self._tab().commands().get(key)
        if act is not None:
            act()

    def _read(self) -> None:
        self._has_read = True
        self._stale = set(range(len(self._tabs)))
        self._read_shown()

    def _read_shown(self) -> None:
        shown = self.tabs.currentIndex()
        if shown in self._stale:
            self._stale.discard(shown)
            self._tabs[shown].read()

    def _tab(self) -> PageTab[Any]:
        return self._tabs[self.tabs.currentIndex()]

    def _list(self) -> ListPage:
        return self._tab().list

    def _open_tab(self, place: int) -> None:
        """What is shown gets the focus, unless the person walks along the tabs themselves."""
        shown = self._tabs[place].widget
        lead_focus(self, shown)
        if self._has_read:
            self._read_shown()
        if self.isVisible() and not self.tabs.tabBar().hasFocus():
            shown.setFocus(Qt.FocusReason.OtherFocusReason)

    def _next_tab(self, by: int) -> None:
        self.tabs.setCurrentIndex((self.tabs.currentIndex() + by) % self.tabs.count())
