"""Pictures of the page Reconciliation and its dialogs."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt

from sacco_desktop.demo.reconciling_scenes import portal_file
from sacco_desktop.demo.tour.hands import let_work
from sacco_desktop.demo.tour.visit import Visit
from sacco_desktop.domain.chart import MPESA_PAYBILL
from sacco_desktop.ui.pages.reconciliation.take_in_dialog import TakeInDialog


def _left_over(visit: Visit) -> None:
    """Both sides of Utility."""
    visit.hands.find("statement_lines")
    let_work(200)


def _take_in(visit: Visit) -> None:
    """The statement of Working as a PDF, read and proven, before anything of it is kept."""
    visit.front.window.open_page(f"reconciliation/{MPESA_PAYBILL}")
    visit.hands.click("take_in")
    dialog = visit.hands.find("take_in_dialog", TakeInDialog)
    asked = {"account": "charges_paid", "form": "pdf"}
    dialog.account.choose("1032")
    dialog.take(portal_file(visit.practice, asked))
    let_work(300)


def _empty(visit: Visit) -> None:
    """The bank, of which no statement is here yet."""
    visit.front.window.open_page("reconciliation/1020")
    let_work(200)


def _settle(visit: Visit) -> None:
    """What Enter asks where a word is needed: rows ticked on both sides."""
    visit.front.window.open_page(f"reconciliation/{'1031'}")
    visit.hands.find("statement_lines")
    for table in ("statement_lines", "book_lines"):
        visit.hands.press(table, Qt.Key.Key_Home)
        visit.hands.press(table, Qt.Key.Key_Space)
    visit.hands.click("match")
    visit.hands.find("match_dialog")


# Who looks at which page, the name of the picture, and what is opened before it.
RECONCILING_VIEWS: tuple[tuple[str, str, str, Callable[[Visit], None] | None], ...] = (
    ("grace", "reconciliation", "reconciliation", _left_over),
    ("grace", "reconciliation", "reconciliation-empty", _empty),
    ("grace", "reconciliation", "reconciliation-take-in", _take_in),
    ("grace", "reconciliation", "reconciliation-match", _settle),
)
