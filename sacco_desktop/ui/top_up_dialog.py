"""Records money moved between the bank and our M-Pesa accounts; a second person approves it on Approvals."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit, QWidget

from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.money import format_kes
from sacco_desktop.domain.mpesa_accounts import ROUTES, FloatRoute
from sacco_desktop.services.sending import utility_float
from sacco_desktop.services.sending.utility_float import NewTopUp
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.widgets.choice_box import ChoiceBox
from sacco_desktop.ui.widgets.form_dialog import FormDialog, FormPlan
from sacco_desktop.ui.widgets.money_edit import MoneyEdit

_PLAN = FormPlan(
    "top_up_dialog",
    "Record money moved for payouts",
    "Ask for approval",
    "This moves no money: the bank or the M-Pesa portal has done that. The books follow when a second person approves.",
)


def record_top_up_dialog(desk: Desk, parent: QWidget) -> None:
    """Open the dialog. For whoever may record transfers (Act.RECORD_FLOAT); the toast tells what comes next."""
    TopUpDialog(desk, parent).open()


class TopUpDialog(FormDialog):
    """From where to where, the amount, and the number on the slip."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(desk, _PLAN, parent)
        self._route = ChoiceBox("route", [(route, ROUTES[route].words) for route in FloatRoute])
        self.form.add_row("route", "From where to where", self._route)
        self._amount = MoneyEdit("amount")
        self._reference = QLineEdit()
        self._reference.setObjectName("reference")
        self._reference.setMaxLength(60)
        self.form.add_row("amount", "Amount KES", self._amount, "As it arrived in the account.")
        note = "The number on the bank slip or of the transfer in the M-Pesa portal."
        self.form.add_row("reference", "Number", self._reference, note)
        self.submitted.connect(self._ask)

    def _ask(self) -> None:
        new = self.form.read(self._read)
        if new is not None:
            words = f"{format_kes(new.amount_cents)} waits for approval by a second person."
            self.carry_out(
                utility_float.ask_top_up, new, lambda _request_id: self.desk.toast(words)
            )

    def _read(self) -> NewTopUp:
        cents = self._amount.cents()
        if cents is None:
            raise InvalidInput("Write the amount that was moved.", "amount")
        return NewTopUp(cents, self._reference.text(), self._route.value())
