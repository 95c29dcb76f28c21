"""Settings: people, M-Pesa, relays, rules and loan products, each for whom it concerns."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from sacco_desktop.domain.permissions import Act, may
from sacco_desktop.operations.mpesa_view import SEES_MPESA
from sacco_desktop.services.books.work import Topic
from sacco_desktop.settings import Settings
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.list_tab import Tab
from sacco_desktop.ui.page import Page
from sacco_desktop.ui.pages.settings.approval_rules import ApprovalRulesTab
from sacco_desktop.ui.pages.settings.mpesa import MpesaTab
from sacco_desktop.ui.pages.settings.people import PeopleTab
from sacco_desktop.ui.pages.settings.products import ProductsTab
from sacco_desktop.ui.pages.settings.relay import RelayTab
from sacco_desktop.ui.pages.settings.rules import RulesTab
from sacco_desktop.ui.pages.settings.who_may import WhoMayTab
from sacco_desktop.ui.widgets.focus_lead import lead_focus
from sacco_desktop.ui.widgets.list_page import ListPage

_TOPICS = frozenset(
    {Topic.USERS, Topic.SETTINGS, Topic.RELAYS, Topic.LEDGER, Topic.PAYOUTS, Topic.APPROVALS}
)


def settings_page(desk: Desk, settings: Settings) -> Page:
    """The tabs that concern the person at this desk; the rules of the house concern everybody."""
    return SettingsPage(desk, _tabs(desk, settings)).page()


def _tabs(desk: Desk, settings: Settings) -> list[Tab]:
    roles = desk.actor.roles
    tabs: list[Tab] = []
    if may(roles, Act.MANAGE_USERS):
        tabs.append(PeopleTab(desk))
    if any(may(roles, act) for act in SEES_MPESA):
        tabs += [MpesaTab(desk, settings), RelayTab(desk, settings)]
    return [*tabs, RulesTab(desk), ApprovalRulesTab(desk), WhoMayTab(desk), ProductsTab(desk)]


class SettingsPage(QWidget):
    """Hands every command to the tab that is open, and reads all of them again when something changed."""

    def __init__(self, desk: Desk, tabs: list[Tab]) -> None:
        super().__init__()
        self._tabs = tabs
        self.setObjectName("settings_page")
        self.tabs = QTabWidget()
        self.tabs.setObjectName("settings_tabs")
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
        self._open_tab(0)

    def page(self) -> Page:
        """What the window gets."""
        commands: dict[str, Callable[[], None]] = {
            "new": lambda: self._tab().new(),
            "refresh": lambda: self._tab().read(),
            "filter": lambda: self._with_list(ListPage.focus_filter),
            "panel": lambda: self._with_list(ListPage.toggle_panel),
            "copy": lambda: self._with_list(lambda shown: shown.table.copy()),
        }
        panes: list[QWidget] = [self.tabs.tabBar()]
        for tab in self._tabs:
            if tab.list is None:
                panes.append(tab.widget)
            else:
                panes += [tab.list.filter_bar.line, tab.list.table, tab.list.panel]
        return Page(self, self, commands, panes, _TOPICS, self._read)

    def _read(self) -> None:
        for tab in self._tabs:
            tab.read()

    def _tab(self) -> Tab:
        return self._tabs[self.tabs.currentIndex()]

    def _with_list(self, act: Callable[[ListPage], None]) -> None:
        shown = self._tab().list
        if shown is not None:
            act(shown)

    def _open_tab(self, place: int) -> None:
        lead_focus(self, self._tabs[place].widget)

    def _next_tab(self, by: int) -> None:
        self.tabs.setCurrentIndex((self.tabs.currentIndex() + by) % self.tabs.count())
