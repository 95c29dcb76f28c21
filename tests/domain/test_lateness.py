"""Days late come from what the ledger says is owed, held against the schedule; nothing else makes a loan late."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sacco_desktop.domain.lateness import Due, LateBand, band_of, by_band, days_late, unpaid_since

# 30,000 over three months, and a month of interest alone in between.
SCHEDULE = (
    Due(date(2026, 1, 31), 20_000_00),
    Due(date(2026, 2, 28), 20_000_00),
    Due(date(2026, 3, 31), 10_000_00),
    Due(date(2026, 4, 30), 0),
)


@pytest.mark.parametrize(
    ("owed", "today", "since"),
    [
        (30_000_00, date(2026, 1, 31), None),
        (30_000_00, date(2026, 2, 1), date(2026, 1, 31)),
        (30_000_00, date(2026, 5, 1), date(2026, 1, 31)),
        (20_000_00, date(2026, 3, 31), None),
        (20_000_01, date(2026, 3, 31), date(2026, 1, 31)),
        (20_000_00, date(2026, 4, 1), date(2026, 3, 31)),
        (15_000_00, date(2026, 4, 1), date(2026, 3, 31)),
        (10_000_00, date(2026, 4, 30), None),
        (1, date(2026, 5, 1), date(2026, 4, 30)),
        (0, date(2030, 1, 1), None),
        (-500_00, date(2030, 1, 1), None),
    ],
)
def test_the_oldest_instalment_that_is_not_covered(
    owed: int, today: date, since: date | None
) -> None:
    assert unpaid_since(SCHEDULE, owed, today) == since


def test_a_loan_without_a_schedule_is_not_late() -> None:
    assert unpaid_since((), 30_000_00, date(2026, 5, 1)) is None


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


@given(paid=st.integers(0, 30_000_00), more=st.integers(0, 30_000_00), day=st.integers(0, 200))
def test_who_pays_more_is_never_later(paid: int, more: int, day: int) -> None:
    today = date(2026, 1, 1) + timedelta(days=day)

    def late(repaid: int) -> int:
        return days_late(unpaid_since(SCHEDULE, 30_000_00 - repaid, today), today)

    assert late(min(paid + more, 30_000_00)) <= late(paid)
