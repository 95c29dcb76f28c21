"""What is done with a receipt of the Savings page: its paper, what became of its cheque, and taking it back."""

from __future__ import annotations

from sacco_desktop.domain.permissions import Act, may
from sacco_desktop.domain.savings_entries import PaidBy
from sacco_desktop.services.savings.members_cheques import ChequeDone
from sacco_desktop.services.savings.savings_lists import ContributionRow, PaidState
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.pages.savings.cheque_dialogs import CameBackDialog, ClearedDialog
from sacco_desktop.ui.pages.savings.take_back_dialog import open_take_back_dialog
from sacco_desktop.ui.show_receipt import show_receipt
from sacco_desktop.ui.widgets.details import PanelAction
from sacco_desktop.ui.widgets.list_page import ListPage


class ReceiptActs:
    """Opens the dialogs over the list that shows the receipt."""

    def __init__(self, desk: Desk, rows: ListPage) -> None:
        self._desk, self._list = desk, rows
        self.may_clear = may(desk.actor.roles, Act.CLEAR_CHEQUE)
        self._may_take_back = may(desk.actor.roles, Act.REVERSE_ENTRY)

    def receipt(self, row: ContributionRow) -> None:
        """The paper, in the preview."""
        show_receipt(self._desk, self._list, row.receipt)

    def cleared(self, row: ContributionRow) -> None:
        """The bank has cleared the cheque."""
        if self.may_clear and row.state is PaidState.WAITS:
            ClearedDialog(self._desk, self._list, row, self._say_done).open()

    def came_back(self, row: ContributionRow) -> None:
        """The bank has sent the cheque back."""
        if self.may_clear and row.state is PaidState.WAITS:
            CameBackDialog(self._desk, self._list, row, self._say_done).open()

    def take_back(self, row: ContributionRow) -> None:
        """Ask another person to take the receipt back; of a cheque its clearing."""
        is_of_a_list = row.source is PaidBy.CHECK_OFF
        if (
            self._may_take_back
            and row.state is PaidState.COUNTS
            and not (row.back_is_asked or is_of_a_list)
        ):
            open_take_back_dialog(self._desk, self._list, row)

    def back_action(self, row: ContributionRow) -> tuple[PanelAction, ...]:
        """The button for it, for those who may; locked while somebody has asked already, and where the receipt goes
        back with the check-off list that it belongs to.
        """
        if not self._may_take_back or row.state is not PaidState.COUNTS:
            return ()
        if row.source is PaidBy.CHECK_OFF:
            why = f"Locked: it is taken back with its list {row.reference}, under Check-off."
            return (PanelAction("take_back", "Take back…", None, why),)
        act = None if row.back_is_asked else lambda: self.take_back(row)
        return (PanelAction("take_back", "Take back…", act, "Locked: it was asked for already."),)

    def _say_done(self, done: ChequeDone) -> None:
        self._desk.toast(f"Recorded. Receipt {done.receipt}, entry {done.entry_number:,}.")
