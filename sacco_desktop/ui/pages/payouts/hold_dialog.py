"""Put an approved payout on hold, or let it go on; either asks why."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from sacco_desktop.services.payouts import payout_holds
from sacco_desktop.services.payouts.payouts import PayoutChange, PayoutRow
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.pages.payouts.reason_edit import reason_edit
from sacco_desktop.ui.widgets.form_dialog import FormDialog, FormPlan


def open_hold_dialog(desk: Desk, parent: QWidget, row: PayoutRow) -> None:
    """Stop it. Anybody who has to do with payouts may."""
    plan = FormPlan(
        "hold_dialog",
        f"Put on hold {row.number}: {row.member_name}",
        "Put on hold",
        "It stays approved and cannot leave until a treasurer releases it. A batch goes on without it.",
    )
    dialog = FormDialog(desk, plan, parent)
    reason = reason_edit()
    dialog.form.add_row("reason", "Reason", reason, "Everybody who sees the payout reads it.")

    def submit() -> None:
        change = PayoutChange(row.payout_id, row.version, reason.text())
        words = f"{row.number} is on hold. Nothing of it leaves."
        dialog.carry_out(payout_holds.hold, change, lambda _row: desk.toast(words))

    dialog.submitted.connect(submit)
    dialog.open()
    reason.setFocus()


def open_release_dialog(desk: Desk, parent: QWidget, row: PayoutRow) -> None:
    """Let it go on. Nothing leaves by that alone."""
    held = row.held.words if row.held is not None else ""
    plan = FormPlan(
        "release_dialog",
        f"Release {row.number}: {row.member_name}",
        "Release",
        f"{held} Released, it is ready again and leaves when somebody pays it.".strip(),
    )
    dialog = FormDialog(desk, plan, parent)
    reason = reason_edit()
    dialog.form.add_row("reason", "Reason", reason, "Why it may go on now.")

    def submit() -> None:
        change = PayoutChange(row.payout_id, row.version, reason.text())
        words = f"{row.number} is released and ready again."
        dialog.carry_out(payout_holds.release, change, lambda _row: desk.toast(words))

    dialog.submitted.connect(submit)
    dialog.open()
    reason.setFocus()
