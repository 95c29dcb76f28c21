"""Business dates of the office in Nairobi: reading, writing, and steps of months."""

from __future__ import annotations

import calendar
import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from sacco_desktop.domain.errors import InvalidInput

NAIROBI = ZoneInfo("Africa/Nairobi")

DATE_SENTENCE = "Write the date as day, month and year, for example 3 Jul 2026."
EARLIEST_YEAR, LATEST_YEAR = 1900, 2199

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTH_NAMES = (
    (
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ),
    (
        "januari",
        "februari",
        "machi",
        "aprili",
        "mei",
        "juni",
        "julai",
        "agosti",
        "septemba",
        "oktoba",
        "novemba",
        "desemba",
    ),
)
_STEP = re.compile(r"([+-])([0-9]{0,4})")
_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_FIGURES = re.compile(r"([0-9]{1,2})[/. -]([0-9]{1,2})(?:[/. -]([0-9]{4}|[0-9]{2}))?\.?")
_NAMED = re.compile(
    r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6},? )?"
    r"([0-9]{1,2})[/. -]?([a-z]{3,9})(?:[/., -]{0,2}([0-9]{4}|[0-9]{2}))?"
)


def business_date(moment_utc: datetime) -> date:
    """The date in the office at a moment. Raises ValueError for a moment without a zone."""
    return _in_nairobi(moment_utc).date()


def moment_of(day: date, hour: int = 0) -> datetime:
    """The moment at which an hour of a day in the office begins, in UTC."""
    return datetime(day.year, day.month, day.day, hour, tzinfo=NAIROBI).astimezone(UTC)


def parse_date(text: str, today: date, field: str = "date") -> date:
    """The date a person typed: `t`, `+`, `-7`, `3/7`, `3 jul`, `3.7.26`, `Fri 3 Jul 2026` or ISO.

    The day always comes before the month. A missing year is this year; two figures mean the century
    that lies between 79 years ago and 20 years ahead. Raises InvalidInput under `field`.
    """
    plain = " ".join(text.lower().split())
    if plain in {"t", "today", "leo"}:
        return today
    if step := _STEP.fullmatch(plain):
        return _stepped(today, step, field)
    if found := _ISO.fullmatch(plain):
        return _real_date(int(found[1]), int(found[2]), int(found[3]), field)
    if found := _FIGURES.fullmatch(plain):
        return _real_date(_year(found[3], today), int(found[2]), int(found[1]), field)
    if found := _NAMED.fullmatch(plain):
        return _real_date(_year(found[3], today), _month(found[2], field), int(found[1]), field)
    raise InvalidInput(DATE_SENTENCE, field)


def format_date(day: date) -> str:
    """`3 Jul 2026`, in every language of the computer the same; of a moment its day in the office, which in the first
    hours is another one than in UTC.
    """
    if isinstance(day, datetime):
        day = business_date(day)
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def format_long_date(day: date) -> str:
    """`Fri 3 Jul 2026`, as forms show it."""
    return f"{_WEEKDAYS[day.weekday()]} {format_date(day)}"


def format_time(moment_utc: datetime) -> str:
    """`14:05` in Nairobi."""
    return f"{_in_nairobi(moment_utc):%H:%M}"


def add_months(anchor: date, months: int, day: int | None = None) -> date:
    """The same day `months` later, or the last day of a month that is too short for it; `day` is another day than that
    of the anchor.

    Always count from the anchor (31 Jan, 28 Feb, 31 Mar): a step from the previous date would lose
    the 31st for good.
    """
    years, month_index = divmod(anchor.year * 12 + anchor.month - 1 + months, 12)
    last_day = calendar.monthrange(years, month_index + 1)[1]
    return date(years, month_index + 1, min(day or anchor.day, last_day))


def _in_nairobi(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return moment.astimezone(NAIROBI)


def _stepped(today: date, step: re.Match[str], field: str) -> date:
    days = int(step[2] or "1")
    try:
        return today + timedelta(days=days if step[1] == "+" else -days)
    except OverflowError:
        raise InvalidInput(DATE_SENTENCE, field) from None


def _year(text: str | None, today: date) -> int:
    if text is None:
        return today.year
    if len(text) == 4:
        return int(text)
    latest = today.year + 20
    return latest - (latest - int(text)) % 100


def _month(text: str, field: str) -> int:
    for names in _MONTH_NAMES:
        for number, name in enumerate(names, start=1):
            if name.startswith(text):
                return number
    raise InvalidInput(DATE_SENTENCE, field)


def _real_date(year: int, month: int, day: int, field: str) -> date:
    if not EARLIEST_YEAR <= year <= LATEST_YEAR or not 1 <= month <= 12:
        raise InvalidInput(DATE_SENTENCE, field)
    try:
        return date(year, month, day)
    except ValueError:
        name = _MONTHS[month - 1]
        raise InvalidInput(f"There is no {day} {name} {year}. {DATE_SENTENCE}", field) from None
