"""The tab Paid in: every receipt of some days, taking money in, and asking for a receipt to be taken back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from sacco_desktop.domain.dates import business_date
from sacco_desktop.domain.permissions import Act, may
from sacco_desktop.services.reports.savings_papers import WantedReceipts, receipts_report
from sacco_desktop.services.savings import savings_lists
from sacco_desktop.services.savings.savings_lists import (
    MOST_ROWS,
    ContributionRow,
    PaidInQuestion,
    PaidState,
)
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.list_papers import ListPapers, PaperPlan
from sacco_desktop.ui.pages.savings.receipt_acts import ReceiptActs
from sacco_desktop.ui.pages.savings.receipt_columns import (
    PAID_IN_FILTERS,
    paid_in_columns,
    paid_in_details,
)
from sacco_desktop.ui.pages.savings.take_in import TakeIn
from sacco_desktop.ui.tabbed_page import Actions, Commands, PageTab
from sacco_desktop.ui.widgets.choice_box import ChoiceBox
from sacco_desktop.ui.widgets.details import PanelAction
from sacco_desktop.ui.widgets.labels import ButtonKind
from sacco_desktop.ui.widgets.list_plan import EmptyList, ListPlan

_UNREAD = "What was paid in could not be read. Nothing is lost; the other pages work."
_CUT = f"Only the newest {MOST_ROWS:,} receipts are shown. A shorter period shows all of its own."
_LATELY = "lately"
_PERIODS = (
    (_LATELY, "Last 31 days"),
    ("today", "Today"),
    ("month", "This month"),
    ("before", "Last month"),
    ("year", "This year"),
    ("all", "All days"),
)
_TAKE_FOR = "take"


def period_of(choice: str, today: date) -> PaidInQuestion:
    """The days that a choice of the period means."""
    begin = today.replace(day=1)
    if choice == "before":
        last = begin - timedelta(days=1)
        return PaidInQuestion(last.replace(day=1), last)
    firsts = {
        _LATELY: today - timedelta(days=30),
        "today": today,
        "month": begin,
        "year": begin.replace(month=1),
        "all": date.min,
    }
    return PaidInQuestion(firsts[choice], today)


class PaidInTab(PageTab[ContributionRow]):
    """Receipts, the newest first."""

    title = "Paid in"
    key = "paid_in"

    def __init__(self, desk: Desk) -> None:
        self._may_take = may(desk.actor.roles, Act.TAKE_DEPOSIT)
        super().__init__(desk, self._plan())
        self.take_in = TakeIn(desk, self.list)
        self._acts = ReceiptActs(desk, self.list)
        self._period = ChoiceBox("period", _PERIODS)
        self.list.filter_bar.add_field("Days", self._period)
        self._period.activated.connect(self.read)
        self._papers = ListPapers(
            desk,
            self.list,
            PaperPlan("paid_in", "Paid-in", "receipts", receipts_report, self._wanted),
        )
        if self._may_take:
            self.list.add_action(
                "take_contribution", "Take money in…", self.take, kind=ButtonKind.PRIMARY
            )

    def read(self) -> None:
        """Read the receipts of the chosen days again."""
        self.read_by(savings_lists.list_contributions, _UNREAD, self._days())

    def _days(self) -> PaidInQuestion:
        return period_of(self._period.value(), business_date(self.desk.now()))

    def _wanted(
        self, rows: Sequence[ContributionRow], which: str, is_paper: bool
    ) -> WantedReceipts:
        ids = tuple(row.contribution_id for row in rows)
        return WantedReceipts(ids, self._days(), which, is_paper)

    def show_rows(self, rows: Sequence[ContributionRow]) -> None:
        super().show_rows(rows)
        if len(rows) == MOST_ROWS:
            self.list.show_behind(_CUT)

    def commands(self) -> Commands:
        found: Commands = {
            "export": self._papers.open_menu,
            "print": lambda: self._with_row(self._acts.receipt),
            "reverse": lambda: self._with_row(self._acts.take_back),
        }
        if self._may_take:
            found["main_action"] = found["new"] = self.take
        return found

    def take(self) -> None:
        """Ask for money of any member."""
        if self._may_take:
            self.take_in.begin()

    def go_to(self, place: str) -> None:
        """`take` opens the dialog, `take-M-0001` for that member; else a filter or a receipt, of whatever day."""
        act, _, number = place.partition("-")
        if act == _TAKE_FOR:
            if self._may_take:
                self.take_in.begin(number)
            return
        if place.startswith("RC-") and self._period.value() != "all":
            self._period.choose("all")
            self.read()
        super().go_to(place)

    def _plan(self) -> ListPlan[ContributionRow]:
        empty = EmptyList("Nothing was paid in during these days.")
        if self._may_take:
            empty = EmptyList(empty.text, "Take money in…", self.take)
        return ListPlan(
            name="paid_in",
            one="receipt",
            many="receipts",
            columns=paid_in_columns(),
            key=lambda row: row.contribution_id,
            empty=empty,
            details=lambda row: paid_in_details(row, self._actions(row)),
            filters=PAID_IN_FILTERS,
        )

    def _actions(self, row: ContributionRow) -> Actions:
        main = PanelAction("receipt", "Receipt…", lambda: self._acts.receipt(row))
        others = [self.to_member(row.member_number)]
        if row.state is PaidState.WAITS:
            others.insert(
                0,
                PanelAction(
                    "open_cheque",
                    "Open cheque",
                    lambda: self.desk.open_page(f"savings/cheques-{row.receipt}"),
                ),
            )
        else:
            others += self._acts.back_action(row)
        return main, tuple(others)
