"""The page Collections: payments without owner, prompts, everything that came in, and codes that members show."""

from __future__ import annotations

from sacco_desktop.services.books.work import Topic
from sacco_desktop.ui.asking import Asking
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.page import Page
from sacco_desktop.ui.pages.collections.all_payments import AllPaymentsTab
from sacco_desktop.ui.pages.collections.codes import CodesTab
from sacco_desktop.ui.pages.collections.inbox import InboxTab
from sacco_desktop.ui.pages.collections.prompts import PromptsTab
from sacco_desktop.ui.tabbed_page import TabbedPage

_TOPICS = frozenset({Topic.SAVINGS, Topic.APPROVALS, Topic.SETTINGS})


def collections_page(desk: Desk) -> Page:
    """The page for the person at this desk."""
    asking = Asking(desk.background, desk.office)
    tabs = (InboxTab(desk), PromptsTab(desk, asking), AllPaymentsTab(desk), CodesTab(desk))
    page = TabbedPage("collections", "Parts of collections", tabs, _TOPICS)
    asking.setParent(page)
    return page.page()
