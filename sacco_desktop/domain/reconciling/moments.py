"""Reads the times of a statement: text in the forms that M-Pesa and banks use, or a moment of a workbook."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

from sacco_desktop.domain.dates import NAIROBI, format_date, moment_of
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.old_books.cells import Cell, is_empty
from sacco_desktop.domain.old_books.old_dates import DateOrder, date_of

_TEXT = re.compile(
    r"(?:([0-9]{1,2})[-/. ]([0-9]{1,2})[-/. ]([0-9]{4})|([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2}))"
    r"[T ,]+([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:\.[0-9]+)?)? ?([AP]\.?M\.?)?",
    re.IGNORECASE | re.ASCII,
)
_DAY_IN = re.compile(
    r"(?<![0-9])(?:[0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{4}|[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2})(?![0-9])",
    re.ASCII,
)


def moment_in(cell: Cell, what: str) -> datetime:
    """The moment of a row of M-Pesa, whose day comes before the month, in UTC. Raises InvalidInput under `what`."""
    if isinstance(cell, datetime):
        return cell.replace(tzinfo=NAIROBI).astimezone(UTC)
    if isinstance(cell, date):
        return moment_of(cell)
    if is_empty(cell) or not isinstance(cell, str):
        raise InvalidInput(f"{what} is no time.", what)
    found = _TEXT.fullmatch(" ".join(cell.split()))
    if found is None:
        raise InvalidInput(f"{what} is no time: {cell.strip()[:40]}.", what)
    day, month, year = (
        (found[3], found[2], found[1])[::-1] if found[1] else (found[6], found[5], found[4])
    )
    hour = int(found[7])
    if found[10]:
        hour = hour % 12 + (12 if found[10].upper().startswith("P") else 0)
    try:
        local = datetime(
            int(year), int(month), int(day), hour, int(found[8]), int(found[9] or 0), tzinfo=NAIROBI
        )
    except ValueError:
        raise InvalidInput(f"{what} is no time: {cell.strip()[:40]}.", what) from None
    return local.astimezone(UTC)


def day_in(cell: Cell, order: DateOrder, today: date, what: str) -> datetime:
    """The day of a row of a bank as the moment at which it begins. Raises InvalidInput under `what`."""
    if isinstance(cell, datetime):
        cell = cell.date()
    return moment_of(date_of(cell, order, today, what))


def period_in(text: str) -> tuple[date, date] | None:
    """The first and the last day that a line names: `From 01-03-2026 00:00:00 To 31-03-2026 23:59:59`."""
    days = [_day(found) for found in _DAY_IN.findall(text)]
    known = [day for day in days if day is not None]
    return (known[0], known[1]) if len(known) == 2 and known[0] <= known[1] else None


def _day(text: str) -> date | None:
    one, two, three = (int(part) for part in re.split("[-/.]", text))
    year, month, day = (one, two, three) if one > 31 else (three, two, one)
    try:
        return date(year, month, day)
    except ValueError:
        return None


def outside(day: date, first: date, last: date) -> str:
    """What is said of a row whose day the statement does not cover; empty when it does."""
    if first <= day <= last:
        return ""
    return (
        f"lies on {format_date(day)}, and the statement goes from {format_date(first)} to {format_date(last)}."
        " Day and month may be exchanged; export the statement anew and do not save it in between."
    )
