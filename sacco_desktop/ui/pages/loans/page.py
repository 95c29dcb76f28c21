"""The page Loans: from the application to the payout, with what is next and who can do it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import QObject

from sacco_desktop.domain.errors import SaccoError
from sacco_desktop.domain.money import format_kes
from sacco_desktop.domain.permissions import Act, may
from sacco_desktop.services.books.work import Topic
from sacco_desktop.services.lending import loans
from sacco_desktop.services.lending.loans import LoanRow
from sacco_desktop.services.lending.repayments import TakenRepayment
from sacco_desktop.services.membership import members
from sacco_desktop.services.membership.members import MemberRow
from sacco_desktop.services.payouts import loan_payouts, loan_rest, loan_steps
from sacco_desktop.services.payouts.loan_payouts import PayoutPreview
from sacco_desktop.services.payouts.loan_steps import LoanSheet
from sacco_desktop.services.payouts.payouts import PayoutRow
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.explain_dialog import open_explanation
from sacco_desktop.ui.find_members import found
from sacco_desktop.ui.page import Page
from sacco_desktop.ui.pages.loans.allowance_dialog import AllowanceDialog
from sacco_desktop.ui.pages.loans.appraise_dialog import AppraiseDialog
from sacco_desktop.ui.pages.loans.columns import COLUMNS, FILTERS
from sacco_desktop.ui.pages.loans.explaining import asked_of, explain_actions
from sacco_desktop.ui.pages.loans.form_actions import form_actions
from sacco_desktop.ui.pages.loans.guarantor_actions import guarantor_actions
from sacco_desktop.ui.pages.loans.later_actions import later_actions
from sacco_desktop.ui.pages.loans.loan_fees_dialog import open_loan_fees
from sacco_desktop.ui.pages.loans.loan_words import (
    broken_rules,
    full_details,
    short_details,
    with_every_term,
)
from sacco_desktop.ui.pages.loans.new_loan_dialog import NewLoanDialog
from sacco_desktop.ui.pages.loans.payout_request_dialog import open_payout_request
from sacco_desktop.ui.pages.loans.rest_dialog import open_rest_dialog
from sacco_desktop.ui.pages.loans.schedule_print import show_schedule
from sacco_desktop.ui.pages.loans.take_repayment_dialog import TakeRepaymentDialog
from sacco_desktop.ui.show_receipt import show_receipt
from sacco_desktop.ui.widgets.details import Details, PanelAction
from sacco_desktop.ui.widgets.details_dialog import DetailsDialog
from sacco_desktop.ui.widgets.labels import ButtonKind
from sacco_desktop.ui.widgets.list_page import ListPage
from sacco_desktop.ui.widgets.list_plan import EmptyList, ListPlan
from sacco_desktop.ui.widgets.schedule_table import ScheduleTable
from sacco_desktop.ui.widgets.sideways import Sideways

# The deposits carry a loan and payouts pay it, so their changes matter here too.
TOPICS = frozenset({Topic.LOANS, Topic.MEMBERS, Topic.APPROVALS, Topic.PAYOUTS, Topic.USERS})

_SENT = "Sent for approval."
_NEW_FOR = "new-"


def loans_page(desk: Desk) -> Page:
    """The page for the person at this desk."""
    return LoansPage(desk).page()


class LoansPage(QObject):
    """Keeps the sheets that were read beside the rows; one that may be old is shown and read again."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._sheets: dict[int, LoanSheet] = {}
        self._read_now: set[int] = set()
        self._wanted: int | None = None
        self._may_apply = may(desk.actor.roles, Act.APPLY_FOR_LOAN)
        self._list = ListPage(desk.theme, self._plan())
        self.setParent(self._list)
        self._list.opened.connect(self._open)
        self._list.current_changed.connect(self._read_sheet)
        self._list.add_action("guarantors", "Guarantors", self.show_guarantors)
        if may(desk.actor.roles, Act.REVERSE_ENTRY):
            self._list.add_action("allowance", "Allowance…", self.set_allowance)
        if self._may_apply:
            self._list.add_action(
                "loans_new", "New application…", self.new_loan, kind=ButtonKind.PRIMARY
            )

    def page(self) -> Page:
        """What the window gets."""
        commands: dict[str, Callable[[], None]] = {
            "print": self.print_schedule,
            "main_action": self.do_next,
            "explain": self.explain,
        }
        if self._may_apply:
            commands["new"] = self.new_loan
        page = self._list.page(commands, TOPICS, self.reload)
        return replace(page, go_to=self.go_to)

    def go_to(self, place: str) -> None:
        """A loan or a saved filter; `new-M-0001` begins an application of that member."""
        number = place.removeprefix(_NEW_FOR)
        if number == place:
            self._list.go_to(place)
        elif self._may_apply:
            self._desk.background.read(
                members.row_numbered, number, owner=self._list, done=self._new_loan_for
            )

    def reload(self) -> None:
        """Read the loans again."""
        self._list.show_loading()
        self._desk.background.read_anew(
            loans.list_loans, None, owner=self._list, done=self._show, failed=self._failed
        )

    def show_guarantors(self) -> None:
        """Who guarantees whom, and how much each can still promise."""
        self._desk.open_page("guarantors")

    def set_allowance(self) -> None:
        """What is set aside for loans that may not be repaid, as of a day."""
        AllowanceDialog(self._desk, self._list).open()

    def new_loan(self) -> None:
        """Ctrl+N."""
        NewLoanDialog(self._desk, self._list, self._say_applied).open()

    def _new_loan_for(self, row: MemberRow) -> None:
        NewLoanDialog(self._desk, self._list, self._say_applied, found(row)).open()

    def do_next(self) -> None:
        """Ctrl+Enter: the main button of the panel, if this person may press it now."""
        row = self._row()
        sheet = self._sheets.get(row.loan_id) if row is not None else None
        action = self._action(sheet) if sheet is not None else None
        if action is not None and action.act is not None:
            action.act()

    def explain(self) -> None:
        """F4: why the figures of this loan are what they are."""
        row = self._row()
        if row is not None and row.loan_id in self._sheets:
            open_explanation(self._desk, self._list, asked_of(self._sheets[row.loan_id]))

    def print_schedule(self) -> None:
        """Ctrl+P."""
        row = self._row()
        if row is not None:
            show_schedule(self._desk, self._list, row.loan_id)

    def _plan(self) -> ListPlan[LoanRow]:
        empty = EmptyList("No loans yet. An officer writes the applications.")
        if self._may_apply:
            empty = EmptyList("No loans yet.", "New application…", self.new_loan)
        return ListPlan(
            name="loans",
            one="loan",
            many="loans",
            columns=COLUMNS,
            key=lambda row: row.loan_id,
            empty=empty,
            details=self._details,
            filters=FILTERS,
        )

    def _row(self) -> LoanRow | None:
        row: LoanRow | None = self._list.table.current_row()
        return row

    def _details(self, row: LoanRow) -> Details:
        others: tuple[PanelAction, ...] = (
            PanelAction("schedule", "Schedule…", self.print_schedule),
            PanelAction("copy_loan", "Copy", self._list.table.copy),
        )
        sheet = self._sheets.get(row.loan_id)
        if sheet is None or sheet.detail.row.version != row.version:
            return short_details(row, others)
        if sheet.may_leave_rest:
            rest = PanelAction(
                "rest_not_wanted", "The rest is not wanted…", lambda: self._leave_rest(sheet)
            )
            others = (rest, *others)
        others = (
            *later_actions(self._desk, self._list, sheet),
            *guarantor_actions(self._desk, self._list, sheet),
            *form_actions(self._desk, self._list, sheet),
            *others,
        )
        me = self._desk.actor.full_name
        explains = explain_actions(self._desk, self._list, sheet)
        return full_details(row, sheet, me, self._action(sheet), others, explains)

    def _action(self, sheet: LoanSheet) -> PanelAction | None:
        """The next step, where this person may take it; else the note in the panel says who can."""
        step, detail = sheet.next_step, sheet.detail
        if step is None or not step.is_mine:
            return None
        if step.act is Act.APPRAISE_LOAN:
            act = None if broken_rules(sheet) else lambda: self._appraise(sheet)
            return PanelAction("appraise", "Appraise…", act, "Locked: the note above says why.")
        if step.act is Act.TAKE_DEPOSIT:
            loan_id = detail.row.loan_id
            return PanelAction(
                "loan_fees", "Take fees…", lambda: open_loan_fees(self._desk, self._list, loan_id)
            )
        if step.act is Act.REQUEST_PAYOUT:
            return PanelAction("ask_payout", "Ask for payout…", lambda: self._ask_payout(sheet))
        if step.act is Act.TAKE_REPAYMENT:
            return PanelAction(
                "take_repayment", "Take repayment…", lambda: self._take_repayment(detail.row)
            )
        pays = (Act.SEND_PAYOUT, Act.PAY_CASH, Act.SETTLE_PAYOUT)
        page = "payouts" if step.act in pays else "approvals"
        return PanelAction(
            f"open_{page}", f"Open {page.capitalize()}", lambda: self._desk.open_page(page)
        )

    def _show(self, rows: Sequence[LoanRow]) -> None:
        self._read_now.clear()
        self._list.show_behind("")
        self._list.set_rows(rows)
        if self._wanted is not None:
            self._list.table.select_key(self._wanted)
            self._wanted = None

    def _failed(self, error: BaseException) -> None:
        if not isinstance(error, SaccoError):
            self._desk.show(error, self._list)
        self._list.show_failed(
            "The loans could not be read. Nothing is lost; the other pages work.", self.reload
        )

    def _read_sheet(self, row: LoanRow | None) -> None:
        if row is None or row.loan_id in self._read_now:
            return
        self._read_now.add(row.loan_id)
        self._with_sheet(row, self._show_sheet)

    def _with_sheet(self, row: LoanRow, done: Callable[[LoanSheet], None]) -> None:
        def keep(sheet: LoanSheet) -> None:
            self._sheets[row.loan_id] = sheet
            done(sheet)

        self._desk.background.read(loan_steps.sheet, row.loan_id, owner=self._list, done=keep)

    def _show_sheet(self, sheet: LoanSheet) -> None:
        row = self._row()
        if row is not None and row.loan_id == sheet.detail.row.loan_id:
            self._list.refresh_details()

    def _open(self, row: LoanRow) -> None:
        """Enter: the panel with the whole schedule beside it."""
        self._with_sheet(row, self._open_sheet)

    def _open_sheet(self, sheet: LoanSheet) -> None:
        schedule = ScheduleTable(self._desk.theme)
        schedule.set_rows(sheet.detail.schedule)
        side = Sideways(schedule, "schedule_side", "Schedule")
        details = with_every_term(self._details(sheet.detail.row), sheet)
        DetailsDialog(self._desk.theme, "loan_dialog", details, self._list, side).open()

    def _appraise(self, sheet: LoanSheet) -> None:
        AppraiseDialog(self._desk, self._list, sheet, self._say_appraised).open()

    def _ask_payout(self, sheet: LoanSheet) -> None:
        def show(preview: PayoutPreview) -> None:
            open_payout_request(
                self._desk, self._list, sheet.detail, preview, self._say_payout_asked
            )

        loan_id = sheet.detail.row.loan_id
        self._desk.background.read(loan_payouts.preview, loan_id, owner=self._list, done=show)

    def _take_repayment(self, row: LoanRow) -> None:
        TakeRepaymentDialog(self._desk, self._list, row, self._say_repaid).open()

    def _say_repaid(self, taken: TakenRepayment, shows_receipt: bool) -> None:
        amount, left = format_kes(taken.amount_cents), format_kes(taken.outstanding_cents)
        self._desk.toast(f"Recorded. {amount}, receipt {taken.receipt}. Owed now {left}.")
        if shows_receipt:
            show_receipt(self._desk, self._list, taken.receipt)

    def _leave_rest(self, sheet: LoanSheet) -> None:
        loan_id = sheet.detail.row.loan_id
        self._desk.background.read(
            loan_rest.look,
            loan_id,
            owner=self._list,
            done=lambda facts: open_rest_dialog(self._desk, self._list, facts),
        )

    def _say_applied(self, row: LoanRow) -> None:
        amount = format_kes(row.amount_cents)
        self._desk.toast(f"Written. {row.number} for {row.member_name}, {amount}. Next: appraisal.")
        self._wanted = row.loan_id
        self._list.table.select_key(row.loan_id)

    def _say_appraised(self, row: LoanRow) -> None:
        self._desk.toast(f"{_SENT} Nothing has changed yet. The committee decides on {row.number}.")

    def _say_payout_asked(self, row: PayoutRow) -> None:
        amount = format_kes(row.net_cents)
        self._desk.toast(f"{_SENT} Nothing has left yet. {row.number}, {amount}.")
