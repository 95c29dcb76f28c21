"""Guards reckon with days as plain SQL, since neither engine keeps dates as such."""

from datetime import UTC, date, datetime, timedelta

from sacco_desktop.db.guard import business_day, day_number
from sacco_desktop.domain.dates import business_date
from tests.make import PracticeOffice


def test_days_between_dates_and_the_day_of_a_moment_are_those_of_the_calendar(
    office: PracticeOffice,
) -> None:
    first = date(1999, 12, 30)
    # Every day over two leap years and their ends of February, and around a century that is none.
    days = [first + timedelta(days=n) for n in range(0, 1600, 3)]
    days += [date(2100, 2, 27) + timedelta(days=n) for n in range(4)]
    columns = ", ".join(f"({day_number(repr(day.isoformat()))})" for day in days)
    (found,) = office.sql(f"SELECT {columns}")
    assert [number - found[0] for number in found] == [(day - first).days for day in days]
    for moment in (
        datetime(2026, 3, 15, 20, 59, 59, tzinfo=UTC),
        datetime(2026, 3, 15, 21, tzinfo=UTC),
        datetime(2024, 2, 28, 23, tzinfo=UTC),
    ):
        text = repr(moment.isoformat(timespec="microseconds"))
        day = repr(business_date(moment).isoformat())
        assert office.sql(f"SELECT {business_day(text)} - {day_number(day)}") == [(0,)]
