"""The page of one member, opened by Enter in the list: a head that stays, and tabs for all that the books know."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from sacco_desktop.domain.dates import business_date
from sacco_desktop.domain.errors import SaccoError
from sacco_desktop.domain.member_status import belongs
from sacco_desktop.domain.permissions import Act, may
from sacco_desktop.domain.phones import display_phone
from sacco_desktop.services.books.work import Topic
from sacco_desktop.services.membership.member_files import Holder
from sacco_desktop.services.membership.members import MemberRow
from sacco_desktop.services.savings.deposits import TakenDeposit
from sacco_desktop.services.window import member_sheet
from sacco_desktop.services.window.member_sheet import MemberSheet
from sacco_desktop.ui.ask_to_pay_dialog import Wanted, open_ask_to_pay
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.explain_dialog import open_explanation
from sacco_desktop.ui.money_out_acts import MoneyOutActs
from sacco_desktop.ui.page import Page
from sacco_desktop.ui.pages.members.change_phone_dialog import ChangePhoneDialog
from sacco_desktop.ui.pages.members.columns import Sight
from sacco_desktop.ui.pages.members.file_tab import FileTab
from sacco_desktop.ui.pages.members.member_columns import (
    ENTRIES,
    HISTORY,
    PAST,
    PAYMENTS,
    loan_columns,
)
from sacco_desktop.ui.pages.members.member_head import MemberHead
from sacco_desktop.ui.pages.members.member_tabs import LoansTab, Overview, TableTab
from sacco_desktop.ui.pages.members.receipt import taken_words
from sacco_desktop.ui.pages.members.savings_tab import MemberSavingsTab
from sacco_desktop.ui.pages.members.status_acts import StatusActs
from sacco_desktop.ui.pages.members.take_deposit_dialog import TakeDepositDialog
from sacco_desktop.ui.show_receipt import show_receipt
from sacco_desktop.ui.theme.theme import Theme
from sacco_desktop.ui.theme.tokens import ChipColour
from sacco_desktop.ui.widgets.callout import Callout
from sacco_desktop.ui.widgets.focus_lead import lead_focus
from sacco_desktop.ui.widgets.frozen_table import FrozenTable
from sacco_desktop.ui.widgets.labels import ButtonKind

_TOPICS = frozenset(
    {
        Topic.MEMBERS,
        Topic.SAVINGS,
        Topic.LOANS,
        Topic.LEDGER,
        Topic.PAYOUTS,
        Topic.APPROVALS,
        Topic.SETTINGS,
    }
)


_CHOOSE_DEPOSIT = "Choose a cash deposit under Deposits; then Ctrl+P prints its receipt."


def member_page(desk: Desk) -> Page:
    """The page for the person at this desk; whose it is comes with the place."""
    return MemberPage(desk).page()


class MemberPage(QWidget):
    """Shows one sheet at a time; what was read stays until the next one is there."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._number = ""
        self._sheet: MemberSheet | None = None
        roles = desk.actor.roles
        self._may_take = may(roles, Act.TAKE_DEPOSIT)
        self._may_change = may(roles, Act.REGISTER_MEMBER)
        self._may_apply = may(roles, Act.APPLY_FOR_LOAN)
        self._may_read = may(roles, Act.READ_FILES)
        self._sight = Sight(desk.now, self._may_take or self._may_change)
        self.setObjectName("member_page")
        self.head = MemberHead(desk.theme)
        self._trouble = Callout(desk.theme, "", ChipColour.BLUE)
        self._trouble.hide()
        self._overview = Overview(desk.theme, self._explain)
        self._deposits = _entries(desk.theme, "deposits", "No deposit yet.")
        self._shares = _entries(desk.theme, "shares", "No share capital yet.")
        self._savings = MemberSavingsTab(desk.theme, self.take_money if self._may_take else None)
        self._loans = LoansTab(desk.theme, loan_columns(lambda: business_date(desk.now())))
        self._payments = TableTab(
            desk.theme, "payments", PAYMENTS, lambda row: row.payout_id, "No payment out yet."
        )
        self._file = FileTab(desk)
        self._acts = StatusActs(desk, self)
        self._money_out = MoneyOutActs(desk, self)
        self._history = TableTab(
            desk.theme, "history", HISTORY, lambda done: done.act_id, "Nothing was done yet."
        )
        self._past = TableTab(
            desk.theme, "past", PAST, lambda line: (line.when, line.what), "Nothing was brought."
        )
        self._add_actions()
        self._lay_out()

    def page(self) -> Page:
        """What the window gets."""
        commands: dict[str, Callable[[], None]] = {
            "refresh": self.reload,
            "explain": self.explain,
            "copy": self._copy,
            "print": self._print,
        }
        if self._may_take:
            commands["main_action"] = commands["take_deposit"] = self.take_deposit
        if self._may_apply:
            commands["new_loan"] = self.new_loan
        panes = (self.tabs.tabBar(), self._overview, *self._tables())
        return Page(self, self, commands, panes, _TOPICS, self.reload, self.go_to)

    def go_to(self, place: str) -> None:
        """Show the member with this number, as `M-0001`."""
        if place != self._number:
            self._number, self._sheet = place, None
            self.tabs.setCurrentIndex(0)
            self._allow_acts(is_allowed=False)
            self.reload()

    def reload(self) -> None:
        """Read everything about this member again."""
        if self._number:
            self._desk.background.read_anew(
                member_sheet.sheet, self._number, owner=self, done=self._show, failed=self._failed
            )

    def explain(self) -> None:
        """F4: why this member can borrow, guarantee or be paid so much."""
        if self._sheet is not None:
            self._explain(0)

    def _explain(self, place: int) -> None:
        open_explanation(self._desk, self, self._overview.asked, place)

    def take_deposit(self) -> None:
        """Ctrl+Enter."""
        if self._sheet is not None:
            TakeDepositDialog(self._desk, self, self._sheet.row, self._say_taken).open()

    def take_money(self) -> None:
        """Money into several products, on the page Savings & shares."""
        if self._sheet is not None:
            self._desk.open_page(f"savings/take-{self._number}")

    def new_loan(self) -> None:
        """Ctrl+Shift+N: an application of this member, on the page Loans."""
        if self._sheet is not None and self._sheet.row.status == "active":
            self._desk.open_page(f"loans/new-{self._number}")

    def change_phone(self) -> None:
        """Another M-Pesa number."""
        if self._sheet is not None:
            ChangePhoneDialog(self._desk, self, self._sheet.row, self._say_changed).open()

    def open_status(self) -> None:
        """What can become of this member."""
        if self._sheet is not None:
            self._acts.open_menu(self._sheet.row, self._status)

    def open_money_out(self) -> None:
        """How this member can have money of savings."""
        if self._sheet is not None and self._out is not None:
            row = self._sheet.row
            self._money_out.open_menu(row.member_id, row.status, self._out)

    def _show(self, sheet: MemberSheet) -> None:
        if sheet.row.number != self._number:
            return
        self._sheet = sheet
        self._trouble.hide()
        self.head.show_member(sheet.row, self._sight, sheet.insider)
        self._overview.show_sheet(sheet, self._sight)
        self._deposits.set_rows(sheet.deposits)
        self._shares.set_rows(sheet.shares)
        self._savings.set_rows(sheet.savings)
        self._loans.set_rows(sheet.loans)
        self._payments.set_rows(sheet.payouts)
        self._history.set_rows(sheet.history)
        self._past.set_rows(sheet.past)
        self._offer_past(bool(sheet.past))
        if self._may_read:
            self._file.show_file(Holder(sheet.row.member_id))
        self._allow_acts(is_allowed=belongs(sheet.row.status))
        if self._out is not None:
            self._out.setEnabled(self._money_out.offers(sheet.row.status))
        if self._apply is not None:
            self._apply.setEnabled(sheet.row.status == "active")

    def _allow_acts(self, *, is_allowed: bool) -> None:
        """Whoever has left takes no deposits; and of a member who is not read yet nothing is known."""
        for button in (self._take, self._change, self._apply, self._out, self._ask):
            if button is not None:
                button.setEnabled(is_allowed)
                has_left = self._sheet is not None and not is_allowed
                button.setToolTip("This member has left the society." if has_left else "")

    def _failed(self, error: BaseException) -> None:
        if not isinstance(error, SaccoError):
            self._desk.show(error, self)
        words = error.message if isinstance(error, SaccoError) else "This member could not be read."
        self._trouble.say(f"{words} What stands here may be old; F5 reads again.", ChipColour.BLUE)
        self._trouble.show()

    def _say_taken(self, deposit: TakenDeposit, full_name: str, shows_receipt: bool) -> None:
        self._desk.toast(taken_words(deposit, full_name))
        if shows_receipt:
            show_receipt(self._desk, self, deposit.receipt)

    def _say_changed(self, row: MemberRow) -> None:
        self._desk.toast(f"Changed. {row.full_name} now has {display_phone(row.phone)}.")

    def _print(self) -> None:
        """The receipt under the cursor of the deposits, or the newest."""
        line = self._deposits.table.current_row()
        if line is None or not line.reference.startswith("RC-"):
            self._desk.toast(_CHOOSE_DEPOSIT)
        else:
            show_receipt(self._desk, self, line.reference)

    def _tables(self) -> tuple[FrozenTable, ...]:
        return (
            self._deposits.table,
            self._shares.table,
            self._savings.table,
            self._loans.loans.table,
            self._loans.schedule.table,
            self._payments.table,
            self._history.table,
            self._past.table,
        )

    def _copy(self) -> None:
        seen = [table for table in self._tables() if table.isVisible()]
        focused = [table for table in seen if table.hasFocus()]
        for table in (focused or seen)[:1]:
            table.copy()

    def _ask_to_pay(self) -> None:
        open_ask_to_pay(self._desk, self, Wanted(self._number))

    def _add_actions(self) -> None:
        self._take = self._change = self._apply = self._out = self._ask = None
        if self._acts.has_any:
            self._status = self.head.add_action("member_status", "Status…", self.open_status)
        if self._may_change:
            self._change = self.head.add_action("change_phone", "Change phone…", self.change_phone)
        if self._may_apply:
            self._apply = self.head.add_action("new_loan", "New loan…", self.new_loan)
        if self._money_out.has_any:
            self._out = self.head.add_action("money_out", "Money out…", self.open_money_out)
        if self._may_take:
            self._ask = self.head.add_action("ask_to_pay", "Ask to pay…", self._ask_to_pay)
            self._take = self.head.add_action(
                "take_deposit", "Take deposit…", self.take_deposit, ButtonKind.PRIMARY
            )

    def _lay_out(self) -> None:
        self.tabs = QTabWidget()
        self.tabs.setObjectName("member_tabs")
        self.tabs.setAccessibleName("Parts of this member")
        self.tabs.tabBar().setAccessibleName("Tabs of this page")
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setDrawBase(False)
        parts: tuple[tuple[str, QWidget], ...] = (
            ("Overview", self._overview),
            ("Deposits", self._deposits),
            ("Shares", self._shares),
            ("Savings", self._savings),
            ("Loans", self._loans),
            ("Payments", self._payments),
            ("Papers && KYC", self._file),
            ("History", self._history),
        )
        for title, part in parts:
            if part is not self._file or self._may_read:
                self.tabs.addTab(part, title)
        self._past.setParent(self)
        self._past.hide()
        self.tabs.currentChanged.connect(lambda _place: self._focus_tab())
        for keys, step in (("Ctrl+Tab", 1), ("Ctrl+Shift+Tab", -1)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(lambda by=step: self._next_tab(by))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addWidget(self._trouble)
        column.addWidget(self.tabs, 1)
        self._focus_tab()

    def _offer_past(self, is_there: bool) -> None:
        """What the old books told has a tab only where they told something."""
        place = self.tabs.indexOf(self._past)
        if is_there and place < 0:
            self.tabs.addTab(self._past, "Old books")
        elif not is_there and place >= 0:
            self.tabs.removeTab(place)

    def _focus_tab(self) -> None:
        """What is shown gets the focus, unless the person walks along the tabs themselves."""
        shown = self.tabs.currentWidget()
        lead_focus(self, shown)
        if self.isVisible() and not self.tabs.tabBar().hasFocus():
            shown.setFocus(Qt.FocusReason.OtherFocusReason)

    def _next_tab(self, step: int) -> None:
        self.tabs.setCurrentIndex((self.tabs.currentIndex() + step) % self.tabs.count())


def _entries(theme: Theme, name: str, nothing: str) -> TableTab:
    return TableTab(theme, name, ENTRIES, lambda line: (line.entry_number, line.line), nothing)
