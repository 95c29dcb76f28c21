"""The tab All payments: everything that came in by M-Pesa in some days, with its owner, its proof and both entries."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from sacco_desktop.domain.dates import business_date
from sacco_desktop.services.collecting import payment_list
from sacco_desktop.services.collecting.payment_card import PaymentCard
from sacco_desktop.services.collecting.payment_list import MOST_ROWS, PaymentRow, PaymentsQuestion
from sacco_desktop.services.reports.payment_papers import WantedPayments, payments_report
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.list_papers import ListPapers, PaperPlan
from sacco_desktop.ui.pages.collections.columns import ALL_FILTERS, all_columns
from sacco_desktop.ui.pages.collections.payment_tab import PaymentTab
from sacco_desktop.ui.tabbed_page import Actions, Commands
from sacco_desktop.ui.widgets.choice_box import ChoiceBox
from sacco_desktop.ui.widgets.details import PanelAction
from sacco_desktop.ui.widgets.list_plan import EmptyList, ListPlan

_UNREAD = "The payments could not be read. Nothing is lost; the other pages work."
_CUT = f"Only the newest {MOST_ROWS:,} payments are shown. A shorter period shows all of its own."
_PERIODS = (
    ("today", "Today"),
    ("lately", "Last 31 days"),
    ("month", "This month"),
    ("before", "Last month"),
    ("year", "This year"),
    ("all", "All days"),
)


def days_of(choice: str, today: date) -> PaymentsQuestion:
    """The days that a choice of the period means."""
    begin = today.replace(day=1)
    if choice == "before":
        last = begin - timedelta(days=1)
        return PaymentsQuestion(last.replace(day=1), last)
    firsts = {
        "today": today,
        "lately": today - timedelta(days=30),
        "month": begin,
        "year": begin.replace(month=1),
        "all": date.min,
    }
    return PaymentsQuestion(firsts[choice], today)


class AllPaymentsTab(PaymentTab):
    """The newest first."""

    title = "All payments"
    key = "all"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, self._plan())
        self._period = ChoiceBox("period", _PERIODS)
        self._period.choose("lately")
        self.list.filter_bar.add_field("Days", self._period)
        self._period.activated.connect(self.read)
        plan = PaperPlan("payments", "Payments-in", "payments", payments_report, self._wanted)
        self._papers = ListPapers(desk, self.list, plan)

    def read(self) -> None:
        """Read the payments of the chosen days again."""
        self.read_by(payment_list.list_payments, _UNREAD, self._days())

    def show_rows(self, rows: Sequence[PaymentRow]) -> None:
        self.forget_cards()
        super().show_rows(rows)
        if len(rows) == MOST_ROWS:
            self.list.show_behind(_CUT)

    def commands(self) -> Commands:
        found: Commands = self._papers.commands()
        return found

    def go_to(self, place: str) -> None:
        """A period (`today`), a saved filter, or a receipt, of whatever day."""
        if place in dict(_PERIODS):
            self._period.choose(place)
            self.read()
            return
        super().go_to(place)

    def actions_of(self, row: PaymentRow, card: PaymentCard | None) -> Actions:
        """Where it waits, or whose it is."""
        main = None
        if row.waits:
            address = f"collections/{row.receipt}"
            main = PanelAction("to_inbox", "Find its owner", lambda: self.desk.open_page(address))
        numbers = () if card is None else tuple({part.member_number for part in card.parts} - {""})
        others = (self.to_member(numbers[0]),) if len(numbers) == 1 else ()
        return main, others

    def _days(self) -> PaymentsQuestion:
        return days_of(self._period.value(), business_date(self.desk.now()))

    def _wanted(self, rows: Sequence[PaymentRow], which: str, is_paper: bool) -> WantedPayments:
        ids = tuple(row.receipt_id for row in rows)
        return WantedPayments(ids, self._days(), which, is_paper)

    def _plan(self) -> ListPlan[PaymentRow]:
        return ListPlan(
            name="payments",
            one="payment",
            many="payments",
            columns=all_columns(),
            key=lambda row: row.receipt_id,
            empty=EmptyList("Nothing came in by M-Pesa during these days."),
            details=self.details,
            filters=ALL_FILTERS,
            has_ticks=True,
        )
