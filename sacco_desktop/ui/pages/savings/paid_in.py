"""The tab Paid in: every receipt, and taking money in."""

from __future__ import annotations

from sacco_desktop.domain.permissions import Act, may
from sacco_desktop.services import contributions, savings_lists, savings_products
from sacco_desktop.services.contributions import TakenContribution
from sacco_desktop.services.members_cheques import ChequeDone
from sacco_desktop.services.savings_lists import WAITS, ContributionRow
from sacco_desktop.services.savings_products import Product
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.pages.savings.cheque_dialog import ChequeDialog
from sacco_desktop.ui.pages.savings.columns import (
    PAID_IN_FILTERS,
    Actions,
    paid_in_columns,
    paid_in_details,
)
from sacco_desktop.ui.pages.savings.tab import SavingsTab
from sacco_desktop.ui.pages.savings.take_dialog import TakeContributionDialog
from sacco_desktop.ui.show_receipt import show_receipt
from sacco_desktop.ui.widgets.details import PanelAction
from sacco_desktop.ui.widgets.labels import ButtonKind
from sacco_desktop.ui.widgets.list_plan import EmptyList, ListPlan
from sacco_desktop.ui.widgets.member_picker import FoundMember

_UNREAD = "What was paid in could not be read. Nothing is lost; the other pages work."


class PaidInTab(SavingsTab[ContributionRow]):
    """Receipts, the newest first."""

    title = "Paid in"

    def __init__(self, desk: Desk) -> None:
        self._may_take = may(desk.actor.roles, Act.TAKE_DEPOSIT)
        self._may_clear = may(desk.actor.roles, Act.CLEAR_CHEQUE)
        super().__init__(desk, self._plan())
        if self._may_take:
            self.list.add_action(
                "take_contribution", "Take money in…", self.take, kind=ButtonKind.PRIMARY
            )

    def read(self) -> None:
        """Read the receipts again."""
        self.read_by(savings_lists.list_contributions, None, _UNREAD)

    def act(self) -> None:
        """Ctrl+Enter."""
        if self._may_take:
            self.take()

    def take(self, member: FoundMember | None = None) -> None:
        """Read what can be paid into, then ask for the money."""

        def show(products: tuple[Product, ...]) -> None:
            TakeContributionDialog(self.desk, self.list, products, self._say_taken, member).open()

        self.desk.background.read(savings_products.list_products, None, owner=self.list, done=show)

    def print(self) -> None:
        """Ctrl+P: the receipt under the cursor."""
        row = self.list.table.current_row()
        if row is not None:
            show_receipt(self.desk, self.list, row.receipt)

    def _plan(self) -> ListPlan[ContributionRow]:
        empty = EmptyList("Nothing was paid in yet.")
        if self._may_take:
            empty = EmptyList("Nothing was paid in yet.", "Take money in…", self.take)
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
        main = None
        if row.state == WAITS and self._may_clear:
            main = PanelAction("cheque", "Cheque cleared or back…", lambda: self._cheque(row))
        others = (
            PanelAction("receipt", "Receipt…", self.print),
            PanelAction(
                "open_member",
                "Open member",
                lambda: self.desk.open_page(f"member/{row.member_number}"),
            ),
        )
        return main, others

    def _cheque(self, row: ContributionRow) -> None:
        ChequeDialog(self.desk, self.list, row, self._say_done).open()

    def _say_done(self, done: ChequeDone) -> None:
        self.desk.toast(f"Recorded. Receipt {done.receipt}, entry {done.entry_number}.")

    def _say_taken(self, taken: TakenContribution, full_name: str, shows_receipt: bool) -> None:
        self.desk.toast(contributions.taken_words(taken, full_name))
        if shows_receipt:
            show_receipt(self.desk, self.list, taken.receipt)
