"""The page Books. Its tabs stand side by side; while there is only one, no tab is shown."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTabWidget

from sacco_desktop.services.books.work import Topic
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.page import Page
from sacco_desktop.ui.pages.books.ledger_tab import LedgerTab

TOPICS = frozenset({Topic.LEDGER, Topic.PAYOUTS})


def books_page(desk: Desk) -> Page:
    """The page for the person at this desk."""
    ledger = LedgerTab(desk)
    tabs = QTabWidget()
    tabs.setObjectName("books_page")
    tabs.setAccessibleName("Books")
    tabs.setDocumentMode(True)
    tabs.setTabBarAutoHide(True)
    tabs.addTab(ledger, "Ledger")
    if tabs.count() == 1:
        # The bar is hidden, but Tab would go to it all the same, and never come away.
        tabs.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return Page(
        widget=tabs,
        first_focus=ledger.stack,
        commands=ledger.commands,
        panes=(ledger.bar, ledger.stack),
        topics=TOPICS,
        reload=ledger.reload,
        go_to=ledger.go_to,
    )
