"""The dialogs of papers that come with an application: the pay slip, and the report of a credit bureau."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit, QWidget

from sacco_desktop.domain.dates import business_date
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.money import AMOUNT_SENTENCE
from sacco_desktop.services.lending import application_papers
from sacco_desktop.services.lending.application_papers import NewCreditReport, NewPaySlip
from sacco_desktop.services.lending.loans import LoanRow
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.widgets.date_edit import DateEdit
from sacco_desktop.ui.widgets.form_dialog import FormDialog, FormPlan
from sacco_desktop.ui.widgets.money_edit import MoneyEdit


def open_pay_slip(desk: Desk, parent: QWidget, loan: LoanRow) -> None:
    """The figures of a month, by which a third of the pay is kept for the worker."""
    plan = FormPlan(
        "pay_slip_dialog",
        f"Pay slip: {loan.member_name}, {loan.number}",
        "Record",
        "A later slip of this application takes the place of this one.",
    )
    dialog = FormDialog(desk, plan, parent)
    basic, gross, deductions = MoneyEdit("basic"), MoneyEdit("gross"), MoneyEdit("deductions")
    dialog.form.add_row("basic", "Basic pay KES", basic, "Of one month.")
    dialog.form.add_row("gross", "Gross pay KES", gross, "With allowances.")
    dialog.form.add_row(
        "deductions", "Deductions KES", deductions, "All present ones, without this loan."
    )

    def collect() -> NewPaySlip:
        cents = []
        for field in (basic, gross, deductions):
            found = field.cents()
            if found is None:
                raise InvalidInput(AMOUNT_SENTENCE, field.objectName())
            cents.append(found)
        return NewPaySlip(loan.loan_id, *cents)

    def submit() -> None:
        slip = dialog.form.read(collect)
        if slip is not None:
            dialog.carry_out(
                application_papers.record_pay_slip,
                slip,
                lambda _none: desk.toast("Recorded. The rules are reckoned anew."),
            )

    dialog.submitted.connect(submit)
    dialog.open()
    basic.setFocus()


def open_credit_report(desk: Desk, parent: QWidget, loan: LoanRow) -> None:
    """The number and the day of a report that was read."""
    plan = FormPlan(
        "credit_report_dialog",
        f"Credit report: {loan.member_name}, {loan.member_number}",
        "Record",
        "Keep the report itself in the member's file.",
    )
    dialog = FormDialog(desk, plan, parent)
    reference = QLineEdit()
    reference.setObjectName("reference")
    day = DateEdit("reported_on", lambda: business_date(desk.now()))
    day.set_day(business_date(desk.now()))
    dialog.form.add_row("reference", "Number of the report", reference)
    dialog.form.add_row("reported_on", "Of", day, "t is today, + and - step a day.")

    def collect() -> NewCreditReport:
        on = day.day()
        if on is None:
            raise InvalidInput("Write the day, for example t.", "reported_on")
        return NewCreditReport(loan.member_id, on, reference.text())

    def submit() -> None:
        report = dialog.form.read(collect)
        if report is not None:
            dialog.carry_out(
                application_papers.record_credit_report,
                report,
                lambda _none: desk.toast("Recorded. The rules are reckoned anew."),
            )

    dialog.submitted.connect(submit)
    dialog.open()
    reference.setFocus()
