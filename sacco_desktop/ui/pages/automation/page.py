"""The page Automation: the jobs of the clock, and every run of the last weeks."""

from __future__ import annotations

from sacco_desktop.services.books.work import Topic
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.page import Page
from sacco_desktop.ui.pages.automation.jobs import JobsTab
from sacco_desktop.ui.pages.automation.runs import RunsTab
from sacco_desktop.ui.tabbed_page import TabbedPage


def automation_page(desk: Desk) -> Page:
    """The page for the person at this desk."""
    tabs = (JobsTab(desk), RunsTab(desk))
    return TabbedPage("automation", "Parts of automation", tabs, frozenset({Topic.JOBS})).page()
