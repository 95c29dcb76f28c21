"""An office of invented people for tests of the window: frozen rows, a page of each kind, no books."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from sacco_desktop.settings import resources_dir
from sacco_desktop.ui.main_window import MainWindow, Office
from sacco_desktop.ui.messages import Messages
from sacco_desktop.ui.page import Page, PageEntry
from sacco_desktop.ui.theme.theme import Theme
from sacco_desktop.ui.widgets import chip_words as chips
from sacco_desktop.ui.widgets.chip_words import Chip
from sacco_desktop.ui.widgets.columns import Column, chip_column, date_column, money_column
from sacco_desktop.ui.widgets.details import Details, Note, PanelAction, Step
from sacco_desktop.ui.widgets.labels import ButtonKind
from sacco_desktop.ui.widgets.list_page import ListPage
from sacco_desktop.ui.widgets.list_plan import EmptyList, ListPlan, SavedFilter
from sacco_desktop.ui.world import LinkKind, LinkState, World

NOW = datetime(2026, 7, 3, 11, 5, tzinfo=UTC)
NAMES = (
    "AMINA HASSAN",
    "PETER MWANGI",
    "JANE WANJIKU",
    "FATUMA ALI",
    "KIPCHOGE RUTO",
    "LUCY CHEBET",
    "DANIEL OMONDI",
    "MERCY ATIENO",
    "ÉLODIE NJERI-WAWERU KAMAU",
    "<b>JOHN</b> KAMAU",
)

# Key, title, icon, key of the keyboard, what its badge counts: as the finished program will have them.
RAIL = (
    ("today", "Today", "home", "Ctrl+1", ""),
    ("members", "Members", "users", "Ctrl+2", ""),
    ("savings", "Savings & shares", "piggy-bank", "Ctrl+3", ""),
    ("loans", "Loans", "hand-coins", "Ctrl+4", ""),
    ("approvals", "Approvals", "list-checks", "Ctrl+5", "wait for your decision"),
    ("payouts", "Payouts", "send", "Ctrl+6", "need a look"),
    ("collections", "Collections", "inbox", "Ctrl+7", "have no owner"),
    ("penalties", "Penalties", "circle-alert", "Ctrl+8", ""),
    ("dividends", "Dividends", "percent", "Ctrl+9", ""),
    ("reconciliation", "Reconciliation", "scale", "Ctrl+0", "are not balanced"),
    ("books", "Books", "book-open", "Ctrl+Shift+B", ""),
    ("reports", "Reports", "file-text", "Ctrl+Shift+R", ""),
    ("messages", "Messages", "mail", "Ctrl+Shift+M", ""),
    ("audit", "Audit log", "history", "Ctrl+Shift+A", ""),
    ("settings", "Settings", "settings", "Ctrl+,", ""),
)


@dataclass(frozen=True, slots=True)
class PayoutRow:
    number: int
    chip: Chip
    member: str
    amount_cents: int
    phone: str
    reason: str
    charge_cents: int
    started_on: date | None
    receipt: str | None


def payout_rows(count: int) -> tuple[PayoutRow, ...]:
    return tuple(
        PayoutRow(
            number=number,
            chip=chips.PAYOUT_CHIPS[number % len(chips.PAYOUT_CHIPS)],
            member=NAMES[number % len(NAMES)],
            amount_cents=(number * 7919 % 90_000 + 1000) * 100 * (-1 if number % 13 == 5 else 1),
            phone=f"0722 {number % 1000:03d} {(number * 37) % 1000:03d}",
            reason=f"Loan L-{number:04d}",
            charge_cents=1300,
            started_on=date(2026, 7, 3) - timedelta(days=number % 40),
            receipt=f"TGH{number:06d}X" if number % 3 else None,
        )
        for number in range(1, count + 1)
    )


def details(row: PayoutRow) -> Details:
    note = None
    if row.chip is chips.NOT_SURE:
        note = Note(
            "M-Pesa took our request but has not told us the result. The money may have left. "
            "Do not pay her in cash or from another phone.",
            title="We do not know yet",
        )
    return Details(
        title=row.member,
        subtitle=f"M-{row.number:04d} · {row.phone}",
        amount_cents=row.amount_cents,
        chip=row.chip,
        note=note,
        facts=(
            ("For", row.reason),
            ("Charge", "KES 13.00"),
            ("Approved by", "Daniel Omondi, Grace Wambui"),
            ("Receipt", row.receipt or "—"),
        ),
        timeline=(
            Step("14:01:40", "Written here"),
            Step("14:01:53", "M-Pesa took it"),
            Step("", "Result", is_done=False),
            Step("", "On the statement", is_done=False),
        ),
        action=PanelAction("ask_mpesa_now", "Ask M-Pesa now", lambda: None),
        other_actions=(
            PanelAction(
                "correct",
                "Correct and ask again",
                None,
                "Locked until M-Pesa has told us the result.",
            ),
        ),
    )


PAYOUTS: ListPlan[PayoutRow] = ListPlan(
    name="payouts",
    one="payment",
    many="payments",
    columns=(
        chip_column("Status", lambda row: row.chip, chips.PAYOUT_CHIPS),
        Column("Member", lambda row: row.member),
        Column("To", lambda row: row.phone, priority=2, widest="0722 908 114", is_figures=True),
        Column("Reason", lambda row: row.reason, priority=2, widest="Loan L-0000"),
        date_column("Started", lambda row: row.started_on, priority=2),
        Column("Receipt", lambda row: row.receipt, priority=3, widest="TGH4X1K2LM"),
        money_column("Amount KES", lambda row: row.amount_cents),
    ),
    key=lambda row: row.number,
    empty=EmptyList("No payment waits here. Approved loans appear by themselves."),
    details=details,
    filters=(
        SavedFilter("doubt", "Needs a look", lambda row: row.chip is chips.NOT_SURE),
        SavedFilter("ready", "Ready", lambda row: row.chip is chips.READY),
    ),
    has_ticks=True,
)


def payouts_page(theme: Theme, rows: Sequence[PayoutRow]) -> tuple[ListPage, Page]:
    page = ListPage(theme, PAYOUTS)
    page.add_action("export", "Export", lambda: None)
    page.add_action("print", "Print", lambda: None)
    page.add_action("pay", "Pay selected…", lambda: None, kind=ButtonKind.PRIMARY)
    page.add_tick_action("hold", "Hold", lambda _rows: None)
    return page, page.page({}, frozenset({"PAYOUTS"}), lambda: page.set_rows(rows))


def blank_page(name: str) -> Page:
    widget = QWidget()
    widget.setObjectName(f"{name}_page")
    widget.setAccessibleName(name)
    QVBoxLayout(widget)
    return Page(widget, widget)


def entries(theme: Theme, rows: Sequence[PayoutRow]) -> tuple[PageEntry, ...]:
    def factory(key: str) -> Callable[[], Page]:
        if key == "payouts":
            return lambda: payouts_page(theme, rows)[1]
        return lambda: blank_page(key)

    return tuple(
        PageEntry(key, title, icon, shortcut, factory(key), badge)
        for key, title, icon, shortcut, badge in RAIL
    )


def a_theme(app: QApplication) -> Theme:
    return Theme(app, resources_dir())


def a_window(
    app: QApplication, theme: Theme, messages: Messages, world: World = World.PRACTICE
) -> MainWindow:
    office = Office(
        society="Umoja SACCO",
        world=world,
        now=lambda: NOW,
        hint="Practice office. Sign in as grace, daniel or peter with the password practice.",
        commands={"find": lambda: None, "my_password": lambda: None},
    )
    return MainWindow(app, theme, messages, office)


def welcome_grace(window: MainWindow, theme: Theme, rows: Sequence[PayoutRow]) -> None:
    window.welcome("Grace Wambui", "Treasurer", entries(theme, rows))
    window.rail.set_badge("approvals", 3)
    window.rail.set_badge("payouts", 2, is_urgent=True)
    window.rail.set_badge("collections", 5)
    window.top_bar.say_link(LinkState(LinkKind.ONLINE, "Online 14:02"))
    window.status.say_backup("Backup today 13:00, checked")
    window.status.say_in_flight("2 in flight KES 42,000.00")
    window.open_page("payouts")
