"""Let a parked notice rest: it needs nothing more, and the reason stays with it."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from sacco_desktop.services.feed import relay_feed
from sacco_desktop.services.feed.relay_feed import Dismissal, ParkedEntry
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.pages.payouts.columns import kind_words, moment
from sacco_desktop.ui.pages.payouts.reason_edit import reason_edit
from sacco_desktop.ui.widgets.form_dialog import FormDialog, FormPlan


def open_let_rest_dialog(desk: Desk, parent: QWidget, entry: ParkedEntry) -> None:
    """Why this needs nothing more."""
    plan = FormPlan(
        "let_rest_dialog",
        f"Let a notice rest: {kind_words(entry)}, {moment(entry.received_at)}",
        "Let it rest",
        "The notice stays in the books with your reason. Nothing is paid or booked.",
    )
    dialog = FormDialog(desk, plan, parent)
    reason = reason_edit()
    dialog.form.add_row("reason", "Why it needs nothing", reason, entry.reason)

    def submit() -> None:
        dialog.carry_out(
            relay_feed.dismiss,
            Dismissal(entry.entry_id, reason.text()),
            lambda _: desk.toast("The notice rests. It stays in the books with your reason."),
        )

    dialog.submitted.connect(submit)
    dialog.open()
    reason.setFocus()
