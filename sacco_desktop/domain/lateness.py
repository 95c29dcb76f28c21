"""How late a loan is, and in which class that many days fall."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class LateBand(StrEnum):
    """The classes of the field, by days since the oldest instalment that is not paid; the value is the word for it."""

    ON_TIME = "On time"
    UP_TO_30 = "1–30 days"
    UP_TO_90 = "31–90 days"
    UP_TO_180 = "91–180 days"
    OVER_180 = "Over 180 days"


_LAST_DAY = (
    (0, LateBand.ON_TIME),
    (30, LateBand.UP_TO_30),
    (90, LateBand.UP_TO_90),
    (180, LateBand.UP_TO_180),
)


@dataclass(frozen=True, slots=True)
class LateSum:
    """The loans of one class: how many, and what they owe together in cents of principal."""

    band: LateBand
    count: int
    owed_cents: int


def days_late(unpaid: date | None, today: date) -> int:
    """Days from the oldest unpaid due date to today; 0 when nothing is unpaid."""
    return 0 if unpaid is None else max(0, (today - unpaid).days)


def band_of(days: int) -> LateBand:
    """The class that so many days late belong to."""
    return next((band for last, band in _LAST_DAY if days <= last), LateBand.OVER_180)


def by_band(loans: Iterable[tuple[int, int]]) -> tuple[LateSum, ...]:
    """Every class in its order, also the empty ones, from pairs of days late and cents owed."""
    sums = {band: [0, 0] for band in LateBand}
    for days, owed_cents in loans:
        found = sums[band_of(days)]
        found[0] += 1
        found[1] += owed_cents
    return tuple(LateSum(band, count, cents) for band, (count, cents) in sums.items())
