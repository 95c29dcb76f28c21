"""Writes a loan off by a resolution, and takes what comes in on it later."""

from __future__ import annotations

from uuid import uuid4

from PySide6.QtWidgets import QLineEdit, QWidget

from sacco_desktop.domain.dates import business_date, format_date
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.loan_entries import Source
from sacco_desktop.domain.money import AMOUNT_SENTENCE, format_kes
from sacco_desktop.services.lending import recoveries, write_offs
from sacco_desktop.services.lending.recoveries import NewRecovery, RecoveryFacts
from sacco_desktop.services.lending.repayments import TakenRepayment
from sacco_desktop.services.lending.write_offs import WriteOffFacts, WriteOffWish
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.pages.loans.loan_words import people_words
from sacco_desktop.ui.show_receipt import show_receipt
from sacco_desktop.ui.widgets.amount_lines import AmountLines, NamedAmount
from sacco_desktop.ui.widgets.choice_box import ChoiceBox
from sacco_desktop.ui.widgets.date_edit import DateEdit
from sacco_desktop.ui.widgets.form_dialog import FormDialog, FormPlan
from sacco_desktop.ui.widgets.money_edit import MoneyEdit

_SOURCES = ((Source.CASH, "Cash"), (Source.BANK, "Bank slip"))


def open_write_off(desk: Desk, parent: QWidget, loan_id: int) -> None:
    """What leaves the books and what pays for it, then the resolution."""
    desk.background.read(
        write_offs.look,
        loan_id,
        owner=parent,
        done=lambda facts: _write_off(desk, parent, facts),
    )


def _write_off(desk: Desk, parent: QWidget, facts: WriteOffFacts) -> None:
    who = people_words(facts.approvers, desk.actor.full_name) or "Nobody yet"
    plan = FormPlan(
        "write_off_dialog",
        f"Write off: {facts.member_name}, {facts.number}",
        "Ask for the decision",
        f"Nothing changes until {who} agrees. The member still owes all of it, and guarantors stay bound.",
    )
    dialog = FormDialog(desk, plan, parent)
    lines = AmountLines(desk.theme, "write_off_lines")
    lines.show_lines(_loss_lines(facts))
    resolution = QLineEdit()
    resolution.setObjectName("resolution")
    dialog.form.add_wide(lines)
    dialog.form.add_row(
        "resolution",
        "Resolution",
        resolution,
        "Number and day, for example Board 7/2026, 16 Mar 2026.",
    )

    def submit() -> None:
        dialog.form.clear_errors()
        wish = WriteOffWish(facts.loan_id, facts.version, resolution.text())
        dialog.carry_out(write_offs.ask, wish, desk.toast)

    dialog.submitted.connect(submit)
    dialog.open()
    resolution.setFocus()


def _loss_lines(facts: WriteOffFacts) -> list[NamedAmount]:
    lines = [NamedAmount("Principal that leaves the books, KES", facts.principal_cents)]
    if facts.prepaid_cents:
        lines.append(NamedAmount("after what is kept for later instalments", -facts.prepaid_cents))
    lines += [
        NamedAmount("Borne by the allowance", facts.covered_cents),
        NamedAmount("An expense of today", facts.expense_cents),
        NamedAmount(
            "Interest, fees and penalties owed besides",
            facts.interest_cents + facts.fee_cents + facts.penalty_cents,
        ),
        NamedAmount("The member still owes", facts.owed_cents, is_total=True),
    ]
    return lines


def open_recovery(desk: Desk, parent: QWidget, loan_id: int) -> None:
    """Take money on a loan that was written off."""
    desk.background.read(
        recoveries.look,
        loan_id,
        owner=parent,
        done=lambda facts: _recovery(desk, parent, facts),
    )


def _recovery(desk: Desk, parent: QWidget, facts: RecoveryFacts) -> None:
    plan = FormPlan(
        "recovery_dialog",
        f"Take a recovery: {facts.number}",
        "Record recovery",
        f"Written off on {format_date(facts.written_off_on)}, {facts.resolution}. What comes in is income.",
    )
    dialog = FormDialog(desk, plan, parent)
    key = uuid4().hex
    amount, source = MoneyEdit("amount"), ChoiceBox("source", _SOURCES)
    slip = QLineEdit()
    slip.setObjectName("reference")
    day = DateEdit("value_date", lambda: business_date(desk.now()))
    day.set_day(business_date(desk.now()))
    dialog.form.add_wide(_owed_lines(desk, facts))
    dialog.form.add_row("amount", "Amount received KES", amount)
    dialog.form.add_row("source", "Received by", source)
    dialog.form.add_row("reference", "Number of the slip", slip)
    dialog.form.add_row("value_date", "Date", day, "t is today, + and - step a day.")

    def collect() -> NewRecovery:
        cents, on = amount.cents(), day.day()
        if cents is None:
            raise InvalidInput(AMOUNT_SENTENCE, "amount")
        if on is None:
            raise InvalidInput("Write the day, for example t.", "value_date")
        number = slip.text() if source.value() is Source.BANK else ""
        return NewRecovery(key, facts.loan_id, cents, source.value(), number, on)

    def say(taken: TakenRepayment) -> None:
        left = format_kes(taken.outstanding_cents)
        desk.toast(
            f"Recorded. {format_kes(taken.amount_cents)}, receipt {taken.receipt}. Owed now {left}."
        )
        show_receipt(desk, parent, taken.receipt)

    def submit() -> None:
        new = dialog.form.read(collect)
        if new is not None:
            dialog.carry_out(recoveries.take, new, say)

    def show_slip() -> None:
        dialog.form.show_row("reference", source.value() is Source.BANK)

    show_slip()
    source.currentIndexChanged.connect(lambda _place: show_slip())
    dialog.submitted.connect(submit)
    dialog.open()
    amount.setFocus()


def _owed_lines(desk: Desk, facts: RecoveryFacts) -> AmountLines:
    lines = AmountLines(desk.theme, "recovery_lines")
    lines.show_lines(
        [
            NamedAmount("Written off, KES", facts.written_off_cents),
            NamedAmount("Recovered since", -facts.recovered_cents),
            NamedAmount("Still owed", facts.left_cents, is_total=True),
        ]
    )
    return lines
