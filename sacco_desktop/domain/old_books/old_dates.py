"""Finds out from a whole column whether the day or the month comes first; what stays open is asked, never guessed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum

from sacco_desktop.domain.dates import parse_date
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.old_books.cells import Cell, is_empty, is_formula
from sacco_desktop.domain.old_books.figures import A_FORMULA

_FIGURES = re.compile(r"([0-9]{1,2})[/. -]([0-9]{1,2})[/. -]([0-9]{4}|[0-9]{2})(?: [0-9:]{4,8})?")
_TIME_BEHIND = re.compile(r"[T ][0-9]{1,2}:[0-9]{2}(:[0-9]{2})?(\.[0-9]+)?Z?$")
_FIRST_DAY = date(1899, 12, 30)
# A day as a workbook counts it: from 1927 to 2079.
_SERIALS = range(10_000, 65_381)


class DateOrder(StrEnum):
    """How the dates of a column are read."""

    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"
    # What was typed with the day first under American settings: real dates came out swapped, the others stayed text.
    SWAPPED = "swapped"


class OrderFound(StrEnum):
    """What a column says about its order."""

    NO_MATTER = "no_matter"
    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"
    OPEN = "open"
    MIXED = "mixed"
    PERHAPS_SWAPPED = "perhaps_swapped"

    @property
    def is_question(self) -> bool:
        """Whether a person must say which order it is."""
        return self in {OrderFound.OPEN, OrderFound.MIXED, OrderFound.PERHAPS_SWAPPED}


def order_in(cells: Iterable[Cell]) -> OrderFound:
    """The order of the dates in a column. A single 25/03 proves that the day comes first, 03/25 that the month does."""
    days_first = months_first = unclear = real = real_above_12 = 0
    for cell in cells:
        if isinstance(cell, date):
            real += 1
            real_above_12 += cell.day > 12
        elif isinstance(cell, str) and (found := _FIGURES.fullmatch(" ".join(cell.split()))):
            first, second = int(found[1]), int(found[2])
            days_first += first > 12
            months_first += second > 12
            unclear += first <= 12 and second <= 12 and first != second
    if days_first and months_first:
        return OrderFound.MIXED
    if days_first and not unclear and real >= 3 and not real_above_12:
        return OrderFound.PERHAPS_SWAPPED
    if days_first:
        return OrderFound.DAY_FIRST
    if months_first:
        return OrderFound.MONTH_FIRST
    return OrderFound.OPEN if unclear else OrderFound.NO_MATTER


def date_of(cell: Cell, order: DateOrder, today: date, what: str, *, ahead_days: int = 0) -> date:
    """The date of a cell, at most so many days after `today`. Raises InvalidInput under `what`."""
    found = _read(cell, order, today, what)
    if found > today + timedelta(days=ahead_days):
        far = "too far ahead" if ahead_days else "in the future"
        raise InvalidInput(f"{what} lies {far}.", what)
    return found


def _read(cell: Cell, order: DateOrder, today: date, what: str) -> date:
    if is_empty(cell):
        raise InvalidInput(f"{what} is empty.", what)
    if is_formula(cell):
        raise InvalidInput(f"{what} {A_FORMULA}", what)
    if isinstance(cell, date):
        return _swapped(cell) if order is DateOrder.SWAPPED else cell
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        if cell not in _SERIALS:
            raise InvalidInput(f"{what} is not a date: {cell:g}.", what)
        return _FIRST_DAY + timedelta(days=int(cell))
    text = " ".join(str(cell).split())
    found = _FIGURES.fullmatch(text)
    if found and order is DateOrder.MONTH_FIRST:
        text = f"{found[2]}/{found[1]}/{found[3]}"
    elif found:
        text = f"{found[1]}/{found[2]}/{found[3]}"
    plain = _TIME_BEHIND.sub("", text)
    if not re.search(r"[0-9].*[0-9]", plain) or len(plain) < 5:
        raise InvalidInput(f"{what} is not a date: {text[:40]}.", what)
    try:
        return parse_date(plain, today, what)
    except InvalidInput:
        raise InvalidInput(f"{what} is not a date: {text[:40]}.", what) from None


def _swapped(day: date) -> date:
    """`day` with day and month exchanged, where such a day exists; above the 12th nothing was swapped."""
    return day if day.day > 12 else date(day.year, day.day, day.month)
