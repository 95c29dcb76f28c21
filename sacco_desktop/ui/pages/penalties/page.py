"""The page Penalties & fines: what was charged and why, what would be charged, meetings, and the rules."""

from __future__ import annotations

from sacco_desktop.services.books.work import Topic
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.page import Page
from sacco_desktop.ui.pages.penalties.charged import ChargedTab
from sacco_desktop.ui.pages.penalties.meetings import MeetingsTab
from sacco_desktop.ui.pages.penalties.rules import RulesTab
from sacco_desktop.ui.pages.penalties.to_charge import ToChargeTab
from sacco_desktop.ui.tabbed_page import TabbedPage

_TOPICS = frozenset({Topic.PENALTIES, Topic.APPROVALS})


def penalties_page(desk: Desk) -> Page:
    """The page for the person at this desk."""
    tabs = (ChargedTab(desk), ToChargeTab(desk), MeetingsTab(desk), RulesTab(desk))
    return TabbedPage("penalties", "Parts of penalties and fines", tabs, _TOPICS).page()
