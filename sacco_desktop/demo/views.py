"""What is drawn of the practice office: who looks at which page, what is opened on it, and which dialogs."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QMenu, QPushButton, QTabWidget

from sacco_desktop.demo.agreed_views import AGREED_VIEWS
from sacco_desktop.demo.automation_views import AUTOMATION_VIEWS
from sacco_desktop.demo.check_off_views import CHECK_OFF_VIEWS
from sacco_desktop.demo.collecting_views import COLLECTING_VIEWS
from sacco_desktop.demo.lending_views import LENDING_VIEWS
from sacco_desktop.demo.message_views import MESSAGE_VIEWS
from sacco_desktop.demo.penalty_views import PENALTY_VIEWS
from sacco_desktop.demo.reconciling_views import RECONCILING_VIEWS
from sacco_desktop.demo.scenes import Scenes
from sacco_desktop.demo.tour.hands import let_work
from sacco_desktop.demo.tour.visit import Visit


def tab(key: str) -> Callable[[Visit], None]:
    return lambda visit: visit.open_tab(key)


def _cards(visit: Visit) -> None:
    visit.open_tab("in_flight")
    # A page that is still reading would make a picture of nothing.
    visit.hands.find("payout_card_PO-2026-0002")


def _settings_tab(title: str, table: str, words: str) -> Callable[[Visit], None]:
    def prepare(visit: Visit) -> None:
        tabs = visit.hands.find("settings_tabs", QTabWidget)
        titles = [tabs.tabText(place) for place in range(tabs.count())]
        tabs.setCurrentIndex(titles.index(title))
        visit.choose_row(table, words)

    return prepare


def _first_row(table: str) -> Callable[[Visit], None]:
    return lambda visit: visit.choose_row(table, "-")


def _member(visit: Visit) -> None:
    """The page of the first member, by Enter in the list."""
    visit.choose_row("members_table", "M-0001")
    visit.hands.press("members_table", Qt.Key.Key_Return)
    visit.hands.find("member_name")


def _says(visit: Visit, name: str) -> str:
    return visit.hands.find(name, QLabel).text() if visit.hands.is_seen(name) else ""


def _status_act(number: str, key: str, dialog: str) -> Callable[[Visit], None]:
    """What the menu of a member's status opens."""

    def prepare(visit: Visit) -> None:
        visit.front.window.open_page(f"member/{number}")
        visit.hands.wait_for(number, lambda: number in _says(visit, "member_number"))
        visit.hands.click("member_status")
        menu = visit.hands.find("member_status_menu", QMenu)
        menu.close()
        next(act for act in menu.actions() if act.objectName() == f"status_{key}").trigger()
        visit.hands.find(dialog)

    return prepare


def _file_dialog(button: str, dialog: str) -> Callable[[Visit], None]:
    """What a button on the file of the first member opens."""

    def prepare(visit: Visit) -> None:
        visit.front.window.open_page("member/M-0001")
        visit.hands.find("member_tabs", QTabWidget).setCurrentIndex(6)
        visit.hands.click(button)
        visit.hands.find(dialog)

    return prepare


def _money_out(number: str, key: str, dialog: str) -> Callable[[Visit], None]:
    """What the menu of money out opens on the page of a member."""

    def prepare(visit: Visit) -> None:
        visit.front.window.open_page(f"member/{number}")
        visit.hands.click("money_out")
        menu = visit.hands.find("money_out_menu", QMenu)
        menu.close()
        next(act for act in menu.actions() if act.objectName() == f"out_{key}").trigger()
        visit.hands.find(dialog)

    return prepare


def _savings_tab(key: str, table: str, words: str) -> Callable[[Visit], None]:
    """A tab of the page Savings & shares, with a row of it chosen."""

    def prepare(visit: Visit) -> None:
        visit.front.window.open_page(f"savings/{key}")
        visit.choose_row(table, words)

    return prepare


def _take_money(visit: Visit) -> None:
    """Money of a member into several products."""
    visit.front.window.open_page("savings/take-M-0002")
    visit.hands.find("take_contribution_dialog")
    let_work(200)


def _terms(visit: Visit) -> None:
    """Other terms of welfare, with what it pays for."""
    _savings_tab("products", "savings_products_table", "Welfare")(visit)
    visit.hands.click("change_terms")
    visit.hands.find("terms_dialog")


def _member_savings(visit: Visit) -> None:
    """What the fifth member has of each product, and what is overdue."""
    visit.front.window.open_page("member/M-0005")
    visit.hands.find("member_name")
    visit.hands.find("member_tabs", QTabWidget).setCurrentIndex(3)


def _count_cash(visit: Visit) -> None:
    _close_day(visit)
    visit.hands.click("count_pieces")
    for worth, number in ((1000, "214"), (200, "31"), (50, "6"), (10, "45")):
        visit.hands.type_into(f"pieces_{worth}", number)


def _repayment(visit: Visit) -> None:
    visit.choose_row("loans_table", "L-0001")
    visit.from_details("loans_table", "take_repayment", "take_repayment_dialog")


def _applications(visit: Visit) -> None:
    """Who wants to join, from the list of members."""
    visit.hands.click("members_applications")
    visit.hands.find("applications_table")


def _member_file(visit: Visit) -> None:
    """What is known of the first member."""
    _member(visit)
    visit.hands.find("member_tabs", QTabWidget).setCurrentIndex(6)
    visit.hands.find("file_change")


def _levels(visit: Visit) -> None:
    _settings_tab("Approval rules", "approval_rules_table", "Loans")(visit)
    visit.from_details("approval_rules_table", "change_approval_rule", "levels_dialog")


def _rule(visit: Visit) -> None:
    _settings_tab("Rules", "rules_table", "Wait before")(visit)
    visit.from_details("rules_table", "change_rule", "rule_dialog")


def _opened(button: str, dialog: str) -> Callable[[Visit], None]:
    def prepare(visit: Visit) -> None:
        visit.hands.click(button)
        visit.hands.find(dialog)

    return prepare


def _import_step(step: int) -> Callable[[Visit], None]:
    """The import that was begun, at one of its five steps."""

    def prepare(visit: Visit) -> None:
        visit.hands.click("members_import")
        visit.hands.click("import_step_1")
        visit.choose_row("imports_table", "Umoja")
        visit.hands.press("imports_table", Qt.Key.Key_Return)
        visit.hands.find("import_columns_step")
        visit.hands.click(f"import_step_{step}")

    return prepare


def _ticked(visit: Visit) -> None:
    for number in ("M-0002", "M-0004"):
        visit.tick_row("members_table", number)


def _found(visit: Visit) -> None:
    """The results of Ctrl+K for a name."""
    visit.front.window.menus.actions["find"].trigger()
    visit.hands.type_into("find_line", "wanj")
    let_work(400)


def _keys(visit: Visit) -> None:
    visit.front.window.menus.actions["keys"].trigger()
    visit.hands.find("key_card")


# Who looks at which page, the picture's name, and what is opened on the page before it.
Views = tuple[tuple[str, str, str, Callable[[Visit], None] | None], ...]
VIEWS: Views = (
    ("grace", "today", "today", None),
    ("peter", "members", "members", _first_row("members_table")),
    ("peter", "members", "member", _member),
    ("peter", "members", "member-file", _member_file),
    ("peter", "members", "applications", _applications),
    ("peter", "members", "kin-dialog", _file_dialog("file_kin", "kin_dialog")),
    ("peter", "members", "nominee-dialog", _file_dialog("file_nominees", "nominee_dialog")),
    ("lucy", "loans", "take-repayment-dialog", _repayment),
    ("peter", "savings", "savings-paid-in", _savings_tab("paid_in", "paid_in_table", "Welfare")),
    ("peter", "savings", "savings-expected", _savings_tab("expected", "expected_table", "Overdue")),
    ("grace", "savings", "savings-cheques", _savings_tab("cheques", "cheques_table", "000119")),
    (
        "ruth",
        "savings",
        "savings-products",
        _savings_tab("products", "savings_products_table", "Special"),
    ),
    ("peter", "savings", "savings-shares", _savings_tab("shares", "shares_table", "Below")),
    ("peter", "savings", "savings-take", _take_money),
    ("ruth", "savings", "savings-terms", _terms),
    ("peter", "members", "member-savings", _member_savings),
    ("grace", "savings", "savings-notices", _savings_tab("notices", "notices_table", "20,000")),
    (
        "grace",
        "savings",
        "savings-check-off",
        _savings_tab("check_off", "check_offs_table", "Voi Primary"),
    ),
    ("grace", "savings", "savings-no-owner", _savings_tab("no_owner", "no_owner_table", "Mwakio")),
    *CHECK_OFF_VIEWS,
    ("grace", "savings", "savings-claims", _savings_tab("claims", "claims_table", "Hospital")),
    ("grace", "members", "savings-withdraw", _money_out("M-0001", "withdraw", "withdrawal_dialog")),
    (
        "peter",
        "members",
        "savings-notice",
        _money_out("M-0001", "notice", "withdrawal_notice_dialog"),
    ),
    ("grace", "members", "savings-claim", _money_out("M-0001", "claim", "fund_claim_dialog")),
    ("grace", "today", "count-cash-dialog", _count_cash),
    ("grace", "members", "import-file", _import_step(1)),
    ("grace", "members", "import-columns", _import_step(2)),
    ("grace", "members", "import-check", _import_step(3)),
    ("grace", "members", "import-totals", _import_step(4)),
    ("grace", "members", "import-take-in", _import_step(5)),
    ("peter", "members", "members-ticked", _ticked),
    ("peter", "members", "find", _found),
    ("peter", "loans", "keys", _keys),
    ("peter", "loans", "loans", _first_row("loans_table")),
    *LENDING_VIEWS,
    *AGREED_VIEWS,
    *RECONCILING_VIEWS,
    *PENALTY_VIEWS,
    *COLLECTING_VIEWS,
    *MESSAGE_VIEWS,
    *AUTOMATION_VIEWS,
    ("daniel", "approvals", "approvals", _first_row("approvals_table")),
    ("daniel", "approvals", "sitting", _opened("hold_sitting", "sitting_dialog")),
    ("daniel", "approvals", "sittings-held", _opened("old_sittings", "sittings_dialog")),
    ("grace", "payouts", "payouts-to-send", tab("to_send")),
    ("grace", "payouts", "payouts-in-flight", _cards),
    ("grace", "payouts", "payouts-done", tab("done")),
    ("grace", "payouts", "payouts-problems", tab("problems")),
    ("grace", "books", "books", None),
    ("ruth", "settings", "settings", None),
    (
        "ruth",
        "settings",
        "settings-approval-rules",
        _settings_tab("Approval rules", "approval_rules_table", "Loans"),
    ),
    ("ruth", "settings", "levels-dialog", _levels),
    ("ruth", "settings", "rule-dialog", _rule),
    (
        "ruth",
        "settings",
        "settings-who-may",
        _settings_tab("Who may do what", "acts_table", "Send payouts"),
    ),
    (
        "ruth",
        "settings",
        "settings-products",
        _settings_tab("Products", "products_table", "Group weekly"),
    ),
)


def _dialog_of(place: str, table: str, words: str, button: str) -> Callable[[Visit], None]:
    """Choose a row of a Payouts tab, and open what a button of its panel opens."""

    def prepare(visit: Visit) -> None:
        visit.open_tab(place)
        visit.choose_row(table, words)
        visit.hands.click(button)

    return prepare


def _card_dialog(number: str, button: str) -> Callable[[Visit], None]:
    def prepare(visit: Visit) -> None:
        visit.open_tab("in_flight")
        visit.click_in(f"payout_card_{number}", button)

    return prepare


def _rest(visit: Visit) -> None:
    visit.choose_row("loans_table", "300,000")
    visit.hands.click("rest_not_wanted")


def _close_day(visit: Visit) -> None:
    visit.hands.wait_for("the day to be read", lambda: visit.hands.is_seen("close_day"))
    visit.hands.click("close_day")
    visit.hands.find("close_day_dialog")
    ok = visit.hands.find("ok", QPushButton)
    visit.hands.wait_for("the books to be added up", ok.isEnabled)


def _closed_days(visit: Visit) -> None:
    visit.hands.click("closed_days_open")
    visit.hands.find("reopen_day")


def _reopen_day(visit: Visit) -> None:
    """The day is closed before the first picture, so nothing that posts entries comes after this."""
    hands = visit.hands
    hands.wait_for(
        "the day to be read", lambda: any(map(hands.is_seen, ("close_day", "print_day")))
    )
    if hands.is_seen("close_day"):
        Scenes(visit.practice).closed_day()
        hands.wait_for("the day to close", lambda: not hands.is_seen("close_day"))
    hands.click("closed_days_open")
    hands.click("reopen_day")


# Dialogs of payments by hand and of the day: who opens them, on which page, the picture's name, how, and the dialog's
# own name.
DIALOGS: tuple[tuple[str, str, str, Callable[[Visit], None], str], ...] = (
    (
        "grace",
        "payouts",
        "dialog-bank-file",
        _dialog_of("to_send", "to_send_table", "8,750", "pay_by_hand"),
        "bank_file_dialog",
    ),
    (
        "grace",
        "payouts",
        "dialog-cheque",
        _dialog_of("to_send", "to_send_table", "21,000", "pay_by_hand"),
        "cheque_dialog",
    ),
    (
        "peter",
        "payouts",
        "dialog-cash",
        _dialog_of("to_send", "to_send_table", "5,000.00", "pay_by_hand"),
        "cash_dialog",
    ),
    (
        "grace",
        "payouts",
        "dialog-came-back-confirmed",
        _dialog_of("done", "done_table", "6,300", "returned"),
        "returned_dialog",
    ),
    ("grace", "loans", "dialog-rest-not-wanted", _rest, "rest_dialog"),
    ("grace", "today", "dialog-close-day", _close_day, "close_day_dialog"),
    ("grace", "today", "dialog-reopen-day", _reopen_day, "reopen_day_dialog"),
    ("grace", "today", "closed-days", _closed_days, "closed_days_dialog"),
)

# What comes last, because no payment leaves any more and members go.
LATE_VIEWS: Views = (
    ("grace", "today", "today-queue-stopped", None),
    ("grace", "payouts", "payouts-queue-stopped", tab("to_send")),
    ("peter", "members", "exit-dialog", _status_act("M-0005", "settle", "exit_dialog")),
    ("grace", "members", "claim-dialog", _status_act("M-0006", "claims", "claim_dialog")),
)
