"""The pages of the program, in the order of the rail."""

from __future__ import annotations

from collections.abc import Sequence

from sacco_desktop.settings import Settings
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.page import PageEntry
from sacco_desktop.ui.pages.approvals.page import approvals_page
from sacco_desktop.ui.pages.automation.page import automation_page
from sacco_desktop.ui.pages.books.page import books_page
from sacco_desktop.ui.pages.calculator.page import calculator_page
from sacco_desktop.ui.pages.collections.page import collections_page
from sacco_desktop.ui.pages.loans.guarantors_page import guarantors_page
from sacco_desktop.ui.pages.loans.page import loans_page
from sacco_desktop.ui.pages.members.applications_page import applications_page
from sacco_desktop.ui.pages.members.member_page import member_page
from sacco_desktop.ui.pages.members.page import members_page
from sacco_desktop.ui.pages.messages.page import messages_page
from sacco_desktop.ui.pages.old_books.page import old_books_page
from sacco_desktop.ui.pages.payouts.page import payouts_page
from sacco_desktop.ui.pages.penalties.page import penalties_page
from sacco_desktop.ui.pages.reconciliation.page import reconciliation_page
from sacco_desktop.ui.pages.savings.page import savings_page
from sacco_desktop.ui.pages.settings.page import settings_page
from sacco_desktop.ui.pages.today.page import today_page


def page_entries(desk: Desk, settings: Settings) -> Sequence[PageEntry]:
    """Every page with its key; each is made when it is first opened."""
    return (
        PageEntry("today", "Today", "home", "Ctrl+1", lambda: today_page(desk)),
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
        PageEntry(
            "import", "Import old books", "users", "", lambda: old_books_page(desk), under="members"
        ),
        PageEntry(
            "savings", "Savings & shares", "piggy-bank", "Ctrl+3", lambda: savings_page(desk)
        ),
        *_of_lending(desk),
        PageEntry(
            "approvals",
            "Approvals",
            "check-square",
            "Ctrl+5",
            lambda: approvals_page(desk),
            "wait for your decision",
        ),
        PageEntry(
            "payouts", "Payouts", "send", "Ctrl+6", lambda: payouts_page(desk), "need a look"
        ),
        PageEntry("collections", "Collections", "inbox", "Ctrl+7", lambda: collections_page(desk)),
        PageEntry(
            "reconciliation", "Reconciliation", "scale", "Ctrl+0", lambda: reconciliation_page(desk)
        ),
        PageEntry(
            "penalties", "Penalties & fines", "clock", "Ctrl+8", lambda: penalties_page(desk)
        ),
        PageEntry("messages", "Messages", "mail", "Ctrl+Shift+M", lambda: messages_page(desk)),
        PageEntry(
            "automation", "Automation", "refresh-cw", "Ctrl+Shift+J", lambda: automation_page(desk)
        ),
        PageEntry("books", "Books", "book-open", "Ctrl+Shift+B", lambda: books_page(desk)),
        PageEntry(
            "settings", "Settings", "settings", "Ctrl+,", lambda: settings_page(desk, settings)
        ),
    )


def _of_lending(desk: Desk) -> Sequence[PageEntry]:
    """Loans, who guarantees them, and what one would cost."""
    return (
        PageEntry("loans", "Loans", "landmark", "Ctrl+4", lambda: loans_page(desk), "wait for you"),
        PageEntry(
            "guarantors",
            "Guarantors",
            "shield-check",
            "Ctrl+Shift+G",
            lambda: guarantors_page(desk),
            under="loans",
        ),
        PageEntry(
            "calculator",
            "Loan calculator",
            "calculator",
            "Ctrl+Shift+K",
            lambda: calculator_page(desk),
        ),
    )
