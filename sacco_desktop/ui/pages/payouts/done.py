"""The Done tab: what was paid or taken back, with receipt, entry and voucher."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from sacco_desktop.domain.payout_ways import Way
from sacco_desktop.domain.payouts import PayoutStatus
from sacco_desktop.domain.permissions import Act, may
from sacco_desktop.services.payouts.payouts import PayoutRow
from sacco_desktop.services.sending.payout_cards import Chip, chip_of
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.pages.payouts.actions import PayoutActions
from sacco_desktop.ui.pages.payouts.columns import CHIPS, DONE, DONE_FILTERS, for_words, row_facts
from sacco_desktop.ui.pages.payouts.print_batch import print_batch
from sacco_desktop.ui.pages.payouts.reading import PayoutsView, Tab
from sacco_desktop.ui.pages.payouts.returned_dialog import open_returned
from sacco_desktop.ui.theme.tokens import ChipColour
from sacco_desktop.ui.widgets.details import Details, Note, PanelAction
from sacco_desktop.ui.widgets.details_dialog import DetailsDialog
from sacco_desktop.ui.widgets.focus_lead import lead_focus
from sacco_desktop.ui.widgets.list_page import ListPage
from sacco_desktop.ui.widgets.list_plan import EmptyList, ListPlan

_CHECKING = Note(
    "It is in the books. M-Pesa's statement or a second answer must still agree before we call it proven.",
    ChipColour.BLUE,
    "A notice says paid",
)


class DoneTab(QWidget):
    """A list with one action, the voucher."""

    def __init__(self, desk: Desk, actions: PayoutActions) -> None:
        super().__init__()
        self.setObjectName("done_tab")
        self._desk, self._actions = desk, actions
        self._may_settle = may(desk.actor.roles, Act.SETTLE_PAYOUT)
        plan: ListPlan[PayoutRow] = ListPlan(
            name="done",
            one="payout",
            many="payouts",
            columns=DONE,
            key=lambda row: row.payout_id,
            empty=EmptyList("Nothing was paid yet. Payments that M-Pesa has paid stand here."),
            details=self._details,
            filters=DONE_FILTERS,
        )
        self.list = ListPage(desk.theme, plan)
        self.list.opened.connect(self._open)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.list)
        lead_focus(self, self.list)

    def show_view(self, view: PayoutsView) -> None:
        """The newest first."""
        self.list.set_rows(view.done)
        self.list.older.say(len(view.done), view.counts[Tab.DONE])

    def voucher(self) -> None:
        """Ctrl+P: the voucher of the payout under the cursor."""
        row: PayoutRow | None = self.list.table.current_row()
        if row is not None and row.status is PayoutStatus.PAID:
            self._actions.voucher(row)

    def _open(self, row: PayoutRow) -> None:
        """Enter: the same as the panel says, for windows too narrow for it."""
        DetailsDialog(self._desk.theme, "payout_details", self._details(row), self, None).open()

    def _details(self, row: PayoutRow) -> Details:
        state = chip_of(row)
        is_paid = row.status is PayoutStatus.PAID
        return Details(
            title=row.member_name,
            subtitle=f"{row.number} · {for_words(row)}",
            amount_cents=row.paid_cents,
            chip=CHIPS[state],
            note=_CHECKING if state is Chip.PAID_CHECKING else None,
            action=PanelAction("voucher_open", "Voucher…  Ctrl+P", self.voucher)
            if is_paid
            else None,
            facts=row_facts(row),
            other_actions=(
                PanelAction(
                    "payment_file", "Payment file…", lambda: self._actions.payment_file(row)
                ),
                *self._late_actions(row),
                *self._batch_actions(row),
            ),
        )

    def _late_actions(self, row: PayoutRow) -> tuple[PanelAction, ...]:
        """What came back after it was paid, and what was paid after it was let go: two people decide about both."""
        if not self._may_settle:
            return ()
        if row.status is PayoutStatus.PAID and row.way is not Way.MPESA:
            back = "It came back…"
            return (PanelAction("returned", back, lambda: open_returned(self._desk, self, row)),)
        if row.status is PayoutStatus.CANCELLED and row.attempt_id is not None:
            late = "It was paid after all…"
            return (PanelAction("paid_after_all", late, lambda: self._actions.paid_after_all(row)),)
        return ()

    def _batch_actions(self, row: PayoutRow) -> tuple[PanelAction, ...]:
        if not row.batch_number:
            return ()
        words = f"Print batch {row.batch_number}…"
        return (
            PanelAction(
                "batch_print", words, lambda: print_batch(self._desk, row.batch_number, self)
            ),
        )
