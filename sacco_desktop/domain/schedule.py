"""What falls due when, to the cent. Exact fractions inside, one named rounding, no float."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import lcm

from sacco_desktop.domain.due_dates import PERIODS_A_YEAR, Frequency, anchor_after, period_ends
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.loan_terms import (
    BrokenPeriod,
    DayCount,
    LoanTerms,
    Method,
    RatePer,
    check_terms,
)
from sacco_desktop.domain.money import Rounding, format_kes, rounded

_DAYS_OF_30_360 = {Frequency.WEEKLY: 7, Frequency.MONTHLY: 30, Frequency.QUARTERLY: 90}


@dataclass(frozen=True, slots=True)
class Instalment:
    """One row of a schedule, in cents. The balance is the principal still owed after it is paid."""

    number: int
    due_on: date
    principal_cents: int
    interest_cents: int
    balance_cents: int
    fee_cents: int = 0

    @property
    def total_cents(self) -> int:
        """Principal, interest and fee together, in cents."""
        return self.principal_cents + self.interest_cents + self.fee_cents


# One (principal, interest) pair in cents for each instalment.
Parts = list[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Periods:
    """The days on which the periods end, the start of the first before them, and the exact rate of each; nothing for
    those in the grace of interest. `is_broken` says that the first is charged by its own days.
    """

    ends: tuple[date, ...]
    rates: tuple[Fraction, ...]
    is_broken: bool


def make_schedule(terms: LoanTerms, disbursed_on: date) -> tuple[Instalment, ...]:
    """The instalments of a loan paid out on `disbursed_on`; the last takes every remainder.

    Instalment k falls due k periods after the payout and its grace days, counted from that anchor.
    Raises InvalidInput when the terms make no sense, or when an instalment after the grace would repay nothing.
    """
    check_terms(terms)
    periods = _periods(terms, disbursed_on)
    parts = _PARTS[terms.method](terms, periods)
    _check_each_repays(terms, parts)
    rows = []
    balance = terms.principal_cents
    for number, (due_on, (principal, interest)) in enumerate(
        zip(periods.ends[1:], parts, strict=True), start=1
    ):
        balance -= principal
        rows.append(
            Instalment(number, due_on, principal, interest, balance, terms.instalment_fee_cents)
        )
    return tuple(rows)


def rate_per_period(terms: LoanTerms) -> Fraction:
    """The exact rate of one whole period: a year is four quarters, twelve months or 52 weeks."""
    return _yearly(terms) / PERIODS_A_YEAR[terms.frequency]


def upfront_interest_cents(terms: LoanTerms, disbursed_on: date) -> int:
    """The interest to deduct at the payout, in cents: all of it for UPFRONT, otherwise none. Raises InvalidInput."""
    if terms.method is not Method.UPFRONT:
        return 0
    check_terms(terms)
    rates = _periods(terms, disbursed_on).rates
    return _round_interest(terms.principal_cents * sum(rates, Fraction(0)), terms)


def _yearly(terms: LoanTerms) -> Fraction:
    return Fraction(terms.rate) * (12 if terms.rate_per is RatePer.MONTH else 1)


def _periods(terms: LoanTerms, disbursed_on: date) -> Periods:
    anchor = anchor_after(disbursed_on, terms.grace_days)
    ends = period_ends(
        anchor, terms.frequency, terms.instalments, terms.first_due, terms.first_due_day
    )
    rates = [_period_rate(terms, ends[k], ends[k + 1]) for k in range(terms.instalments)]
    is_broken = terms.broken_period is BrokenPeriod.BY_DAYS and anchor != ends[0]
    if is_broken:
        rates[0] = _rate_by_days(terms, anchor, ends[1])
    charged = rates[terms.interest_grace :]
    graced = [Fraction(0)] * terms.interest_grace
    return Periods(ends, (*graced, *charged), is_broken and terms.interest_grace == 0)


def _period_rate(terms: LoanTerms, start: date, end: date) -> Fraction:
    if terms.day_count is DayCount.ACTUAL_365:
        return _yearly(terms) * (end - start).days / 365
    if terms.day_count is DayCount.THIRTY_360:
        return _yearly(terms) * _DAYS_OF_30_360[terms.frequency] / 360
    return rate_per_period(terms)


def _rate_by_days(terms: LoanTerms, start: date, end: date) -> Fraction:
    """The rate of a broken period: by the calendar over 365, unless the day count has a year of its own."""
    if terms.day_count is DayCount.THIRTY_360:
        months = (end.year - start.year) * 12 + end.month - start.month
        return _yearly(terms) * (30 * months + min(end.day, 30) - min(start.day, 30)) / 360
    year = 364 if terms.day_count is DayCount.WEEKLY_364 else 365
    return _yearly(terms) * (end - start).days / year


def _flat(terms: LoanTerms, periods: Periods) -> Parts:
    """Interest on the whole amount, agreed as a sum. A first period charged by its days bears its own interest, and
    the rest is shared equally.
    """
    charged = periods.rates[terms.interest_grace :]
    own = 1 if periods.is_broken and len(charged) > 1 else 0
    first = [_round_interest(terms.principal_cents * rate, terms) for rate in charged[:own]]
    whole = _round_interest(terms.principal_cents * sum(charged[own:], Fraction(0)), terms)
    shares = _spread(whole, len(charged) - own, terms)
    return _with_interest(terms, [*[0] * terms.interest_grace, *first, *shares])


def _reducing_flat(terms: LoanTerms, periods: Periods) -> Parts:
    """The interest of an equal-principal loan, averaged: P·i·(n+1)/2 in all when nothing is graced."""
    repaying = terms.instalments - terms.principal_grace
    share = Fraction(terms.principal_cents, repaying)
    whole = Fraction(0)
    for number, rate in enumerate(periods.rates):
        repaid = max(0, number - terms.principal_grace)
        whole += (terms.principal_cents - share * repaid) * rate
    charged = terms.instalments - terms.interest_grace
    shares = _spread(_round_interest(whole, terms), charged, terms)
    return _with_interest(terms, [*[0] * terms.interest_grace, *shares])


def _no_interest(terms: LoanTerms, _periods: Periods) -> Parts:
    return _with_interest(terms, [0] * terms.instalments)


def _with_interest(terms: LoanTerms, interest: list[int]) -> Parts:
    """Equal shares of the principal beside given interest; rounding up repays principal sooner."""
    share = _share(terms)
    return _walk(terms, lambda k, _balance: interest[k], lambda row: share + row)


def _reducing_equal_principal(terms: LoanTerms, periods: Periods) -> Parts:
    share = _share(terms)
    return _walk(
        terms,
        lambda k, balance: _round_interest(balance * periods.rates[k], terms),
        lambda interest: share + interest,
    )


def _reducing_equal_instalment(terms: LoanTerms, periods: Periods) -> Parts:
    instalment = _annuity(terms.principal_cents, periods.rates[terms.principal_grace :])
    return _walk(
        terms,
        lambda k, balance: _round_interest(balance * periods.rates[k], terms),
        lambda _interest: instalment,
    )


_PARTS: dict[Method, Callable[[LoanTerms, Periods], Parts]] = {
    Method.FLAT: _flat,
    Method.REDUCING_EQUAL_INSTALMENT: _reducing_equal_instalment,
    Method.REDUCING_EQUAL_PRINCIPAL: _reducing_equal_principal,
    Method.REDUCING_FLAT: _reducing_flat,
    Method.UPFRONT: _no_interest,
    Method.NONE: _no_interest,
}


def _walk(
    terms: LoanTerms,
    interest_of: Callable[[int, int], int],
    instalment_of: Callable[[int], Fraction],
) -> Parts:
    """From one instalment to the next: interest first, principal is what the rounded instalment leaves."""
    balance = terms.principal_cents
    parts: Parts = []
    for k in range(terms.instalments):
        interest = interest_of(k, balance)
        if k < terms.principal_grace:
            principal = 0
        elif k == terms.instalments - 1:
            principal = balance
        else:
            whole = rounded(instalment_of(interest), terms.rounding, terms.rounding_unit_cents)
            principal = min(balance, whole - interest)
        parts.append((principal, interest))
        balance -= principal
    return parts


def _annuity(principal_cents: int, rates: Sequence[Fraction]) -> Fraction:
    """The exact equal instalment that repays a loan over periods with these rates.

    With one rate i it is P·i ÷ (1 − (1+i)⁻ⁿ), without interest P ÷ n. Growth and payments are kept as whole numbers
    over one denominator, which stays quick for a thousand weeks.
    """
    whole = lcm(*(rate.denominator for rate in rates))
    growth, payments, scale = 1, 0, 1
    for rate in rates:
        factor = whole + rate.numerator * (whole // rate.denominator)
        growth *= factor
        payments = payments * factor + scale
        scale *= whole
    return Fraction(principal_cents * growth, payments * whole)


def _share(terms: LoanTerms) -> Fraction:
    return Fraction(terms.principal_cents, terms.instalments - terms.principal_grace)


def _round_interest(cents: Fraction, terms: LoanTerms) -> int:
    """Interest comes to whole cents: half-even where the society rounds so, otherwise half-up."""
    is_even = terms.rounding is Rounding.HALF_EVEN
    return rounded(cents, Rounding.HALF_EVEN if is_even else Rounding.HALF_UP)


def _spread(total_cents: int, count: int, terms: LoanTerms) -> list[int]:
    """Equal shares, the last with the remainder; never more than is left."""
    share = _round_interest(Fraction(total_cents, count), terms)
    shares = []
    left = total_cents
    for _ in range(count - 1):
        shares.append(min(share, left))
        left -= shares[-1]
    return [*shares, left]


def _check_each_repays(terms: LoanTerms, parts: Parts) -> None:
    """Refuses terms in which a due date after the grace would stand on paper without anything to repay."""
    balance = terms.principal_cents
    for number, (principal, _interest) in enumerate(parts, start=1):
        if number > terms.principal_grace and principal <= 0:
            raise InvalidInput(_why_nothing_is_repaid(terms, number, balance), "instalments")
        balance -= principal


def _why_nothing_is_repaid(terms: LoanTerms, number: int, balance_cents: int) -> str:
    if balance_cents > 0:
        return (
            f"At this rate and rounding instalment {number} of {terms.instalments} repays none of the loan. "
            "Choose fewer instalments."
        )
    unit = format_kes(terms.rounding_unit_cents)
    fits = number - 1
    return f"Rounded to {unit}, {fits} instalments repay the whole loan. Choose {fits} or fewer."
