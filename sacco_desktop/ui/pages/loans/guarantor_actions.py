"""What this person may do now about the guarantors and papers of a loan, as buttons of its panel."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from sacco_desktop.services.payouts.loan_steps import LoanSheet
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.pages.loans.guarantor_dialogs import (
    call_guarantors,
    open_add_guarantor,
    open_record_consent,
    open_substitute,
)
from sacco_desktop.ui.pages.loans.guarantor_ends import open_give_back, open_let_go
from sacco_desktop.ui.pages.loans.paper_dialogs import open_credit_report, open_pay_slip
from sacco_desktop.ui.widgets.details import PanelAction

# A key, the words on the button, whether it makes sense now, and what it opens.
_Offer = tuple[str, str, bool, Callable[[], None]]


def guarantor_actions(desk: Desk, parent: QWidget, sheet: LoanSheet) -> tuple[PanelAction, ...]:
    """Only what makes sense for this loan as it stands."""
    offers = (*_asking(desk, parent, sheet), *_paying(desk, parent, sheet))
    return tuple(PanelAction(key, text, act) for key, text, is_fit, act in offers if is_fit)


def _asking(desk: Desk, parent: QWidget, sheet: LoanSheet) -> tuple[_Offer, ...]:
    if not sheet.may_ask_guarantors:
        return ()
    row, pledges = sheet.detail.row, [line.pledge for line in sheet.guarantors]
    asked = [one for one in pledges if one.status == "requested"]
    agreed = [one for one in pledges if one.status == "accepted"]
    free = [*asked, *agreed] if row.status == "submitted" else asked
    needed = {check.rule for check in sheet.checks} if row.status == "submitted" else set()
    return (
        (
            "add_guarantor",
            "Add guarantor…",
            True,
            lambda: open_add_guarantor(desk, parent, row),
        ),
        (
            "record_consent",
            "Record consent…",
            bool(asked),
            lambda: open_record_consent(desk, parent, asked),
        ),
        (
            "substitute",
            "Substitute…",
            len(agreed) > 1,
            lambda: open_substitute(desk, parent, agreed),
        ),
        (
            "let_go",
            "Let guarantor go…",
            bool(free),
            lambda: open_let_go(desk, parent, free),
        ),
        ("pay_slip", "Pay slip…", "pay" in needed, lambda: open_pay_slip(desk, parent, row)),
        (
            "credit_report",
            "Credit report…",
            "credit_report" in needed,
            lambda: open_credit_report(desk, parent, row),
        ),
    )


def _paying(desk: Desk, parent: QWidget, sheet: LoanSheet) -> tuple[_Offer, ...]:
    pledges = [line.pledge for line in sheet.guarantors]
    is_late = sheet.standing is not None and sheet.standing.late_cents > 0
    is_late = is_late or sheet.detail.row.status == "written_off"
    paid = [one for one in pledges if one.taken_cents]
    loan_id = sheet.detail.row.loan_id
    return (
        (
            "call_guarantors",
            "Call guarantors…",
            sheet.may_call and is_late and any(one.live_cents for one in pledges),
            lambda: call_guarantors(desk, parent, loan_id),
        ),
        (
            "give_back",
            "Take for guarantors…",
            sheet.may_take_for_guarantors and any(one.owed_to_cents for one in paid),
            lambda: open_give_back(desk, parent, paid),
        ),
    )
