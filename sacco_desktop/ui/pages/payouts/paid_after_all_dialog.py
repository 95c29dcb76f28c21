"""Somebody says that a payment which is booked as failed was paid: a second person is asked to agree."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit, QWidget

from sacco_desktop.domain.dates import business_date
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.money import format_kes
from sacco_desktop.domain.phones import display_phone
from sacco_desktop.services.payouts import late_payments
from sacco_desktop.services.payouts.late_payments import FailureDoubted, LateFacts, SecondPayment
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.pages.payouts.columns import moment
from sacco_desktop.ui.pages.payouts.reason_edit import reason_edit
from sacco_desktop.ui.pages.payouts.statement_dialog import moment_of
from sacco_desktop.ui.widgets.date_edit import DateEdit
from sacco_desktop.ui.widgets.form_dialog import FormDialog, FormPlan

_ASKED = "Sent for approval. Nothing has changed yet."


def open_paid_after_all(desk: Desk, parent: QWidget, attempt_id: int) -> None:
    """Look first what became of the payout since; the dialog asks for what that needs."""

    def show(facts: LateFacts) -> None:
        if facts.sent_anew:
            _open_paid_twice(desk, parent, facts)
        else:
            _open_take_back(desk, parent, facts)

    desk.background.read(late_payments.look, attempt_id, owner=parent, done=show)


def _said(facts: LateFacts) -> str:
    return (
        f"{format_kes(facts.amount_cents)} to {display_phone(facts.phone)}, first sent {moment(facts.first_sent_at)}"
        f" under {facts.originator_conversation_id}."
    )


def _open_take_back(desk: Desk, parent: QWidget, facts: LateFacts) -> None:
    held = "It was let go as never sent" if facts.was_never_sent else "It is booked as failed"
    plan = FormPlan(
        "paid_after_all_dialog",
        f"{facts.member_name}: {facts.payout_number} was paid after all",
        "Ask a second person to agree",
        f"{_said(facts)} {held}, and nothing was sent in its place. When a second person agrees it"
        " becomes a doubt again: nothing can be sent, M-Pesa is asked, and its notices count anew.",
    )
    dialog = FormDialog(desk, plan, parent)
    reason = reason_edit()
    dialog.form.add_row(
        "reason", "What shows it", reason, "Which notice or statement, of which day."
    )

    def submit() -> None:
        given = FailureDoubted(facts.attempt_id, facts.version, reason.text())
        dialog.carry_out(late_payments.ask_take_back_failure, given, lambda _: desk.toast(_ASKED))

    dialog.submitted.connect(submit)
    dialog.open()
    reason.setFocus()


def _open_paid_twice(desk: Desk, parent: QWidget, facts: LateFacts) -> None:
    plan = FormPlan(
        "paid_twice_dialog",
        f"{facts.member_name}: {facts.payout_number} was paid twice",
        "Ask a second person to agree",
        f"{_said(facts)} It was sent anew meanwhile, so the member may have the money twice. M-Pesa cannot call a"
        " payment back: when a second person agrees, this payment is booked as owed by the member.",
    )
    dialog = FormDialog(desk, plan, parent)
    receipt, day, clock = (
        QLineEdit(),
        DateEdit("paid_at", lambda: business_date(desk.now())),
        QLineEdit(),
    )
    receipt.setObjectName("receipt")
    receipt.setPlaceholderText("TGH4X1K2LM")
    clock.setObjectName("time")
    clock.setPlaceholderText("14:05")
    reason = reason_edit()
    dialog.form.add_row("receipt", "Receipt of this payment", receipt)
    dialog.form.add_row("paid_at", "Day", day)
    dialog.form.add_row("time", "Time", clock)
    dialog.form.add_row(
        "reason", "What shows it", reason, "Which notice or statement, of which day."
    )

    def read() -> SecondPayment:
        on = day.day()
        if on is None:
            raise InvalidInput("Write the day of this payment.", "paid_at")
        at = moment_of(on, clock.text())
        return SecondPayment(facts.attempt_id, facts.version, receipt.text(), at, reason.text())

    def submit() -> None:
        given = dialog.form.read(read)
        if given is not None:
            dialog.carry_out(late_payments.ask_paid_twice, given, lambda _: desk.toast(_ASKED))

    dialog.submitted.connect(submit)
    dialog.open()
    receipt.setFocus()
