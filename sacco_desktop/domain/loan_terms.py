"""Everything that is agreed about a loan and decides its schedule, and what of it makes no sense."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from sacco_desktop.domain.due_dates import FirstDue, Frequency
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.money import LARGEST_AMOUNT_CENTS, Rounding

MOST_INSTALMENTS = 1040
LONGEST_GRACE_DAYS = 3660
LARGEST_UNIT_CENTS = 100_000
_RATE_SENTENCE = "The rate must be between 0 % and 100 %."


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


class DayCount(StrEnum):
    """What part of the yearly rate one period bears."""

    PER_PERIOD = "per_period"
    THIRTY_360 = "30/360"
    ACTUAL_365 = "actual/365"
    WEEKLY_364 = "weekly-364"


class BrokenPeriod(StrEnum):
    """What a first period bears that is longer or shorter than the others."""

    IGNORED = "ignored"
    BY_DAYS = "by_days"


class InterestOn(StrEnum):
    """Whether a missed instalment leaves the agreed interest alone or the balance still owed bears it."""

    SCHEDULE = "schedule"
    BALANCE = "balance"


@dataclass(frozen=True, slots=True)
class LoanTerms:
    """What was agreed. `rate` is a fraction (0.01 is 1 %) per `rate_per`; amounts are cents.

    `rounding` and its unit (100 for whole shillings) are those of the instalment without fees. `grace_days` lie between
    the payout and the start of the first period. `principal_grace` is the number of first instalments that repay
    nothing, `interest_grace` of those that bear no interest, which is never charged later. `first_due_day` belongs to
    DAY_OF_NEXT_MONTH alone. `instalment_fee_cents` is paid with every instalment on top of it.
    """

    principal_cents: int
    method: Method
    rate: Decimal
    rate_per: RatePer
    frequency: Frequency
    instalments: int
    rounding: Rounding = Rounding.HALF_UP
    rounding_unit_cents: int = 1
    day_count: DayCount = DayCount.PER_PERIOD
    grace_days: int = 0
    principal_grace: int = 0
    interest_grace: int = 0
    first_due: FirstDue = FirstDue.ONE_PERIOD
    first_due_day: int | None = None
    broken_period: BrokenPeriod = BrokenPeriod.IGNORED
    interest_on: InterestOn = InterestOn.SCHEDULE
    instalment_fee_cents: int = 0


# The interest of every other method is agreed as a sum, so no balance can change it.
REDUCING = frozenset({Method.REDUCING_EQUAL_INSTALMENT, Method.REDUCING_EQUAL_PRINCIPAL})


def check_terms(terms: LoanTerms) -> None:
    """Raises InvalidInput, under the name of the field at fault, for terms without a meaning."""
    check_figures_of_one(terms)
    _check_figures(terms)
    _check_grace(terms)
    _check_choices(terms)


def check_figures_of_one(terms: LoanTerms) -> None:
    """The part of `check_terms` that is asked for every loan, also where its other terms were found sound before: its
    own principal, and a rate that can be compared with another.
    """
    if terms.principal_cents <= 0:
        raise InvalidInput("The amount of a loan must be more than zero.", "principal")
    if terms.principal_cents > LARGEST_AMOUNT_CENTS:
        raise InvalidInput("The amount of the loan is too large to keep.", "principal")
    if not terms.rate.is_finite():
        raise InvalidInput(_RATE_SENTENCE, "rate")


def _check_figures(terms: LoanTerms) -> None:
    if not 1 <= terms.instalments <= MOST_INSTALMENTS:
        raise InvalidInput(f"A loan has 1 to {MOST_INSTALMENTS:,} instalments.", "instalments")
    if not 0 <= terms.rate <= 1:
        raise InvalidInput(_RATE_SENTENCE, "rate")
    if not 1 <= terms.rounding_unit_cents <= LARGEST_UNIT_CENTS:
        raise InvalidInput(
            "Instalments are rounded to one cent or more, up to KES 1,000.", "rounding_unit"
        )
    if not 0 <= terms.instalment_fee_cents <= LARGEST_AMOUNT_CENTS:
        raise InvalidInput("The fee with each instalment must not be below zero.", "fee")


def _check_grace(terms: LoanTerms) -> None:
    if not 0 <= terms.grace_days <= LONGEST_GRACE_DAYS:
        raise InvalidInput(f"The days of grace are 0 to {LONGEST_GRACE_DAYS:,}.", "grace_days")
    for name, words, count in (
        ("principal_grace", "that repay nothing", terms.principal_grace),
        ("interest_grace", "without interest", terms.interest_grace),
    ):
        if not 0 <= count < terms.instalments:
            raise InvalidInput(
                f"The first instalments {words} are 0 to {terms.instalments - 1}:"
                f" at least one of the {terms.instalments} comes after them.",
                name,
            )


def _check_choices(terms: LoanTerms) -> None:
    if terms.day_count is DayCount.WEEKLY_364 and terms.frequency is not Frequency.WEEKLY:
        raise InvalidInput(
            "A year of 364 days is for weekly instalments. Choose another day count.", "day_count"
        )
    has_day = terms.first_due is FirstDue.DAY_OF_NEXT_MONTH
    day = terms.first_due_day
    if has_day != (day is not None) or (day is not None and not 1 <= day <= 31):
        raise InvalidInput(
            "A day from 1 to 31 belongs to a first instalment on a day of the next month, and to no other.",
            "first_due_day",
        )
    if terms.interest_on is InterestOn.BALANCE and terms.method not in REDUCING:
        raise InvalidInput(
            "Only loans on a reducing balance bear interest on what is still owed. Choose the schedule.",
            "interest_on",
        )
