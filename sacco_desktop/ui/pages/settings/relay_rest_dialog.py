"""Let a relay rest that cannot be reached, so that payments go on through the others."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit, QWidget

from sacco_desktop.services.relays import relay_rests
from sacco_desktop.services.relays.relay_rests import LetRest
from sacco_desktop.services.relays.relays import RelayRow
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.widgets.form_dialog import FormDialog, FormPlan


def open_relay_rest_dialog(desk: Desk, parent: QWidget, row: RelayRow) -> None:
    """Ask for the reason, and say first what sending would not know."""
    plan = FormPlan(
        "relay_rest_dialog",
        f"Let {row.name} rest",
        "Let it rest",
        "Payments then go out without it, and its own news waits. Do not do this if these books were restored from a"
        " copy lately: a payment that only this relay knows could be sent again.",
    )
    dialog = FormDialog(desk, plan, parent)
    reason = QLineEdit()
    reason.setObjectName("reason")
    reason.setMaxLength(200)
    dialog.form.add_row("reason", "Reason", reason, "Why it cannot be used, and who is told.")

    def submit() -> None:
        words = f"{row.name} rests. Payments go out through the other relays."
        given = LetRest(row.relay_id, reason.text())
        dialog.carry_out(relay_rests.let_rest, given, lambda _: desk.toast(words))

    dialog.submitted.connect(submit)
    dialog.open()
    reason.setFocus()
