"""What falls due when, to the cent. Exact fractions inside, one named rounding, no float."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from fractions import Fraction
from functools import lru_cache
from operator import attrgetter
from typing import Any

from sacco_desktop.domain.due_dates import PERIODS_A_YEAR, Frequency, anchor_after, period_ends
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.instalments import Instalment as Instalment
from sacco_desktop.domain.interest_methods import (
    Periods,
    Rows,
    equal_instalments,
    round_interest,
    rows_of,
)
from sacco_desktop.domain.loan_terms import (
    BrokenPeriod,
    DayCount,
    LoanTerms,
    Method,
    RatePer,
    check_figures_of_one,
    check_terms,
)
from sacco_desktop.domain.money import format_kes

_DAYS_OF_30_360 = {Frequency.WEEKLY: 7, Frequency.MONTHLY: 30, Frequency.QUARTERLY: 90}


def make_schedule(terms: LoanTerms, disbursed_on: date) -> tuple[Instalment, ...]:
    """The instalments of a loan paid out on `disbursed_on`; the last takes every remainder.

    Instalment k falls due k periods after the payout and its grace days, counted from that anchor.
    Raises InvalidInput when the terms make no sense, or when an instalment after the grace would repay nothing.
    """
    periods = periods_of(terms, disbursed_on)
    rows = equal_instalments(terms, periods)
    if rows is None:
        rows = rows_of(terms, periods)
        _check_each_repays(terms, rows)
    return tuple(rows)


def rate_per_period(terms: LoanTerms) -> Fraction:
    """The exact rate of one whole period: a year is four quarters, twelve months or 52 weeks."""
    return _yearly(terms) / PERIODS_A_YEAR[terms.frequency]


def upfront_interest_cents(terms: LoanTerms, disbursed_on: date) -> int:
    """The interest to deduct at the payout, in cents: all of it for UPFRONT, otherwise none. Raises InvalidInput."""
    if terms.method is not Method.UPFRONT:
        return 0
    rates = periods_of(terms, disbursed_on).rates
    return round_interest(terms.principal_cents * sum(rates, Fraction(0)), terms)


def _yearly(terms: LoanTerms) -> Fraction:
    return Fraction(terms.rate) * (12 if terms.rate_per is RatePer.MONTH else 1)


def periods_of(terms: LoanTerms, disbursed_on: date) -> Periods:
    """The periods of a loan paid out on that day, and the rate of each. Raises InvalidInput as make_schedule does."""
    check_figures_of_one(terms)
    # Loans of one product that are paid out on one day have the same periods, whatever their sums.
    return _periods(_shape_of(terms), disbursed_on)


# All fields of terms but the principal, in their order.
_shape_of = attrgetter(
    *(field.name for field in fields(LoanTerms) if field.name != "principal_cents")
)


@lru_cache(maxsize=256)
def _periods(shape: tuple[Any, ...], disbursed_on: date) -> Periods:
    terms = LoanTerms(1, *shape)
    check_terms(terms)
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


def _check_each_repays(terms: LoanTerms, rows: Rows) -> None:
    """Refuses terms in which a due date after the grace would stand on paper without anything to repay."""
    for row in rows[terms.principal_grace :]:
        if row.principal_cents <= 0:
            balance = row.balance_cents + row.principal_cents
            raise InvalidInput(_why_nothing_is_repaid(terms, row.number, balance), "instalments")


def _why_nothing_is_repaid(terms: LoanTerms, number: int, balance_cents: int) -> str:
    if balance_cents > 0:
        return (
            f"At this rate and rounding instalment {number} of {terms.instalments} repays none of the loan. "
            "Choose fewer instalments."
        )
    unit = format_kes(terms.rounding_unit_cents)
    fits = number - 1
    return f"Rounded to {unit}, {fits} instalments repay the whole loan. Choose {fits} or fewer."
