"""What falls due when, to the cent. Exact fractions inside, one named rounding, no float."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from sacco_desktop.domain.dates import LATEST_YEAR, due_dates
from sacco_desktop.domain.dates import Frequency as Frequency
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.money import format_kes, round_half_up, round_up_to

MOST_INSTALMENTS = 1040
LONGEST_GRACE_DAYS = 3660

_PERIODS_A_YEAR = {Frequency.MONTHLY: 12, Frequency.WEEKLY: 52}


class Method(StrEnum):
    """How interest is reckoned. In speech "reducing balance" means either of two of these."""

    FLAT = "flat"
    REDUCING_EQUAL_INSTALMENT = "reducing_equal_instalment"
    REDUCING_EQUAL_PRINCIPAL = "reducing_equal_principal"
    REDUCING_FLAT = "reducing_flat"
    UPFRONT = "upfront"
    NONE = "none"


class RatePer(StrEnum):
    """The period for which the rate is quoted."""

    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class LoanTerms:
    """What was agreed. `rate` is a fraction (0.01 is 1 %) per `rate_per`; amounts are cents.

    `rounding_unit_cents` 1 rounds instalments half-up to the cent; a larger unit rounds them up to
    it (100 for whole shillings). `grace_days` lie between the payout and the start of the first
    period.
    """

    principal_cents: int
    method: Method
    rate: Decimal
    rate_per: RatePer
    frequency: Frequency
    instalments: int
    rounding_unit_cents: int = 1
    grace_days: int = 0


@dataclass(frozen=True, slots=True)
class Instalment:
    """One row of a schedule, in cents. The balance is the principal still owed after it is paid."""

    number: int
    due_on: date
    principal_cents: int
    interest_cents: int
    balance_cents: int

    @property
    def total_cents(self) -> int:
        """Principal and interest together, in cents."""
        return self.principal_cents + self.interest_cents


# One (principal, interest) pair in cents for each instalment.
Parts = list[tuple[int, int]]


def make_schedule(terms: LoanTerms, disbursed_on: date) -> tuple[Instalment, ...]:
    """The instalments of a loan paid out on `disbursed_on`; the last takes every remainder.

    Instalment k falls due k periods after the payout and its grace days, counted from that anchor.
    Raises InvalidInput when the terms make no sense, or when some instalment would repay nothing.
    """
    _check(terms)
    anchor = disbursed_on + timedelta(days=terms.grace_days)
    if anchor.year + terms.instalments // _PERIODS_A_YEAR[terms.frequency] >= LATEST_YEAR:
        raise InvalidInput(
            "The last instalment lies too far ahead. Check the date.", "disbursed_on"
        )
    dates = due_dates(anchor, terms.frequency, terms.instalments)
    parts = _PARTS[terms.method](terms)
    _check_each_repays(terms, parts)
    rows = []
    balance = terms.principal_cents
    for number, (due_on, (principal, interest)) in enumerate(
        zip(dates, parts, strict=True), start=1
    ):
        balance -= principal
        rows.append(Instalment(number, due_on, principal, interest, balance))
    return tuple(rows)


def rate_per_period(terms: LoanTerms) -> Fraction:
    """The exact rate of one period: a year is twelve months or 52 weeks."""
    yearly = Fraction(terms.rate) * (12 if terms.rate_per is RatePer.MONTH else 1)
    return yearly / _PERIODS_A_YEAR[terms.frequency]


def upfront_interest_cents(terms: LoanTerms) -> int:
    """The interest to deduct at the payout, in cents: all of it for UPFRONT, otherwise none."""
    if terms.method is not Method.UPFRONT:
        return 0
    return _flat_interest(terms)


def _flat(terms: LoanTerms) -> Parts:
    return _equal_principal(terms, _spread(_flat_interest(terms), terms.instalments))


def _reducing_flat(terms: LoanTerms) -> Parts:
    """The interest of an equal-principal loan, P·i·(n+1)/2, averaged over the instalments."""
    whole = terms.principal_cents * rate_per_period(terms) * (terms.instalments + 1) / 2
    return _equal_principal(terms, _spread(round_half_up(whole), terms.instalments))


def _no_interest(terms: LoanTerms) -> Parts:
    return _equal_principal(terms, [0] * terms.instalments)


def _reducing_equal_principal(terms: LoanTerms) -> Parts:
    rate = rate_per_period(terms)
    share = Fraction(terms.principal_cents, terms.instalments)
    balance = terms.principal_cents
    parts: Parts = []
    for number in range(1, terms.instalments + 1):
        interest = round_half_up(balance * rate)
        principal = min(balance, _rounded(share + interest, terms) - interest)
        if number == terms.instalments:
            principal = balance
        parts.append((principal, interest))
        balance -= principal
    return parts


def _reducing_equal_instalment(terms: LoanTerms) -> Parts:
    rate = rate_per_period(terms)
    instalment = _rounded(_annuity(terms.principal_cents, rate, terms.instalments), terms)
    balance = terms.principal_cents
    parts: Parts = []
    for number in range(1, terms.instalments + 1):
        interest = round_half_up(balance * rate)
        principal = min(balance, instalment - interest)
        if number == terms.instalments:
            principal = balance
        parts.append((principal, interest))
        balance -= principal
    return parts


_PARTS: dict[Method, Callable[[LoanTerms], Parts]] = {
    Method.FLAT: _flat,
    Method.REDUCING_EQUAL_INSTALMENT: _reducing_equal_instalment,
    Method.REDUCING_EQUAL_PRINCIPAL: _reducing_equal_principal,
    Method.REDUCING_FLAT: _reducing_flat,
    Method.UPFRONT: _no_interest,
    Method.NONE: _no_interest,
}


def _flat_interest(terms: LoanTerms) -> int:
    return round_half_up(terms.principal_cents * rate_per_period(terms) * terms.instalments)


def _annuity(principal_cents: int, rate: Fraction, count: int) -> Fraction:
    """The exact equal instalment P·i ÷ (1 − (1+i)⁻ⁿ), or P ÷ n without interest."""
    if rate == 0:
        return Fraction(principal_cents, count)
    numerator, denominator = rate.as_integer_ratio()
    growth = (numerator + denominator) ** count
    return Fraction(
        principal_cents * numerator * growth, denominator * (growth - denominator**count)
    )


def _rounded(instalment_cents: Fraction, terms: LoanTerms) -> int:
    if terms.rounding_unit_cents == 1:
        return round_half_up(instalment_cents)
    return round_up_to(instalment_cents, terms.rounding_unit_cents)


def _spread(total_cents: int, count: int) -> list[int]:
    """Equal shares, half-up, the last with the remainder; never more than is left."""
    share = round_half_up(Fraction(total_cents, count))
    shares = []
    left = total_cents
    for _ in range(count - 1):
        shares.append(min(share, left))
        left -= shares[-1]
    return [*shares, left]


def _equal_principal(terms: LoanTerms, interest: list[int]) -> Parts:
    """Equal shares of the principal beside given interest; rounding up repays principal sooner."""
    share = Fraction(terms.principal_cents, terms.instalments)
    left = terms.principal_cents
    parts: Parts = []
    for row in interest[:-1]:
        principal = min(left, _rounded(share + row, terms) - row)
        parts.append((principal, row))
        left -= principal
    return [*parts, (left, interest[-1])]


def _check(terms: LoanTerms) -> None:
    if terms.principal_cents <= 0:
        raise InvalidInput("The amount of a loan must be more than zero.", "principal")
    if not 1 <= terms.instalments <= MOST_INSTALMENTS:
        raise InvalidInput(f"A loan has 1 to {MOST_INSTALMENTS:,} instalments.", "instalments")
    if not terms.rate.is_finite() or not 0 <= terms.rate <= 1:
        raise InvalidInput("The rate must be between 0 % and 100 %.", "rate")
    if terms.rounding_unit_cents < 1:
        raise InvalidInput("Instalments are rounded to one cent or more.", "rounding_unit")
    if not 0 <= terms.grace_days <= LONGEST_GRACE_DAYS:
        raise InvalidInput(f"The days of grace are 0 to {LONGEST_GRACE_DAYS:,}.", "grace_days")


def _check_each_repays(terms: LoanTerms, parts: Parts) -> None:
    """Refuses terms in which a due date would stand on paper without anything to repay."""
    repaying = sum(1 for principal, _ in parts if principal > 0)
    if repaying == terms.instalments:
        return
    if parts[0][0] == 0:
        raise InvalidInput(
            "At this rate the first of so many instalments repays none of the loan. "
            "Choose fewer instalments.",
            "instalments",
        )
    unit = format_kes(terms.rounding_unit_cents)
    raise InvalidInput(
        f"Rounded to {unit}, {repaying} instalments repay the whole loan. "
        f"Choose {repaying} or fewer.",
        "instalments",
    )
