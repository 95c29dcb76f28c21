"""Dates as people type them, as the office writes them, and when instalments fall due."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sacco_desktop.domain import dates
from sacco_desktop.domain.errors import InvalidInput

TODAY = date(2026, 7, 3)
NO_DAYS = [
    "",
    "7/13",
    "32/1",
    "0/1",
    "3 foo",
    "x 3 jul",
    "++",
    "+1.5",
    "now",
    "1/1/1899",
    "1/1/2200",
]
OTHER_ORDERS = ["july 3", "2026-7", "2026/07/03", "3/7/026", "3/7/20266", "3/7; x"]
LOOK_ALIKES = ["\u0663/7", "3/7/\u00b26"]
DAYS = st.dates(date(1900, 1, 1), date(2199, 12, 31))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("t", TODAY),
        ("+", date(2026, 7, 4)),
        ("-", date(2026, 7, 2)),
        ("+30", date(2026, 8, 2)),
        ("-7", date(2026, 6, 26)),
        ("13/7", date(2026, 7, 13)),
        ("3 jul", TODAY),
        ("3.7.26", TODAY),
        ("3.7.", TODAY),
        ("03-07-2026", TODAY),
        ("3jul26", TODAY),
        ("3 JULY 2025", date(2025, 7, 3)),
        ("3 Julai 2026", TODAY),
        ("1 ago", date(2026, 8, 1)),
        ("2026-07-03", TODAY),
        (" Fri  3 Jul 2026 ", TODAY),
        ("29 feb 2024", date(2024, 2, 29)),
        ("1/1/85", date(1985, 1, 1)),
        ("1/1/46", date(2046, 1, 1)),
        ("1/1/47", date(1947, 1, 1)),
    ],
)
def test_reads_what_a_person_types(text: str, day: date) -> None:
    assert dates.parse_date(text, TODAY) == day


@pytest.mark.parametrize("text", [*NO_DAYS, *OTHER_ORDERS, *LOOK_ALIKES])
def test_refuses_what_is_not_a_date(text: str) -> None:
    with pytest.raises(InvalidInput, match="day, month and year") as refused:
        dates.parse_date(text, TODAY, "joined_on")
    assert refused.value.field == "joined_on"


def test_names_a_day_that_does_not_exist() -> None:
    with pytest.raises(InvalidInput, match="There is no 30 Feb 2026"):
        dates.parse_date("30/2", TODAY)


@given(DAYS, DAYS)
def test_what_we_write_can_be_read_again(day: date, today: date) -> None:
    assert dates.parse_date(dates.format_date(day), today) == day
    assert dates.parse_date(dates.format_long_date(day), today) == day
    assert dates.parse_date(day.isoformat(), today) == day


@given(st.text("0123456789/.- tjulmar+", max_size=14))
def test_any_text_is_a_date_or_a_refusal(text: str) -> None:
    try:
        day = dates.parse_date(text, TODAY)
    except InvalidInput:
        return
    assert abs(day.year - TODAY.year) <= 300


def test_writes_dates_and_times_for_the_office() -> None:
    assert dates.format_date(TODAY) == "3 Jul 2026"
    late = datetime(2026, 7, 2, 22, 7, tzinfo=UTC)
    assert (dates.format_date(late), dates.format_time(late)) == ("3 Jul 2026", "01:07")
    assert dates.format_long_date(TODAY) == "Fri 3 Jul 2026"
    assert dates.format_time(datetime(2026, 7, 3, 11, 5, tzinfo=UTC)) == "14:05"


def test_the_business_day_turns_at_midnight_in_nairobi() -> None:
    assert dates.business_date(datetime(2026, 7, 3, 20, 59, 59, tzinfo=UTC)) == TODAY
    assert dates.business_date(datetime(2026, 7, 3, 21, 0, tzinfo=UTC)) == date(2026, 7, 4)


def test_a_moment_without_a_zone_is_a_bug() -> None:
    naive = datetime(2026, 7, 3, 20, 0, tzinfo=UTC).replace(tzinfo=None)
    for function in (dates.business_date, dates.format_time):
        with pytest.raises(ValueError, match="time zone"):
            function(naive)


def test_months_are_counted_from_the_anchor() -> None:
    assert dates.add_months(date(2024, 2, 29), 12) == date(2025, 2, 28)
    assert dates.add_months(date(2026, 3, 31), -1) == date(2026, 2, 28)
    assert dates.add_months(date(2026, 11, 30), 2) == date(2027, 1, 30)
    assert dates.add_months(date(2026, 1, 20), 1, 31) == date(2026, 2, 28)
