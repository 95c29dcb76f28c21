"""Let sending go on after a stop, with words on what was put right."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from sacco_desktop.services.sending import queue_stops
from sacco_desktop.services.sending.queue_stops import Clearing, Stop
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.pages.payouts.reason_edit import reason_edit
from sacco_desktop.ui.widgets.form_dialog import FormDialog, FormPlan


def open_clear_stop_dialog(desk: Desk, parent: QWidget, stop: Stop) -> None:
    """The cause once more, and what was done about it."""
    plan = FormPlan(
        "clear_stop_dialog",
        "Let sending go on",
        "Let sending go on",
        "Nothing is sent by this. Payments go out only when somebody presses Pay.",
    )
    dialog = FormDialog(desk, plan, parent)
    words = reason_edit("words")
    dialog.form.add_row("words", "What was put right", words, f"It stopped because: {stop.reason}")

    def submit() -> None:
        dialog.carry_out(
            queue_stops.clear,
            Clearing(stop.stop_id, words.text()),
            lambda _: desk.toast("Sending may go on. Nothing was sent by this."),
        )

    dialog.submitted.connect(submit)
    dialog.open()
    words.setFocus()
