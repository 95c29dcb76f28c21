"""The tab Expected: what each member should have paid in by today, and what is overdue."""

from __future__ import annotations

from sacco_desktop.services import obligations
from sacco_desktop.services.obligations import ObligationQuestion, ObligationRow
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.pages.savings.columns import (
    EXPECTED_FILTERS,
    Actions,
    expected_columns,
    expected_details,
)
from sacco_desktop.ui.pages.savings.tab import SavingsTab
from sacco_desktop.ui.widgets.details import PanelAction
from sacco_desktop.ui.widgets.list_plan import EmptyList, ListPlan

_UNREAD = "What is expected could not be read. Nothing is lost; the other pages work."
_NOTHING = "No product expects weekly or monthly payments. Its terms say so when two people agree."


class ExpectedTab(SavingsTab[ObligationRow]):
    """One line for each member and product that expects something."""

    title = "Expected"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, self._plan())

    def read(self) -> None:
        """Read as of today."""
        self.read_by(obligations.list_obligations, ObligationQuestion(), _UNREAD)

    def _plan(self) -> ListPlan[ObligationRow]:
        return ListPlan(
            name="expected",
            one="obligation",
            many="obligations",
            columns=expected_columns(),
            key=lambda row: row.key,
            empty=EmptyList(_NOTHING),
            details=lambda row: expected_details(row, self._actions(row)),
            filters=EXPECTED_FILTERS,
        )

    def _actions(self, row: ObligationRow) -> Actions:
        opens = PanelAction(
            "open_member", "Open member", lambda: self.desk.open_page(f"member/{row.number}")
        )
        return None, (opens,)
