"""Due dates: from one anchor, clamped at the end of short months."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sacco_desktop.domain.due_dates import FirstDue, Frequency, anchor_after, period_ends
from sacco_desktop.domain.errors import InvalidInput

ANCHORS = st.dates(date(1950, 1, 1), date(2180, 12, 31))


def dues(
    anchor: date,
    frequency: Frequency,
    count: int,
    first_due: FirstDue = FirstDue.ONE_PERIOD,
    day: int | None = None,
) -> tuple[date, ...]:
    return period_ends(anchor, frequency, count, first_due, day)[1:]


def test_the_31st_is_lost_in_february_only() -> None:
    assert dues(date(2026, 1, 31), Frequency.MONTHLY, 4) == (
        date(2026, 2, 28),
        date(2026, 3, 31),
        date(2026, 4, 30),
        date(2026, 5, 31),
    )
    assert dues(date(2023, 11, 30), Frequency.QUARTERLY, 3) == (
        date(2024, 2, 29),
        date(2024, 5, 30),
        date(2024, 8, 30),
    )


def test_the_end_of_the_following_month() -> None:
    expected = (date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30))
    for paid_out in (date(2026, 1, 1), date(2026, 1, 20), date(2026, 1, 31)):
        found = dues(paid_out, Frequency.MONTHLY, 3, FirstDue.END_OF_NEXT_MONTH)
        assert found == expected


def test_a_day_of_the_next_month() -> None:
    tenth = dues(date(2026, 12, 20), Frequency.MONTHLY, 2, FirstDue.DAY_OF_NEXT_MONTH, 10)
    assert tenth == (date(2027, 1, 10), date(2027, 2, 10))
    late = dues(date(2026, 1, 5), Frequency.MONTHLY, 3, FirstDue.DAY_OF_NEXT_MONTH, 30)
    assert late == (date(2026, 2, 28), date(2026, 3, 30), date(2026, 4, 30))
    weekly = dues(date(2026, 1, 5), Frequency.WEEKLY, 2, FirstDue.DAY_OF_NEXT_MONTH, 10)
    assert weekly == (date(2026, 2, 10), date(2026, 2, 17))


def test_the_first_period_starts_one_period_before_its_due_date() -> None:
    anchor = date(2026, 1, 20)
    assert period_ends(anchor, Frequency.WEEKLY, 1)[0] == anchor
    assert period_ends(anchor, Frequency.MONTHLY, 1)[0] == anchor
    ends = period_ends(anchor, Frequency.MONTHLY, 1, FirstDue.END_OF_NEXT_MONTH)
    assert ends == (date(2026, 1, 31), date(2026, 2, 28))


def test_days_of_grace_come_before_the_first_period() -> None:
    assert anchor_after(date(2024, 1, 1), 28) == date(2024, 1, 29)


@pytest.mark.parametrize("frequency", list(Frequency))
def test_refuses_dates_beyond_the_calendar(frequency: Frequency) -> None:
    with pytest.raises(InvalidInput) as refused:
        period_ends(date(2190, 1, 1), frequency, 1040)
    assert refused.value.field == "disbursed_on"
    with pytest.raises(InvalidInput):
        anchor_after(date.max, 1)


@given(ANCHORS, st.integers(1, 60), st.sampled_from(FirstDue), st.integers(1, 31))
def test_due_dates_rise_and_keep_their_day(
    anchor: date, count: int, first_due: FirstDue, day: int
) -> None:
    asked = day if first_due is FirstDue.DAY_OF_NEXT_MONTH else None
    wanted = {FirstDue.ONE_PERIOD: anchor.day, FirstDue.END_OF_NEXT_MONTH: 31}.get(first_due, day)
    monthly = dues(anchor, Frequency.MONTHLY, count, first_due, asked)
    assert all(due.day == wanted or (due + timedelta(days=1)).day == 1 for due in monthly)
    assert list(monthly) == sorted(set(monthly))
    assert monthly[0] > anchor
    weekly = dues(anchor, Frequency.WEEKLY, count, first_due, asked)
    assert weekly[-1] - weekly[0] == timedelta(weeks=count - 1)
    assert weekly[0] > anchor
