"""What a loan costs whoever takes it: interest, fees, and what is to be repaid in all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sacco_desktop.domain.chart import control_code_of, control_owner
from sacco_desktop.domain.fees import Deduction, total_cents
from sacco_desktop.domain.schedule import Instalment

INTEREST_IN_ADVANCE = "Interest in advance"


@dataclass(frozen=True, slots=True)
class LoanCost:
    """In cents. Interest counts what is taken in advance; fees are those taken off or lent at the payout, those in the
    instalments, and those that the member brings beside the loan; `to_repay_cents` is the sum of all instalments.
    """

    interest_cents: int
    payout_fees_cents: int
    instalment_fees_cents: int
    to_repay_cents: int
    separate_fees_cents: int = 0

    @property
    def fees_cents(self) -> int:
        """All fees together."""
        return self.payout_fees_cents + self.instalment_fees_cents + self.separate_fees_cents


def cost_of(
    schedule: Iterable[Instalment], taken: Iterable[Deduction], separate: Iterable[Deduction] = ()
) -> LoanCost:
    """The cost of a loan with this schedule, from which `taken` is deducted when it is paid out, and `separate` is paid
    beside it. What goes to the
    member's own accounts, or clears a loan of theirs, is no cost.
    """
    rows, lines = tuple(schedule), tuple(line for line in taken if _is_price(line))
    advance = total_cents(line for line in lines if line.name == INTEREST_IN_ADVANCE)
    return LoanCost(
        interest_cents=sum(row.interest_cents for row in rows) + advance,
        payout_fees_cents=total_cents(lines) - advance,
        instalment_fees_cents=sum(row.fee_cents for row in rows),
        to_repay_cents=sum(row.total_cents for row in rows),
        separate_fees_cents=total_cents(separate),
    )


def _is_price(line: Deduction) -> bool:
    return control_owner(line.account_code) is None and control_code_of(line.account_code) is None
