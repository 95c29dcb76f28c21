"""Days late are counted from the oldest due date that is unpaid."""

from __future__ import annotations

from datetime import date

import pytest

from sacco_desktop.domain.lateness import LateBand, band_of, by_band, days_late


@pytest.mark.parametrize(
    ("days", "band"),
    [
        (0, LateBand.ON_TIME),
        (1, LateBand.UP_TO_30),
        (30, LateBand.UP_TO_30),
        (31, LateBand.UP_TO_90),
        (90, LateBand.UP_TO_90),
        (91, LateBand.UP_TO_180),
        (180, LateBand.UP_TO_180),
        (181, LateBand.OVER_180),
        (4000, LateBand.OVER_180),
    ],
)
def test_the_classes(days: int, band: LateBand) -> None:
    assert band_of(days) is band


def test_days_are_counted_from_the_due_date() -> None:
    assert days_late(date(2026, 1, 31), date(2026, 2, 1)) == 1
    assert days_late(None, date(2026, 2, 1)) == 0


def test_every_class_is_named_and_added_up() -> None:
    found = by_band([(0, 100), (12, 200), (30, 300), (365, 5)])
    assert [(each.band, each.count, each.owed_cents) for each in found] == [
        (LateBand.ON_TIME, 1, 100),
        (LateBand.UP_TO_30, 2, 500),
        (LateBand.UP_TO_90, 0, 0),
        (LateBand.UP_TO_180, 0, 0),
        (LateBand.OVER_180, 1, 5),
    ]
