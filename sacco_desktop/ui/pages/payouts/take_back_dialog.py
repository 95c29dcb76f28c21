"""Take a payout back before anything has left; its loan is approved again and may be asked for anew."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from sacco_desktop.services.payouts import payouts
from sacco_desktop.services.payouts.payouts import PayoutChange
from sacco_desktop.services.sending.payout_cards import PayoutCard
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.pages.payouts.reason_edit import reason_edit
from sacco_desktop.ui.widgets.form_dialog import FormDialog, FormPlan


def open_take_back_dialog(desk: Desk, parent: QWidget, card: PayoutCard) -> None:
    """Ask for the reason, which stays with the payout."""
    row = card.row
    plan = FormPlan(
        "take_back_dialog",
        f"Take back {row.number}: {row.member_name}",
        "Take it back",
        "Nothing has left. The approval of this payout ends; the loan itself stays approved.",
    )
    dialog = FormDialog(desk, plan, parent)
    reason = reason_edit()
    dialog.form.add_row("reason", "Reason", reason)

    def submit() -> None:
        change = PayoutChange(row.payout_id, row.version, reason.text())
        words = f"{row.number} is taken back. Nothing was sent."
        dialog.carry_out(payouts.take_back, change, lambda _row: desk.toast(words))

    dialog.submitted.connect(submit)
    dialog.open()
    reason.setFocus()
