"""What a loan would cost, by the functions that make real schedules: for the calculator's page and its command."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from sacco_desktop.domain.chart import LOAN_INTEREST
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.fees import Deduction, net_disbursement
from sacco_desktop.domain.loan_cost import INTEREST_IN_ADVANCE, LoanCost, cost_of
from sacco_desktop.domain.loan_terms import LoanTerms
from sacco_desktop.domain.money import Rounding
from sacco_desktop.domain.payoff import Payoff, PayoffInterest, PayoffRule, payoff, rule_for
from sacco_desktop.domain.prepayment import Keep, after_prepayment
from sacco_desktop.domain.schedule import Instalment, make_schedule, upfront_interest_cents

# A cent is the nearest one; a coarser unit is rounded up, so that no instalment falls short of its interest.
UNITS = {
    "0.01": (1, Rounding.HALF_UP),
    "0.05": (5, Rounding.UP),
    "1": (100, Rounding.UP),
}
_FIGURES = re.compile(r"[0-9]{1,4}(\.[0-9]{1,9})?")


class Prepayment(NamedTuple):
    """Principal in cents that is repaid early, together with instalment `after`, and what stays as it was."""

    after: int
    cents: int
    keep: Keep


@dataclass(frozen=True, slots=True)
class LoanWanted:
    """The terms, the day of the payout, and what is paid beside the schedule. `fees` are taken off at the payout,
    `separate_fees` brought beside it;
    without a `payoff_interest` the loan settles as its terms count days, and `agreed_share` is 0 to 1.
    """

    terms: LoanTerms
    disbursed_on: date
    fees: tuple[Deduction, ...] = ()
    separate_fees: tuple[Deduction, ...] = ()
    prepayments: tuple[Prepayment, ...] = ()
    payoff_on: date | None = None
    payoff_interest: PayoffInterest | None = None
    agreed_share: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class LoanQuote:
    """The answer: the schedule, what is taken off at the payout, and what settles the loan where that was asked."""

    wanted: LoanWanted
    rows: tuple[Instalment, ...]
    upfront_cents: int
    settled: Payoff | None

    @property
    def deductions(self) -> tuple[Deduction, ...]:
        """Fees, and the interest that is taken in advance."""
        if not self.upfront_cents:
            return self.wanted.fees
        advance = Deduction(INTEREST_IN_ADVANCE, self.upfront_cents, LOAN_INTEREST)
        return (*self.wanted.fees, advance)

    @property
    def net_cents(self) -> int:
        """What the member gets. Raises InvalidInput where the deductions are more than the loan."""
        return net_disbursement(self.wanted.terms.principal_cents, self.deductions)

    @property
    def cost(self) -> LoanCost:
        """What the loan costs in all."""
        return cost_of(self.rows, self.deductions, self.wanted.separate_fees)


def quote(wanted: LoanWanted) -> LoanQuote:
    """The schedule with everything that is paid beside it. Raises InvalidInput, under the field at fault."""
    terms, on = wanted.terms, wanted.disbursed_on
    rows = make_schedule(terms, on)
    for after, cents, keep in sorted(wanted.prepayments):
        rows = after_prepayment(terms, on, rows, after, cents, keep)
    return LoanQuote(wanted, rows, upfront_interest_cents(terms, on), _settled(wanted, rows))


def _settled(wanted: LoanWanted, rows: tuple[Instalment, ...]) -> Payoff | None:
    if wanted.payoff_on is None:
        return None
    if not 0 <= wanted.agreed_share <= 1:
        raise InvalidInput("The share of agreed interest is 0 to 100 percent.", "share")
    interest = PayoffInterest(wanted.payoff_interest or rule_for(wanted.terms).interest)
    rule = PayoffRule(interest, wanted.agreed_share)
    return payoff(wanted.terms, wanted.disbursed_on, rows, wanted.payoff_on, rule)


def read_percent(text: str, field: str) -> Decimal:
    """The fraction that a percentage is: 0.125 for `12.5`. Raises InvalidInput under `field`."""
    # Only these figures count, for Decimal would also take 1_0, NaN and the digits of other scripts.
    if not _FIGURES.fullmatch(text):
        raise InvalidInput(f"Write the {field} in percent, for example 1 or 12.5.", field)
    return Decimal(text) / 100
