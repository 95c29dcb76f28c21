"""Pictures of what belongs to lending: why a figure is what it is, the calculator, and the guarantors."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QComboBox, QMenu

from sacco_desktop.demo.tour.hands import let_work
from sacco_desktop.demo.tour.visit import Visit


def _calculator(visit: Visit) -> None:
    """Free terms, compared with another method."""
    visit.hands.type_into("principal", "100,000")
    visit.hands.type_into("instalments", "12")
    visit.hands.find("compare", QComboBox).setCurrentIndex(3)


def _wrong_terms(visit: Visit) -> None:
    """A field that cannot be read, and what is wrong with it."""
    visit.hands.type_into("principal", "a lot")
    visit.hands.type_into("instalments", "12")


def _explained(visit: Visit) -> None:
    """Why a running loan stands as it does, opened beside its figure."""
    visit.choose_row("loans_table", "L-0001")
    visit.hands.click("explain_provision")
    visit.hands.find("explained_result")


def _promise(visit: Visit) -> None:
    """A promise whose consent waits."""
    visit.hands.click("guarantors")
    visit.choose_row("guarantors_table", "Consent waits")


def _request_of(purpose: str, then: str = "", dialog: str = "") -> Callable[[Visit], None]:
    """A request about the loan of a member, and what is opened on it."""

    def prepare(visit: Visit) -> None:
        visit.choose_row("approvals_table", purpose)
        if then:
            visit.from_details("approvals_table", then, dialog)

    return prepare


def _lowered(visit: Visit) -> None:
    """A loan that was approved for less and waits for its fee."""
    visit.choose_row("loans_table", "70,000.00")


def _lowered_fees(visit: Visit) -> None:
    _lowered(visit)
    visit.from_details("loans_table", "loan_fees", "loan_fees_dialog")


def _lowered_sheet(visit: Visit) -> None:
    _lowered(visit)
    visit.from_details("loans_table", "application_sheet", "paper_view")
    let_work(600)


def _insider(visit: Visit) -> None:
    """Why the third member is an insider."""
    visit.front.window.open_page("member/M-0003")
    visit.hands.find("head_insider")
    visit.hands.click("member_status")
    menu = visit.hands.find("member_status_menu", QMenu)
    menu.close()
    next(act for act in menu.actions() if act.objectName() == "status_insider").trigger()
    visit.hands.find("insider_dialog")


def _insider_loans(visit: Visit) -> None:
    """The register of loans to insiders, among the reports."""
    box = visit.hands.find("report", QComboBox)
    box.setCurrentText("Loans to insiders")
    box.activated.emit(box.currentIndex())
    let_work(600)


# Who looks at which page, the name of the picture, and what is opened before it.
LENDING_VIEWS: tuple[tuple[str, str, str, Callable[[Visit], None] | None], ...] = (
    ("peter", "loans", "explain-dialog", _explained),
    ("peter", "loans", "guarantors", _promise),
    ("esther", "approvals", "members-vote", _request_of("Kipchoge")),
    ("esther", "approvals", "vote-dialog", _request_of("Otieno", "vote_open", "vote_dialog")),
    ("esther", "approvals", "less-dialog", _request_of("Amina", "less_open", "less_dialog")),
    ("peter", "loans", "lowered-loan", _lowered),
    ("peter", "loans", "loan-fees-dialog", _lowered_fees),
    ("peter", "loans", "lowered-sheet", _lowered_sheet),
    ("daniel", "members", "insider-dialog", _insider),
    ("daniel", "books", "insider-loans", _insider_loans),
    ("peter", "calculator", "calculator-empty", None),
    ("peter", "calculator", "calculator", _calculator),
    ("peter", "calculator", "calculator-wrong", _wrong_terms),
)
