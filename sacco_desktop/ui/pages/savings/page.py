"""The page Savings & shares: what members pay in, what was expected of them, cheques, products and share capital."""

from __future__ import annotations

from sacco_desktop.services.books.work import Topic
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.page import Page
from sacco_desktop.ui.pages.savings.check_offs import CheckOffsTab
from sacco_desktop.ui.pages.savings.cheques import ChequesTab
from sacco_desktop.ui.pages.savings.claims import ClaimsTab
from sacco_desktop.ui.pages.savings.expected import ExpectedTab
from sacco_desktop.ui.pages.savings.no_owner import NoOwnerTab
from sacco_desktop.ui.pages.savings.notices import NoticesTab
from sacco_desktop.ui.pages.savings.paid_in import PaidInTab
from sacco_desktop.ui.pages.savings.products import ProductsTab
from sacco_desktop.ui.pages.savings.shares import SharesTab
from sacco_desktop.ui.tabbed_page import Commands, TabbedPage

_TOPICS = frozenset({Topic.SAVINGS, Topic.MEMBERS, Topic.LEDGER, Topic.SETTINGS, Topic.APPROVALS})


def savings_page(desk: Desk) -> Page:
    """The page for the person at this desk."""
    tabs = (
        PaidInTab(desk),
        ExpectedTab(desk),
        ChequesTab(desk),
        ProductsTab(desk),
        SharesTab(desk),
        NoticesTab(desk),
        ClaimsTab(desk),
        CheckOffsTab(desk),
        NoOwnerTab(desk),
    )
    return SavingsPage("savings", "Parts of savings and shares", tabs, _TOPICS).page()


class SavingsPage(TabbedPage):
    """Money is taken on whichever tab, by whom the first one lets."""

    def commands(self) -> Commands:
        may_take = "new" in self._tabs[0].commands()
        return {"take_deposit": lambda: self.go_to("take")} if may_take else {}
