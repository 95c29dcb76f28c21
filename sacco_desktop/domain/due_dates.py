"""When instalments fall due: each is counted from the anchor and never from the instalment before."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

from sacco_desktop.domain.dates import LATEST_YEAR, add_months
from sacco_desktop.domain.errors import InvalidInput

_TOO_FAR = "The last instalment lies too far ahead. Check the date."


class Frequency(StrEnum):
    """How often an instalment falls due."""

    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"


class FirstDue(StrEnum):
    """When the first instalment falls due."""

    ONE_PERIOD = "one_period"
    END_OF_NEXT_MONTH = "end_of_next_month"
    DAY_OF_NEXT_MONTH = "day_of_next_month"


PERIODS_A_YEAR = {Frequency.WEEKLY: 52, Frequency.MONTHLY: 12, Frequency.QUARTERLY: 4}
_MONTHS = {Frequency.MONTHLY: 1, Frequency.QUARTERLY: 3}
_LAST_DAY = 31


def period_ends(
    anchor: date,
    frequency: Frequency,
    count: int,
    first_due: FirstDue = FirstDue.ONE_PERIOD,
    first_due_day: int | None = None,
) -> tuple[date, ...]:
    """The start of the first period and then the `count` due dates, one period apart.

    The start is one period before the first due date, so it is the anchor itself for ONE_PERIOD. In months that are
    too short an instalment falls due on the last day: 31 Jan, 28 Feb, 31 Mar. Raises InvalidInput under `disbursed_on`
    when the last date lies beyond the calendar of the office.
    """
    months = _MONTHS.get(frequency)
    last_year = anchor.year + 1 + count // PERIODS_A_YEAR[frequency]
    if last_year >= LATEST_YEAR:
        raise InvalidInput(_TOO_FAR, "disbursed_on")
    day = _day(anchor, first_due, first_due_day)
    if months is not None:
        first = months if first_due is FirstDue.ONE_PERIOD else 1
        return tuple(add_months(anchor, first + months * k, day) for k in range(-1, count))
    week = timedelta(weeks=1)
    one = anchor + week if first_due is FirstDue.ONE_PERIOD else add_months(anchor, 1, day)
    return tuple(one + week * k for k in range(-1, count))


def anchor_after(disbursed_on: date, grace_days: int) -> date:
    """The day from which periods are counted: the payout and the days of grace after it. Raises InvalidInput."""
    if disbursed_on.year >= LATEST_YEAR:
        raise InvalidInput(_TOO_FAR, "disbursed_on")
    return disbursed_on + timedelta(days=grace_days)


def _day(anchor: date, first_due: FirstDue, first_due_day: int | None) -> int:
    if first_due is FirstDue.END_OF_NEXT_MONTH:
        return _LAST_DAY
    if first_due is FirstDue.DAY_OF_NEXT_MONTH:
        return first_due_day or _LAST_DAY
    return anchor.day
