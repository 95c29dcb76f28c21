"""What settles a loan before its last instalment: the principal, and the interest of the time it was used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from sacco_desktop.domain.due_dates import anchor_after
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.interest_methods import round_interest
from sacco_desktop.domain.loan_terms import REDUCING, BrokenPeriod, DayCount, LoanTerms, RatePer
from sacco_desktop.domain.schedule import Instalment, periods_of


class PayoffInterest(StrEnum):
    """What a loan on a reducing balance bears for the period in which it is settled."""

    FULL_PERIOD = "full-period"
    ACTUAL_365 = "actual/365"
    THIRTY_360 = "30/360"


@dataclass(frozen=True, slots=True)
class PayoffRule:
    """How a society settles early. `agreed_share` is the part (0 to 1) of agreed interest that has not fallen due and
    is asked for all the same; it concerns the methods whose interest is a sum. Both are settings of the society.
    """

    interest: PayoffInterest = PayoffInterest.FULL_PERIOD
    agreed_share: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class Payoff:
    """What settles the loan on that day, in cents, and the interest of the schedule that is then never asked for.

    Instalments that have fallen due by then are not part of it: they are owed in any case.
    """

    on: date
    last_paid: int
    principal_cents: int
    interest_cents: int
    saved_cents: int

    @property
    def total_cents(self) -> int:
        """Principal and interest together, in cents."""
        return self.principal_cents + self.interest_cents


def payoff(
    terms: LoanTerms,
    disbursed_on: date,
    schedule: Sequence[Instalment],
    on: date,
    rule: PayoffRule,
) -> Payoff:
    """What settles a loan whose instalments due up to `on` are paid. Raises InvalidInput for a day before the payout,
    and once the last instalment has fallen due.
    """
    if on < disbursed_on:
        raise InvalidInput("The loan was not paid out yet on that day.", "payoff")
    paid = sum(row.due_on <= on for row in schedule)
    if paid == len(schedule):
        raise InvalidInput("On that day the last instalment has fallen due already.", "payoff")
    rest = schedule[paid:]
    principal = schedule[paid - 1].balance_cents if paid else terms.principal_cents
    since = began_on(terms, disbursed_on, paid)
    future = sum(row.interest_cents for row in rest)
    if terms.method in REDUCING:
        # The interest of a period that is graced stays graced, whatever the days say.
        owed = (
            0 if paid < terms.interest_grace else _used(terms, rest[0], principal, since, on, rule)
        )
    else:
        owed = round_interest(future * Fraction(rule.agreed_share), terms)
    return Payoff(on, paid, principal, owed, future - owed)


def _used(
    terms: LoanTerms,
    current: Instalment,
    principal_cents: int,
    since: date,
    on: date,
    rule: PayoffRule,
) -> int:
    """The interest of the period that has begun; none on the day it begins."""
    if on <= since:
        return 0
    if rule.interest is PayoffInterest.FULL_PERIOD:
        return current.interest_cents
    yearly = Fraction(terms.rate) * (12 if terms.rate_per is RatePer.MONTH else 1)
    return round_interest(principal_cents * yearly * _part_of_year(rule.interest, since, on), terms)


def began_on(terms: LoanTerms, disbursed_on: date, paid: int) -> date:
    """The day from which the instalment after `paid` bears interest."""
    if paid == 0 and terms.broken_period is BrokenPeriod.BY_DAYS:
        return anchor_after(disbursed_on, terms.grace_days)
    return periods_of(terms, disbursed_on).ends[paid]


def _part_of_year(interest: PayoffInterest, since: date, on: date) -> Fraction:
    if interest is PayoffInterest.ACTUAL_365:
        return Fraction((on - since).days, 365)
    months = (on.year - since.year) * 12 + on.month - since.month
    return Fraction(30 * months + min(on.day, 30) - min(since.day, 30), 360)


def rule_for(terms: LoanTerms) -> PayoffRule:
    """The rule where the society has set none: days where the loan itself counts days, otherwise whole periods."""
    if terms.day_count is DayCount.ACTUAL_365:
        return PayoffRule(PayoffInterest.ACTUAL_365)
    if terms.day_count is DayCount.THIRTY_360:
        return PayoffRule(PayoffInterest.THIRTY_360)
    return PayoffRule()
