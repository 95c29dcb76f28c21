"""What this person may do about a loan that was paid out, beside the next instalment, as buttons of its panel."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from sacco_desktop.domain.permissions import Act, may
from sacco_desktop.domain.receipt_purposes import LOAN
from sacco_desktop.services.lending import agreement_papers, top_ups
from sacco_desktop.services.lending.top_ups import TopUpAnew
from sacco_desktop.services.payouts.loan_steps import LoanSheet
from sacco_desktop.ui.ask_to_pay_dialog import Wanted, open_ask_to_pay
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.pages.loans.by_two_dialogs import open_agreement_back, open_from_deposits
from sacco_desktop.ui.pages.loans.letter_print import show_letter
from sacco_desktop.ui.pages.loans.payoff_dialog import PayoffDialog
from sacco_desktop.ui.pages.loans.reschedule_dialog import RescheduleDialog
from sacco_desktop.ui.pages.loans.versions_dialog import open_versions
from sacco_desktop.ui.pages.loans.write_off_dialog import open_recovery, open_write_off
from sacco_desktop.ui.widgets.details import PanelAction

# A key, the words on the button, whether it makes sense now, and what it opens.
_Offer = tuple[str, str, bool, Callable[[], None]]


def later_actions(desk: Desk, parent: QWidget, sheet: LoanSheet) -> tuple[PanelAction, ...]:
    """Only what makes sense for this loan as it stands."""
    row, roles = sheet.detail.row, desk.actor.roles
    runs = row.status == "active"
    offers: tuple[_Offer, ...] = (
        (
            "pay_off",
            "Pay off…",
            runs and may(roles, Act.TAKE_REPAYMENT),
            lambda: PayoffDialog(desk, parent, row).open(),
        ),
        (
            "reckon_again",
            "Reckon top-up again",
            sheet.is_top_up and row.status == "approved" and may(roles, Act.APPRAISE_LOAN),
            lambda: desk.background.write(
                top_ups.reckon_again,
                TopUpAnew(row.loan_id, row.version),
                owner=parent,
                done=desk.toast,
            ),
        ),
        (
            "reschedule",
            "Agree anew…",
            runs and may(roles, Act.APPRAISE_LOAN),
            lambda: RescheduleDialog(desk, parent, row).open(),
        ),
        (
            "write_off",
            "Write off…",
            runs and may(roles, Act.REVERSE_ENTRY),
            lambda: open_write_off(desk, parent, row.loan_id),
        ),
        (
            "take_recovery",
            "Take recovery…",
            row.status == "written_off" and may(roles, Act.TAKE_REPAYMENT),
            lambda: open_recovery(desk, parent, row.loan_id),
        ),
        (
            "earlier_schedules",
            "Earlier schedules…",
            sheet.has_earlier_schedules,
            lambda: open_versions(desk, parent, row),
        ),
    )
    every = (*_by_phone(desk, parent, sheet), *offers, *_by_two(desk, parent, sheet))
    return tuple(PanelAction(key, text, act) for key, text, is_fit, act in every if is_fit)


def _by_phone(desk: Desk, parent: QWidget, sheet: LoanSheet) -> tuple[_Offer, ...]:
    """A prompt on the member's phone for what is due."""
    row = sheet.detail.row
    wanted = Wanted(row.member_number, LOAN, row.loan_id)
    may_ask = row.status == "active" and may(desk.actor.roles, Act.TAKE_REPAYMENT)
    return (("ask_to_pay", "Ask to pay…", may_ask, lambda: open_ask_to_pay(desk, parent, wanted)),)


def _by_two(desk: Desk, parent: QWidget, sheet: LoanSheet) -> tuple[_Offer, ...]:
    """What another person agrees to beside a reschedule and a write-off."""
    row = sheet.detail.row
    runs = row.status == "active"
    return (
        (
            "agreement_back",
            "Take agreement back…",
            runs and sheet.is_agreed_anew and may(desk.actor.roles, Act.APPRAISE_LOAN),
            lambda: open_agreement_back(desk, parent, row.loan_id),
        ),
        (
            "agreement_letter",
            "Agreement letter…",
            sheet.is_agreed_anew,
            lambda: show_letter(desk, parent, agreement_papers.agreement_letter, row.loan_id),
        ),
        (
            "from_deposits",
            "Pay from deposits…",
            sheet.may_pay_from_deposits and (runs or row.status == "written_off"),
            lambda: open_from_deposits(desk, parent, row.loan_id),
        ),
    )
