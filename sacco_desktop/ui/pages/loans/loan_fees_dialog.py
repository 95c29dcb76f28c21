"""Takes the fees that a member brings beside a loan, in cash or by a bank slip."""

from __future__ import annotations

from uuid import uuid4

from PySide6.QtWidgets import QLineEdit, QWidget

from sacco_desktop.domain.dates import business_date
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.money import format_kes
from sacco_desktop.services.lending import loan_fees
from sacco_desktop.services.lending.loan_fees import FeeFacts, NewLoanFees, TakenLoanFees
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.show_receipt import show_receipt
from sacco_desktop.ui.widgets.amount_lines import AmountLines, NamedAmount
from sacco_desktop.ui.widgets.date_edit import DateEdit
from sacco_desktop.ui.widgets.form_dialog import FormDialog, FormPlan


def open_loan_fees(desk: Desk, parent: QWidget, loan_id: int) -> None:
    """Read what is to be brought, then show the form."""
    desk.background.read(
        loan_fees.look,
        loan_id,
        owner=parent,
        done=lambda facts: LoanFeesDialog(desk, parent, facts).open(),
    )


class LoanFeesDialog(FormDialog):
    """All fees of one loan at once, however often the button is pressed: its key is made here."""

    def __init__(self, desk: Desk, parent: QWidget, facts: FeeFacts) -> None:
        plan = FormPlan(
            "loan_fees_dialog",
            f"Fees of {facts.loan_number}, {facts.member_name}",
            "Record the fees",
            "Count the cash first. If the loan is not paid out, a reversal by two people gives the fees back.",
        )
        super().__init__(desk, plan, parent)
        self._key, self._facts, self._parent = uuid4().hex, facts, parent
        lines = AmountLines(desk.theme, "loan_fees")
        lines.show_lines(
            (
                *(NamedAmount(name, cents) for name, cents in facts.lines),
                NamedAmount("To be brought, KES", facts.whole_cents, is_total=True),
            )
        )
        self.form.add_wide(lines)
        self._day = DateEdit("value_date", lambda: business_date(desk.now()))
        self._day.set_day(business_date(desk.now()))
        self._slip = QLineEdit()
        self._slip.setObjectName("slip")
        self.form.add_row("value_date", "Date", self._day, "t is today, + and - step a day.")
        self.form.add_row("slip", "Bank slip", self._slip, "Its number. Empty for cash.")
        self.submitted.connect(self._record)

    def _record(self) -> None:
        new = self.form.read(self._collect)
        if new is not None:
            self.carry_out(loan_fees.take, new, self._say_taken)

    def _say_taken(self, taken: TakenLoanFees) -> None:
        amount = format_kes(taken.amount_cents)
        self.desk.toast(
            f"Recorded. {amount} for {self._facts.loan_number}, receipt {taken.receipt}."
        )
        show_receipt(self.desk, self._parent, taken.receipt)

    def _collect(self) -> NewLoanFees:
        day = self._day.day()
        if day is None:
            raise InvalidInput("Write the day of the money, for example t.", "value_date")
        return NewLoanFees(self._key, self._facts.loan_id, self._slip.text(), day)
