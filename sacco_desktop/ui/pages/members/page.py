"""The page Members: who they are, what they have, and what is done with them at the counter."""

from __future__ import annotations

from PySide6.QtCore import QObject

from sacco_desktop.domain.member_status import belongs
from sacco_desktop.domain.permissions import Act, may
from sacco_desktop.domain.phones import display_phone
from sacco_desktop.services.books.work import Topic
from sacco_desktop.services.membership.members import MemberRow
from sacco_desktop.services.payouts.payouts import PayoutRow
from sacco_desktop.services.savings.deposits import TakenDeposit
from sacco_desktop.services.window import member_sheet
from sacco_desktop.services.window.member_sheet import Glance
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.page import Page
from sacco_desktop.ui.pages.members.change_phone_dialog import ChangePhoneDialog
from sacco_desktop.ui.pages.members.columns import Sight, columns, details_of, filters
from sacco_desktop.ui.pages.members.listed_members import ListedMembers
from sacco_desktop.ui.pages.members.member_lists import MemberLists
from sacco_desktop.ui.pages.members.new_member_dialog import NewMemberDialog
from sacco_desktop.ui.pages.members.receipt import taken_words
from sacco_desktop.ui.pages.members.take_deposit_dialog import TakeDepositDialog
from sacco_desktop.ui.payment_dialog import PaymentDialog, asked_words
from sacco_desktop.ui.show_receipt import show_receipt
from sacco_desktop.ui.widgets.details import Details, PanelAction
from sacco_desktop.ui.widgets.labels import ButtonKind
from sacco_desktop.ui.widgets.list_page import ListPage
from sacco_desktop.ui.widgets.list_plan import EmptyList, ListPlan

TOPICS = frozenset({Topic.MEMBERS, Topic.LOANS})

_HAS_LEFT = "Locked: this member has left the society."
_NOT_ACTIVE = "Locked: only an active member borrows."


def members_page(desk: Desk) -> Page:
    """The page for the person at this desk."""
    return MembersPage(desk).page()


class MembersPage(QObject):
    """Keeps what was read beside the rows: new numbers, and the receipts given since the page was opened."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        roles = desk.actor.roles
        self._may_register = may(roles, Act.REGISTER_MEMBER)
        self._may_take = may(roles, Act.TAKE_DEPOSIT)
        self._may_request = may(roles, Act.REQUEST_PAYOUT)
        self._may_apply = may(roles, Act.APPLY_FOR_LOAN)
        self._is_full = self._may_register or self._may_take
        self._glances: dict[int, Glance | None] = {}
        self._receipts: dict[int, str] = {}
        self._list = ListPage(desk.theme, self._plan())
        self.setParent(self._list)
        self._list.opened.connect(self._open_member)
        self._list.current_changed.connect(self._read_glance)
        self._listed = ListedMembers(desk, self._list, self._glances.clear)
        self._lists = MemberLists(desk, self._list, self._sight(), self._listed.when_all)
        if may(roles, Act.IMPORT_BOOKS) or may(roles, Act.APPROVE_IMPORT):
            self._list.add_action("members_import", "Import…", lambda: desk.open_page("import"))
        self._list.add_action(
            "members_applications", "Applications…", lambda: desk.open_page("applications")
        )
        if self._may_register:
            self._list.add_action(
                "members_new", "New member…", self.new_member, kind=ButtonKind.PRIMARY
            )

    def page(self) -> Page:
        """What the window gets."""
        commands = self._lists.commands()
        if self._may_register:
            commands["new"] = self.new_member
        if self._may_take:
            commands["main_action"] = commands["take_deposit"] = self.take_deposit
        if self._may_apply:
            commands["new_loan"] = self.new_loan
        return self._list.page(commands, TOPICS, self.reload)

    def reload(self) -> None:
        """Read the members again."""
        self._listed.reload()

    def new_member(self) -> None:
        """Ctrl+N."""
        NewMemberDialog(self._desk, self._list, self._say_registered).open()

    def take_deposit(self) -> None:
        """Ctrl+Enter: for the member under the cursor, who may be changed in the dialog."""
        TakeDepositDialog(self._desk, self._list, self._row(), self._say_taken).open()

    def new_loan(self) -> None:
        """Ctrl+Shift+N: an application of the member under the cursor, on the page Loans."""
        row = self._row()
        if row is not None and row.status == "active":
            self._desk.open_page(f"loans/new-{row.number}")

    def refund(self) -> None:
        """Ask for deposits of the member under the cursor to be paid back."""
        row = self._row()
        if row is not None:
            PaymentDialog(self._desk, self._list, self._say_asked, row).open()

    def change_phone(self) -> None:
        """For the member under the cursor."""
        row = self._row()
        if row is not None:
            ChangePhoneDialog(self._desk, self._list, row, self._say_changed).open()

    def print_receipt(self) -> None:
        """The receipt that this member was given last."""
        row = self._row()
        receipt = self._receipts.get(row.member_id) if row is not None else None
        if receipt is None:
            self._desk.toast("No receipt was given to this member since this page was opened.")
        else:
            show_receipt(self._desk, self._list, receipt)

    def _plan(self) -> ListPlan[MemberRow]:
        empty = EmptyList("No members yet. An officer registers them.")
        if self._may_register:
            empty = EmptyList("No members yet.", "New member…", self.new_member)
        return ListPlan(
            name="members",
            one="member",
            many="members",
            columns=columns(self._sight()),
            key=lambda row: row.member_id,
            empty=empty,
            details=self._details,
            filters=filters(self._sight()),
            has_ticks=True,
        )

    def _sight(self) -> Sight:
        return Sight(self._desk.now, self._is_full, may(self._desk.actor.roles, Act.READ_FILES))

    def _row(self) -> MemberRow | None:
        row: MemberRow | None = self._list.table.current_row()
        return row

    def _details(self, row: MemberRow) -> Details:
        return details_of(row, self._sight(), self._glances.get(row.member_id), self._actions(row))

    def _actions(self, row: MemberRow) -> tuple[PanelAction | None, tuple[PanelAction, ...]]:
        main: PanelAction | None = None
        is_active, belongs_here = row.status == "active", belongs(row.status)
        if self._may_take:
            act = self.take_deposit if belongs_here else None
            main = PanelAction("take_deposit", "Take deposit…", act, _HAS_LEFT)
        others = [
            PanelAction("open_member", "Open page", lambda: self._open_member(row)),
            PanelAction("copy_member", "Copy", self._list.table.copy),
        ]
        if self._may_register:
            others.insert(0, PanelAction("change_phone", "Change phone…", self.change_phone))
        if self._may_request:
            others.insert(0, PanelAction("refund_deposits", "Refund deposits…", self.refund))
        if self._may_apply:
            loan = self.new_loan if is_active else None
            others.insert(0, PanelAction("new_loan", "New loan…", loan, _NOT_ACTIVE))
        if row.member_id in self._receipts:
            words = f"Receipt {self._receipts[row.member_id]}…"
            others.insert(0, PanelAction("receipt", words, self.print_receipt))
        return main, tuple(others)

    def _read_glance(self, row: MemberRow | None) -> None:
        """The last entries, and who changed the number lately; once for each row that was looked at."""
        if row is None or row.member_id in self._glances:
            return
        self._glances[row.member_id] = None

        def keep(found: Glance) -> None:
            self._glances[row.member_id] = found
            current = self._row()
            if current is not None and current.member_id == row.member_id:
                self._list.refresh_details()

        self._desk.background.read(member_sheet.glance, row.member_id, owner=self._list, done=keep)

    def _open_member(self, row: MemberRow) -> None:
        """Enter: everything about this member, on a page of its own."""
        self._desk.open_page(f"member/{row.number}")

    def _say_registered(self, row: MemberRow) -> None:
        self._desk.toast(f"Registered. {row.full_name} is {row.number}.")
        self._listed.go_to(row.member_id, row.number)

    def _say_taken(self, deposit: TakenDeposit, full_name: str, shows_receipt: bool) -> None:
        self._receipts[deposit.member_id] = deposit.receipt
        self._desk.toast(taken_words(deposit, full_name))
        self._listed.go_to(deposit.member_id)
        if shows_receipt:
            show_receipt(self._desk, self._list, deposit.receipt)

    def _say_asked(self, row: PayoutRow) -> None:
        self._desk.toast(asked_words(row))

    def _say_changed(self, row: MemberRow) -> None:
        self._desk.toast(f"Changed. {row.full_name} now has {display_phone(row.phone)}.")
        self._listed.go_to(row.member_id, row.number)
