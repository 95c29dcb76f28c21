"""M-Pesa does not know a payment and the statement does not show it: a second person is asked to agree."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from sacco_desktop.services.sending.payout_cards import PayoutCard
from sacco_desktop.services.sending.payout_decisions import NotOnStatement, ask_not_paid
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.pages.payouts.reason_edit import reason_edit
from sacco_desktop.ui.widgets.form_dialog import FormDialog, FormPlan


def open_not_on_statement_dialog(desk: Desk, parent: QWidget, card: PayoutCard) -> None:
    """Which statement was looked at; then the request goes to Approvals."""
    row = card.row
    plan = FormPlan(
        "not_on_statement_dialog",
        f"{row.member_name}: not on M-Pesa's statement",
        "Ask a second person to agree",
        "Nothing is booked yet. A second person looks at the statement too and decides on the Approvals page.",
    )
    dialog = FormDialog(desk, plan, parent)
    reason = reason_edit()
    dialog.form.add_row(
        "reason",
        "Statement",
        reason,
        "Which statement you looked at, and up to which day and time.",
    )

    def submit() -> None:
        given = NotOnStatement(row.attempt_id or 0, card.attempt_version, reason.text())
        dialog.carry_out(
            ask_not_paid, given, lambda _: desk.toast("Sent for approval. Nothing has changed yet.")
        )

    dialog.submitted.connect(submit)
    dialog.open()
    reason.setFocus()
