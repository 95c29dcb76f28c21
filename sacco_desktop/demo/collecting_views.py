"""Pictures of the page Collections, its dialogs, and of asking a member to pay on the phone."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from sacco_desktop.demo.tour.hands import let_work
from sacco_desktop.demo.tour.visit import Visit
from sacco_desktop.ui.widgets.choice_box import ChoiceBox
from sacco_desktop.ui.widgets.frozen_table import FrozenTable


def _inbox(visit: Visit) -> None:
    """A payment that nobody can place is under the cursor, and its member is typed already."""
    visit.front.window.open_page("collections/inbox")
    visit.choose_row("inbox_table", "otieno loan")
    visit.hands.press("inbox_table", Qt.Key.Key_Return)
    visit.pick_member("owner", "M-0003")
    visit.hands.find("owner_purpose")
    let_work(100)


def _tab(key: str, table: str, words: str) -> Callable[[Visit], None]:
    def prepare(visit: Visit) -> None:
        visit.front.window.open_page(f"collections/{key}")
        visit.choose_row(table, words)
        let_work(150)

    return prepare


def _share(visit: Visit) -> None:
    """One payment for two members, with what is left of it."""
    visit.front.window.open_page("collections/inbox")
    visit.choose_row("inbox_table", "harambee")
    visit.hands.click("share")
    visit.hands.find("share_dialog")
    visit.pick_member("member_1", "M-0001")
    let_work(150)
    visit.hands.type_into("amount_1", "1500")
    visit.pick_member("member_2", "M-0002")
    let_work(150)


def _give_many(visit: Visit) -> None:
    visit.front.window.open_page("collections/inbox")
    table = visit.hands.find("inbox_table", FrozenTable)
    table.table_model.tick_shown(is_ticked=False)
    for words in ("otieno loan", "M-0004 mkopo", "M-9999"):
        visit.tick_row("inbox_table", words)
    visit.hands.click("give_many")
    visit.hands.find("give_many_dialog")
    let_work(200)


def _ask(visit: Visit) -> None:
    visit.front.window.open_page("collections/prompts")
    visit.hands.click("ask_to_pay")
    visit.hands.find("ask_to_pay_dialog")
    visit.pick_member("member", "M-0001")
    let_work(200)


def _follow(visit: Visit) -> None:
    """What became of a prompt, with the time until the phone is free."""
    _tab("prompts", "prompts_table", "Otieno")(visit)
    visit.hands.press("prompts_table", Qt.Key.Key_Return)
    visit.hands.find("prompt_dialog")


def _ask_many(visit: Visit) -> None:
    visit.front.window.open_page("collections/prompts")
    visit.hands.click("ask_many")
    visit.hands.find("ask_many_dialog")
    kind = visit.hands.find("many_kind", ChoiceBox)
    kind.setCurrentIndex(1)
    kind.activated.emit(1)
    let_work(300)


def _asking(visit: Visit) -> None:
    """The list while it is asked; in the looks after the first nobody is left to ask."""
    _ask_many(visit)
    ask = visit.hands.find("ask_ticked", QPushButton)
    if ask.isEnabled():
        ask.click()
        visit.hands.find("asking_view")
        let_work(900)


def _claim(visit: Visit) -> None:
    visit.front.window.open_page("collections/codes")
    visit.hands.click("claim_code")
    visit.hands.find("claim_code_dialog")
    visit.pick_member("member", "M-0001")
    let_work(200)


def _give_back(visit: Visit) -> None:
    """What a payment was booked for, before M-Pesa takes it back."""
    _tab("all", "payments_table", "1,500.00")(visit)
    visit.hands.click("give_back")
    visit.hands.find("give_back_dialog")
    let_work(100)


# Who looks at which page, the name of the picture, and what is opened before it.
COLLECTING_VIEWS: tuple[tuple[str, str, str, Callable[[Visit], None] | None], ...] = (
    ("peter", "collections", "collections-inbox", _inbox),
    ("peter", "collections", "collections-all", _tab("all", "payments_table", "1,500.00")),
    ("peter", "collections", "collections-prompts", _tab("prompts", "prompts_table", "500.00")),
    ("peter", "collections", "collections-share", _share),
    ("peter", "collections", "collections-give-many", _give_many),
    ("peter", "collections", "collections-ask", _ask),
    ("peter", "collections", "collections-prompt", _follow),
    ("peter", "collections", "collections-ask-many", _ask_many),
    ("peter", "collections", "collections-asking", _asking),
    ("peter", "collections", "collections-codes", _tab("codes", "codes_table", "SGZ9QK4T7W")),
    ("peter", "collections", "collections-claim", _claim),
    ("grace", "collections", "collections-give-back", _give_back),
)
