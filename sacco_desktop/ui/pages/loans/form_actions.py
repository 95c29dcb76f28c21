"""What this person may do about the form of a loan: write it down until the appraisal, and print the whole sheet."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from sacco_desktop.documents.application_sheet import draw_application_sheet
from sacco_desktop.domain.permissions import Act, may
from sacco_desktop.services.lending import application_sheets, loan_forms
from sacco_desktop.services.lending.application_sheets import ApplicationSheet
from sacco_desktop.services.lending.loan_forms import NewForm
from sacco_desktop.services.payouts.loan_steps import LoanSheet
from sacco_desktop.ui.desk import Desk, Paper
from sacco_desktop.ui.pages.loans.application_fields import ApplicationFields
from sacco_desktop.ui.pages.loans.loan_fees_dialog import open_loan_fees
from sacco_desktop.ui.pages.loans.papers_dialog import open_papers
from sacco_desktop.ui.paper_names import paper_name
from sacco_desktop.ui.widgets.details import PanelAction
from sacco_desktop.ui.widgets.form_dialog import FormDialog, FormPlan

_TAKES_FEES = ("submitted", "appraised")


def form_actions(desk: Desk, parent: QWidget, sheet: LoanSheet) -> tuple[PanelAction, ...]:
    """Only what makes sense for this loan as it stands."""
    row, roles = sheet.detail.row, desk.actor.roles
    found = []
    if row.status == "submitted" and may(roles, Act.APPLY_FOR_LOAN):
        found.append(
            PanelAction("form", "Application form…", lambda: open_form(desk, parent, sheet))
        )
    owes_fees = bool(sheet.detail.separate_fees) and not sheet.fees_receipt
    if owes_fees and row.status in _TAKES_FEES and may(roles, Act.TAKE_DEPOSIT):
        found.append(
            PanelAction(
                "loan_fees", "Take fees…", lambda: open_loan_fees(desk, parent, row.loan_id)
            )
        )
    ticks = may(roles, Act.APPLY_FOR_LOAN) or may(roles, Act.REQUEST_PAYOUT)
    if sheet.papers and ticks and may(roles, Act.READ_FILES):
        found.append(
            PanelAction("papers", "Papers…", lambda: open_papers(desk, parent, row.loan_id))
        )
    if may(roles, Act.READ_FILES):
        found.append(
            PanelAction(
                "application_sheet",
                "Application sheet…",
                lambda: show_application_sheet(desk, parent, row.loan_id),
            )
        )
    return tuple(found)


def open_form(desk: Desk, parent: QWidget, sheet: LoanSheet) -> None:
    """What the applicant states, as it was written down, to be put right or filled up."""
    row = sheet.detail.row
    plan = FormPlan(
        "loan_form_dialog",
        f"Application form: {row.member_name}, {row.number}",
        "Record",
        "It can be changed until the loan is appraised. The committee reads what stands here.",
    )
    dialog = FormDialog(desk, plan, parent)
    fields = ApplicationFields(desk, dialog.form, folded=False)
    fields.start_with(sheet.form)

    def submit() -> None:
        stated = dialog.form.read(fields.stated)
        if stated is not None:
            dialog.carry_out(
                loan_forms.record,
                NewForm(row.loan_id, stated),
                lambda _none: desk.toast("Recorded. It stands on the application sheet."),
            )

    dialog.submitted.connect(submit)
    dialog.open()


def show_application_sheet(desk: Desk, parent: QWidget, loan_id: int) -> None:
    """The sheet with fields, rules and decision; from the second print on it says COPY."""

    def draw(paper: ApplicationSheet) -> None:
        name = paper_name(
            paper.member_number, paper.member_name, "Application sheet", paper.loan_number
        )
        desk.background.render(
            lambda: draw_application_sheet(paper),
            owner=parent,
            done=lambda pdf: desk.show_paper(
                Paper(pdf, f"Application sheet {paper.loan_number}", name)
            ),
        )

    desk.background.write(application_sheets.application_sheet, loan_id, owner=parent, done=draw)
