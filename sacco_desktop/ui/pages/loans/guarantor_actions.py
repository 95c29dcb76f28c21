"""What this person may do now about the guarantors of a loan, as buttons of its panel."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from sacco_desktop.services.loan_steps import LoanSheet
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.pages.loans.guarantor_dialogs import (
    call_guarantors,
    open_add_guarantor,
    open_record_consent,
    open_substitute,
)
from sacco_desktop.ui.widgets.details import PanelAction


def guarantor_actions(desk: Desk, parent: QWidget, sheet: LoanSheet) -> tuple[PanelAction, ...]:
    """Only what makes sense for this loan as it stands."""
    pledges = [line.pledge for line in sheet.guarantors]
    asked = [one for one in pledges if one.status == "requested"]
    agreed = [one for one in pledges if one.status == "accepted"]
    actions = []
    if sheet.may_ask_guarantors:
        row = sheet.detail.row
        actions.append(
            PanelAction(
                "add_guarantor", "Add guarantor…", lambda: open_add_guarantor(desk, parent, row)
            )
        )
        if asked:
            actions.append(
                PanelAction(
                    "record_consent",
                    "Record consent…",
                    lambda: open_record_consent(desk, parent, asked),
                )
            )
        if len(agreed) > 1:
            actions.append(
                PanelAction(
                    "substitute", "Substitute…", lambda: open_substitute(desk, parent, agreed)
                )
            )
    is_late = sheet.standing is not None and sheet.standing.late_cents > 0
    if sheet.may_call and is_late and any(one.live_cents for one in pledges):
        loan_id = sheet.detail.row.loan_id
        actions.append(
            PanelAction(
                "call_guarantors",
                "Call guarantors…",
                lambda: call_guarantors(desk, parent, loan_id),
            )
        )
    return tuple(actions)
