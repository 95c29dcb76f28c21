"""Our accounts at M-Pesa: which ledger account each one is, how money moves between them and the bank, and what to do
when the one that payouts are drawn on is short.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sacco_desktop.domain.chart import (
    BANK_CURRENT,
    MPESA_CHARGES_PAID,
    MPESA_PAYBILL,
    MPESA_UTILITY,
)
from sacco_desktop.domain.money import format_kes

UTILITY, WORKING, CHARGES = "utility", "working", "charges"
# The accounts that our books hold too, in the order in which people read them.
LEDGER_CODES = {UTILITY: MPESA_UTILITY, WORKING: MPESA_PAYBILL, CHARGES: MPESA_CHARGES_PAID}


class FloatRoute(StrEnum):
    """From where to where money is moved for payouts. Payouts are drawn on Utility; Working does not count."""

    BANK_TO_UTILITY = "bank_to_utility"
    BANK_TO_WORKING = "bank_to_working"
    WORKING_TO_UTILITY = "working_to_utility"


@dataclass(frozen=True, slots=True)
class RouteEnds:
    """The ledger accounts that a move takes from and gives to, and the words for it."""

    source: str
    target: str
    words: str


ROUTES: dict[FloatRoute, RouteEnds] = {
    FloatRoute.BANK_TO_UTILITY: RouteEnds(BANK_CURRENT, MPESA_UTILITY, "Bank to Utility"),
    FloatRoute.BANK_TO_WORKING: RouteEnds(BANK_CURRENT, MPESA_PAYBILL, "Bank to Working"),
    FloatRoute.WORKING_TO_UTILITY: RouteEnds(MPESA_PAYBILL, MPESA_UTILITY, "Working to Utility"),
}


def top_up_steps(
    missing_cents: int, working_cents: int | None, bank_account: str
) -> tuple[str, ...]:
    """What a person does when Utility is short by `missing_cents`, one sentence a step.

    `working_cents` is what M-Pesa said of Working, or None when that is not known; `bank_account` is the number under
    which the bank's transfer reaches our shortcode.
    """
    record = "Record the move here. A second person approves it, and then the books know it."
    if working_cents is not None and working_cents >= missing_cents:
        return (
            f"Working holds {format_kes(working_cents)}. In the M-Pesa portal move {format_kes(missing_cents)}"
            " from Working to Utility.",
            record,
        )
    known = max(working_cents or 0, 0)
    has = (
        "What Working holds is not known."
        if working_cents is None
        else f"Working holds {format_kes(working_cents)}."
    )
    return (
        f"{has} Send {format_kes(missing_cents - known)} from the bank to account {bank_account}.",
        f"When it has arrived, move {format_kes(missing_cents)} from Working to Utility in the M-Pesa portal.",
        record,
    )
