"""What a person decides about messages: send one again, let one be, stop all of them, let them go on. Each asks why."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit, QWidget

from sacco_desktop.services.messages import message_decisions, message_stops
from sacco_desktop.services.messages.message_decisions import MessageDecision
from sacco_desktop.services.messages.message_list import MessageRow
from sacco_desktop.services.messages.message_stops import GoOn, StandingStop
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.widgets.form_dialog import FormDialog, FormPlan

_LONGEST = 300


def open_send_again(desk: Desk, parent: QWidget, row: MessageRow) -> None:
    """Send a message once more that may have gone out, or did not reach the phone."""
    plan = FormPlan(
        "send_again_dialog",
        f"Send again to {row.member_name}",
        "Send again",
        "If the first one arrived after all, the member reads it twice.",
    )
    dialog, reason = _asking(desk, parent, plan, "What you know of the first one.")

    def submit() -> None:
        decision = MessageDecision(row.message_id, row.version, reason.text())
        words = f"The message to {row.member_name} goes out again."
        dialog.carry_out(message_decisions.send_again, decision, lambda _: desk.toast(words))

    dialog.submitted.connect(submit)
    dialog.open()


def open_leave(desk: Desk, parent: QWidget, row: MessageRow) -> None:
    """Let a message be; it is not sent any more."""
    plan = FormPlan(
        "leave_message_dialog",
        f"Let the message to {row.member_name} be",
        "Let it be",
        "It is not sent any more, and stays in the list.",
    )
    dialog, reason = _asking(desk, parent, plan, "Why nobody needs it.")

    def submit() -> None:
        decision = MessageDecision(row.message_id, row.version, reason.text())
        words = f"The message to {row.member_name} is not sent any more."
        dialog.carry_out(message_decisions.leave, decision, lambda _: desk.toast(words))

    dialog.submitted.connect(submit)
    dialog.open()


def open_stop(desk: Desk, parent: QWidget) -> None:
    """Stop all messages."""
    plan = FormPlan(
        "stop_messages_dialog",
        "Stop all messages",
        "Stop messages",
        "Nothing is lost: what is written meanwhile waits until somebody lets messages go on.",
    )
    dialog, reason = _asking(desk, parent, plan, "Everybody who looks at messages reads it.")

    def submit() -> None:
        words = "Messages stand still. Nothing goes out."
        dialog.carry_out(message_stops.stop_all, reason.text(), lambda _: desk.toast(words))

    dialog.submitted.connect(submit)
    dialog.open()


def open_go_on(desk: Desk, parent: QWidget, stop: StandingStop) -> None:
    """Let go on what stands still."""
    plan = FormPlan("messages_go_on_dialog", "Let messages go on", "Let them go on", stop.words)
    dialog = FormDialog(desk, plan, parent)
    words = _line("words")
    dialog.form.add_row("words", "What was put right", words)

    def submit() -> None:
        given = GoOn(stop.gateway, words.text())
        said = "Messages go on with the next minute of the clock."
        dialog.carry_out(message_stops.go_on, given, lambda _: desk.toast(said))

    dialog.submitted.connect(submit)
    dialog.open()


def _asking(desk: Desk, parent: QWidget, plan: FormPlan, note: str) -> tuple[FormDialog, QLineEdit]:
    dialog = FormDialog(desk, plan, parent)
    reason = _line("reason")
    dialog.form.add_row("reason", "Reason", reason, note)
    return dialog, reason


def _line(name: str) -> QLineEdit:
    line = QLineEdit()
    line.setObjectName(name)
    line.setMaxLength(_LONGEST)
    return line
