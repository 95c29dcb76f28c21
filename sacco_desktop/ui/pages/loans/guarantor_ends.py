"""The dialogs that let guarantors go, and that give back to them what the borrower brings for them later."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import uuid4

from PySide6.QtWidgets import QLineEdit, QWidget

from sacco_desktop.domain.dates import business_date
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.loan_entries import Source
from sacco_desktop.domain.money import AMOUNT_SENTENCE, format_kes
from sacco_desktop.services.guarantors import guarantees
from sacco_desktop.services.guarantors.guarantees import LettingGo
from sacco_desktop.services.guarantors.guarantor_pledges import Pledge
from sacco_desktop.services.lending import guarantor_recoveries
from sacco_desktop.services.lending.guarantor_recoveries import NewReimbursement, Reimbursed
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.show_receipt import show_receipt
from sacco_desktop.ui.widgets.amount_lines import AmountLines, NamedAmount
from sacco_desktop.ui.widgets.choice_box import ChoiceBox
from sacco_desktop.ui.widgets.date_edit import DateEdit
from sacco_desktop.ui.widgets.form_dialog import FormDialog, FormPlan
from sacco_desktop.ui.widgets.money_edit import MoneyEdit
from sacco_desktop.ui.widgets.note_edit import NoteEdit

_SOURCES = ((Source.CASH, "Cash"), (Source.BANK, "Bank slip"))


def open_let_go(desk: Desk, parent: QWidget, pledges: Sequence[Pledge]) -> None:
    """End a promise that the rules let end, with the reason."""
    plan = FormPlan(
        "let_go_dialog",
        f"Let a guarantor go: {pledges[0].borrower_name}, {pledges[0].loan_number}",
        "Let go",
        "Who has agreed stays bound from the appraisal until the loan is repaid, or another stands in.",
    )
    dialog = FormDialog(desk, plan, parent)
    who = ChoiceBox("guarantor", [(one.guarantee_id, promise_words(one)) for one in pledges])
    reason = NoteEdit("reason", lines=2)
    dialog.form.add_row("guarantor", "Guarantor", who)
    dialog.form.add_row("reason", "Reason", reason)

    def submit() -> None:
        dialog.form.clear_errors()
        wish = LettingGo(who.value(), reason.toPlainText())
        dialog.carry_out(
            guarantees.let_go,
            wish,
            lambda gone: desk.toast(f"Done. {gone.guarantor_name} is free of this loan."),
        )

    dialog.submitted.connect(submit)
    dialog.open()
    who.setFocus()


def open_give_back(desk: Desk, parent: QWidget, pledges: Sequence[Pledge]) -> None:
    """Take what the borrower brings for the guarantors who paid; it goes back to their deposits."""
    dialog = FormDialog(desk, _give_back_plan(pledges[0]), parent)
    key = uuid4().hex
    ledger = AmountLines(desk.theme, "owed_to_guarantors")
    ledger.show_lines(_owed_lines(pledges))
    amount, source = MoneyEdit("amount"), ChoiceBox("source", _SOURCES)
    slip = QLineEdit()
    slip.setObjectName("reference")
    day = DateEdit("value_date", lambda: business_date(desk.now()))
    day.set_day(business_date(desk.now()))
    dialog.form.add_wide(ledger)
    dialog.form.add_row("amount", "Amount received KES", amount)
    dialog.form.add_row("source", "Received by", source)
    dialog.form.add_row("reference", "Number of the slip", slip)
    dialog.form.add_row("value_date", "Date", day, "t is today, + and - step a day.")

    def show_slip() -> None:
        dialog.form.show_row("reference", source.value() is Source.BANK)

    def collect() -> NewReimbursement:
        cents, on = amount.cents(), day.day()
        if cents is None:
            raise InvalidInput(AMOUNT_SENTENCE, "amount")
        if on is None:
            raise InvalidInput("Write the day, for example t.", "value_date")
        number = slip.text() if source.value() is Source.BANK else ""
        return NewReimbursement(key, pledges[0].loan_id, cents, source.value(), number, on)

    def say(given: Reimbursed) -> None:
        left = format_kes(given.left_cents)
        desk.toast(
            f"Recorded. {format_kes(given.amount_cents)}, receipt {given.receipt}. Still owed: {left}."
        )
        show_receipt(desk, parent, given.receipt)

    def submit() -> None:
        new = dialog.form.read(collect)
        if new is not None:
            dialog.carry_out(guarantor_recoveries.take, new, say)

    show_slip()
    source.currentIndexChanged.connect(lambda _place: show_slip())
    dialog.submitted.connect(submit)
    dialog.open()
    amount.setFocus()


def _give_back_plan(one: Pledge) -> FormPlan:
    return FormPlan(
        "give_back_dialog",
        f"Take for the guarantors: {one.borrower_name}, {one.loan_number}",
        "Record and give back",
        "It goes to the deposits of the guarantors, in proportion to what was taken from each.",
    )


def _owed_lines(pledges: Sequence[Pledge]) -> tuple[NamedAmount, ...]:
    """What was taken from each, what was given back, and what the borrower owes them all."""
    lines = []
    for one in pledges:
        lines.append(
            NamedAmount(f"{one.guarantor_name}, {one.guarantor_number}: taken", one.taken_cents)
        )
        if one.repaid_cents:
            lines.append(NamedAmount("given back", -one.repaid_cents))
    whole = sum(one.owed_to_cents for one in pledges)
    return (*lines, NamedAmount("Owed to the guarantors, KES", whole, is_total=True))


def promise_words(one: Pledge) -> str:
    """Who promised how much, as a choice in a form."""
    return f"{one.guarantor_name}, {one.guarantor_number}: {format_kes(one.pledge_cents)}"
