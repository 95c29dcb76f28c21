"""The tab Cheques: what members brought and the bank has not cleared, and what became of the others."""

from __future__ import annotations

from collections.abc import Sequence

from sacco_desktop.domain.dates import business_date
from sacco_desktop.services.reports.savings_more_papers import WantedRows, cheques_report
from sacco_desktop.services.savings import savings_lists
from sacco_desktop.services.savings.savings_lists import ContributionRow, PaidState
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.list_papers import ListPapers, PaperPlan
from sacco_desktop.ui.pages.savings.receipt_acts import ReceiptActs
from sacco_desktop.ui.pages.savings.receipt_columns import (
    CHEQUE_FILTERS,
    cheque_columns,
    paid_in_details,
)
from sacco_desktop.ui.tabbed_page import Actions, Commands, PageTab
from sacco_desktop.ui.widgets.details import PanelAction
from sacco_desktop.ui.widgets.list_plan import EmptyList, ListPlan

_UNREAD = "The cheques could not be read. Nothing is lost; the other pages work."


def _wanted(rows: Sequence[ContributionRow], which: str, is_paper: bool) -> WantedRows:
    return WantedRows(tuple(row.contribution_id for row in rows), which, is_paper)


_PAPERS = PaperPlan("cheques", "Cheques", "cheques", cheques_report, _wanted)


class ChequesTab(PageTab[ContributionRow]):
    """Those that wait stand first, the oldest of them at the top."""

    title = "Cheques"
    key = "cheques"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, self._plan(desk))
        self._acts = ReceiptActs(desk, self.list)
        self._papers = ListPapers(desk, self.list, _PAPERS)

    def read(self) -> None:
        """Read the cheques again."""
        self.read_by(savings_lists.list_cheques, _UNREAD)

    def commands(self) -> Commands:
        return {
            "export": self._papers.open_menu,
            "main_action": lambda: self._with_row(self._acts.cleared),
            "print": lambda: self._with_row(self._acts.receipt),
            "reverse": lambda: self._with_row(self._acts.take_back),
        }

    def _plan(self, desk: Desk) -> ListPlan[ContributionRow]:
        return ListPlan(
            name="cheques",
            one="cheque",
            many="cheques",
            columns=cheque_columns(lambda: business_date(desk.now())),
            key=lambda row: row.contribution_id,
            empty=EmptyList("No member has brought a cheque yet."),
            details=lambda row: paid_in_details(row, self._actions(row)),
            filters=CHEQUE_FILTERS,
        )

    def _actions(self, row: ContributionRow) -> Actions:
        others = [
            PanelAction("receipt", "Receipt…", lambda: self._acts.receipt(row)),
            self.to_member(row.member_number),
        ]
        main = None
        if row.state is PaidState.WAITS and self._acts.may_clear:
            main = PanelAction("cheque_cleared", "Cleared…", lambda: self._acts.cleared(row))
            back = PanelAction("cheque_back", "Came back…", lambda: self._acts.came_back(row))
            others.insert(0, back)
        others += self._acts.back_action(row)
        return main, tuple(others)
