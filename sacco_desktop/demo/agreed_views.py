"""Pictures of what two people agree on about loans, with its papers; of columns said by hand; and of searches."""

from __future__ import annotations

from collections.abc import Callable

from sacco_desktop.demo.tour.hands import let_work
from sacco_desktop.demo.tour.visit import Visit
from sacco_desktop.domain.old_books.cells import OldFile, Sheet
from sacco_desktop.ui.pages.savings.check_off_dialog import CheckOffDialog

# Headings that the program does not know, as an employer of its own may write them.
_LIST = OldFile(
    "makato.xlsx",
    "ab" * 32,
    "workbook",
    (
        Sheet(
            "Novemba",
            (
                ("Kazi Na.", "Jina", "Makato"),
                ("M-0001", "Jane Wanjiku", 2500),
                ("M-0005", "Kipchoge Ruto", 1200),
                ("4490", "Samuel Mwakio", 900),
            ),
        ),
    ),
)


def _of_first_loan(button: str, dialog: str) -> Callable[[Visit], None]:
    """What a button of the loan that runs opens."""

    def prepare(visit: Visit) -> None:
        visit.choose_row("loans_table", "L-0001")
        visit.from_details("loans_table", button, dialog)
        let_work(600)

    return prepare


def _allowance(visit: Visit) -> None:
    visit.hands.click("allowance")
    visit.hands.find("allowance_dialog")
    let_work(400)


def _allowance_paper(visit: Visit) -> None:
    """What was set aside last."""
    _allowance(visit)
    visit.hands.click("print_allowance")
    visit.hands.find("paper_view")
    let_work(600)


def _columns(visit: Visit) -> None:
    """The columns of a list whose headings say nothing to the program."""
    visit.front.window.open_page("savings/check_off")
    visit.hands.click("new_check_off")
    visit.hands.find("check_off_dialog", CheckOffDialog).take(_LIST)
    visit.hands.click("columns")
    visit.hands.find("check_off_columns_dialog")


def _owner(visit: Visit) -> None:
    """Money of a list whose owner was found."""
    visit.front.window.open_page("savings/no_owner")
    visit.choose_row("no_owner_table", "Mwakio")
    visit.from_details("no_owner_table", "give_to_owner", "owner_dialog")


def _searched(words: str) -> Callable[[Visit], None]:
    """The results of Ctrl+K."""

    def prepare(visit: Visit) -> None:
        visit.front.window.menus.actions["find"].trigger()
        visit.hands.type_into("find_line", words)
        let_work(400)

    return prepare


def _listed(words: str) -> Callable[[Visit], None]:
    """The members that fit what is typed over their list."""

    def prepare(visit: Visit) -> None:
        visit.hands.type_into("filter", words)
        let_work(400)

    return prepare


# Who looks at which page, the name of the picture, and what is opened before it.
AGREED_VIEWS: tuple[tuple[str, str, str, Callable[[Visit], None] | None], ...] = (
    (
        "peter",
        "loans",
        "agreement-back-dialog",
        _of_first_loan("agreement_back", "agreement_back_dialog"),
    ),
    ("peter", "loans", "agreement-letter", _of_first_loan("agreement_letter", "paper_view")),
    (
        "grace",
        "loans",
        "from-deposits-dialog",
        _of_first_loan("from_deposits", "from_deposits_dialog"),
    ),
    ("grace", "loans", "allowance-dialog", _allowance),
    ("grace", "loans", "allowance-paper", _allowance_paper),
    ("grace", "savings", "check-off-columns", _columns),
    ("grace", "savings", "owner-dialog", _owner),
    ("peter", "members", "search-name", _listed("achieng merc")),
    ("peter", "members", "search-phone", _searched("8114")),
    ("peter", "members", "search-id", _searched("4455")),
    ("peter", "members", "search-nobody", _searched("wanjk")),
)
