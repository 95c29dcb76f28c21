"""A notice says failed and M-Pesa agrees: a treasurer reads both and books it, so that it may be approved anew."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from sacco_desktop.operations.confirm import write_with_password
from sacco_desktop.services.sending.payout_cards import PayoutCard
from sacco_desktop.services.sending.payout_decisions import FailureConfirmed, confirm_failure
from sacco_desktop.ui.act_dialog import ActDialog, Operation
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.pages.payouts.facts import payment_facts
from sacco_desktop.ui.pages.payouts.reason_edit import reason_edit
from sacco_desktop.ui.widgets.form import Form
from sacco_desktop.ui.widgets.money_plan import Check, MoneyPlan


def open_confirm_failed_dialog(desk: Desk, parent: QWidget, card: PayoutCard) -> None:
    """Facts, a reason, the password."""
    row, actor = card.row, desk.actor
    form, reason = Form(desk.messages.show), reason_edit()
    form.add_row("reason", "Why you agree", reason, "What you read, and where.")
    plan = MoneyPlan(
        title=f"Confirm that it failed: {row.member_name}",
        act="Book it as failed",
        amount_cents=row.mpesa_cents,
        facts=payment_facts(card),
        effects=(
            "No money left. Two people must then approve the payout anew before it can be sent.",
        ),
        checks=(
            Check("A notice says that it failed.", True),
            Check("M-Pesa was asked back later and agrees.", True),
        ),
    )
    dialog = ActDialog(desk, plan, parent, name="confirm_failed_dialog", form=form)
    dialog.resize(820, 520)

    def make(password: str) -> Operation:
        given = FailureConfirmed(row.attempt_id or 0, card.attempt_version, reason.text())
        return lambda: write_with_password(desk.office, password, confirm_failure, given, actor)

    words = (
        f"Booked as failed: {row.member_name}. Ask for approval again when the cause is put right."
    )
    dialog.run(make, lambda _: desk.toast(words))
