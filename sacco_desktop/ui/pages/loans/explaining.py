"""Which figures of a loan can be asked about, as words beside the facts of its panel."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QWidget

from sacco_desktop.services.explanations.question import Figure, Question
from sacco_desktop.services.payouts.loan_steps import LoanSheet
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.explain_dialog import Asked, open_explanation
from sacco_desktop.ui.widgets.details import PanelAction

# The fact of the panel that says each figure.
_FACTS = {
    Figure.ARREARS: "Arrears",
    Figure.PAYOFF: "Payoff today",
    Figure.ALLOWANCE: "Provision",
    Figure.LOAN_LIMIT: "Can borrow",
}


def asked_of(sheet: LoanSheet) -> tuple[Asked, ...]:
    """The figures of this loan, as it stands: what it owes once it is paid out, what its borrower can borrow before."""
    loan_id = sheet.detail.row.loan_id
    figures: tuple[Figure, ...] = (Figure.ARREARS, Figure.PAYOFF, Figure.ALLOWANCE)
    if sheet.standing is None:
        figures = (Figure.LOAN_LIMIT,) if sheet.detail.row.disbursed_on is None else ()
    elif not (sheet.standing.outstanding_cents or sheet.standing.late_cents):
        figures = ()
    elif sheet.standing.payoff_cents is None:
        figures = (Figure.ARREARS, Figure.ALLOWANCE)
    return tuple((_FACTS[figure], Question(figure, loan_id)) for figure in figures)


def explain_actions(desk: Desk, parent: QWidget, sheet: LoanSheet) -> tuple[PanelAction, ...]:
    """The word beside each of these facts."""
    asked = asked_of(sheet)
    return tuple(
        PanelAction(
            f"explain_{name.lower().replace(' ', '_')}",
            name,
            partial(open_explanation, desk, parent, asked, place),
        )
        for place, (name, _question) in enumerate(asked)
    )
