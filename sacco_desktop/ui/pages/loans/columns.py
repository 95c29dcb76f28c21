"""What the list of loans shows, as data."""

from __future__ import annotations

from collections.abc import Callable

from sacco_desktop.services.lending.loans import LoanRow
from sacco_desktop.ui.theme.tokens import ChipColour
from sacco_desktop.ui.widgets.chip_words import CLOSED, Chip
from sacco_desktop.ui.widgets.columns import Align, Column, chip_column, date_column, money_column
from sacco_desktop.ui.widgets.list_plan import SavedFilter

APPLIED = Chip("applied", "○", "circle", "Applied", "Umeombwa", ChipColour.GREY)
TO_APPROVE = Chip("to_approve", "◐", "contrast", "To approve", "Kuidhinishwa", ChipColour.VIOLET)
TO_PAY_OUT = Chip(
    "to_pay_out", "▷", "play", "To pay out", "Kulipwa", ChipColour.GREY, is_outline=True
)
PAYOUT_ASKED = Chip("payout_asked", "◷", "clock", "Payout asked", "Malipo yaombwa", ChipColour.BLUE)
ACTIVE = Chip("active", "✓", "check", "Active", "Unaendelea", ChipColour.GREEN)
WRITTEN_OFF = Chip("written_off", "✕", "x", "Written off", "Umefutwa", ChipColour.RED)
REJECTED = Chip("rejected", "✕", "x", "Rejected", "Umekataliwa", ChipColour.RED)

CHIP_OF_STATUS = {
    "submitted": APPLIED,
    "appraised": TO_APPROVE,
    "approved": TO_PAY_OUT,
    "disbursement_pending": PAYOUT_ASKED,
    "active": ACTIVE,
    "closed": CLOSED,
    "written_off": WRITTEN_OFF,
    "rejected": REJECTED,
}
LOAN_CHIPS = tuple(CHIP_OF_STATUS.values())


def chip_of(row: LoanRow) -> Chip:
    """The state of a loan."""
    return CHIP_OF_STATUS[row.status]


COLUMNS: tuple[Column[LoanRow], ...] = (
    Column("No.", lambda row: row.number, widest="L-0001"),
    Column("Member", lambda row: row.member_name),
    chip_column("Status", chip_of, LOAN_CHIPS),
    Column("Product", lambda row: row.product_name, priority=2, widest="Development loan"),
    money_column("Net KES", lambda row: row.net_cents, priority=2),
    date_column("Applied", lambda row: row.applied_on, priority=2),
    Column("Instalments", lambda row: row.instalments, align=Align.RIGHT, priority=2, widest="104"),
    date_column("Paid out", lambda row: row.disbursed_on, priority=2),
    money_column("Amount KES", lambda row: row.amount_cents),
    money_column("Owed KES", lambda row: row.balance_cents if row.status == "active" else None),
    Column("Member no.", lambda row: row.member_number, priority=3, widest="M-0001"),
)


def _with(*wanted: Chip) -> Callable[[LoanRow], bool]:
    return lambda row: chip_of(row) in wanted


FILTERS: tuple[SavedFilter[LoanRow], ...] = (
    SavedFilter("applied", "Applied", _with(APPLIED), "No application waits to be appraised."),
    SavedFilter("to_approve", "To approve", _with(TO_APPROVE), "No loan waits for the committee."),
    SavedFilter("to_pay_out", "To pay out", _with(TO_PAY_OUT), "No approved loan waits."),
    SavedFilter("payout_asked", "Payout asked", _with(PAYOUT_ASKED), "No payout is on its way."),
    SavedFilter("active", "Active", _with(ACTIVE), "No loan is paid out yet."),
    SavedFilter("all", "All", lambda _row: True),
)
