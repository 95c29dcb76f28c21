"""What a table shows, as data: columns, the text to search in, and the order of rows. No Qt."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Generic, TypeVar

from sacco_desktop.domain.dates import format_date
from sacco_desktop.domain.folding import folded
from sacco_desktop.domain.money import format_amount
from sacco_desktop.ui.widgets.chip_words import Chip

Row = TypeVar("Row")
NOTHING_THERE = "—"


class Align(StrEnum):
    """Texts stand left; amounts and counts right, so that decimals stand under each other."""

    LEFT = "left"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """One column. `value` takes the raw value from a row, `format` turns it into text.

    `priority` 1 is never hidden and never cut, 2 goes when room is short, 3 is off until asked for.
    `sort_key` orders by something other than the value. `widest` is a text that must fit; of a text longer than
    `longest` letters the rest may be cut and is in the tool tip. `is_figures` gives dates and
    phone numbers figures of equal width, which everything that stands right has anyway. `is_money` means cents:
    negative figures are coloured and the shown ones are added up in the foot.
    """

    title: str
    value: Callable[[Row], Any]
    format: Callable[[Any], str] = str
    align: Align = Align.LEFT
    priority: int = 1
    sort_key: Callable[[Any], Any] | None = None
    widest: str = ""
    longest: int = 0
    is_money: bool = False
    is_figures: bool = False

    def text(self, row: Row) -> str:
        """What stands in the cell; a dash when there is nothing, because an empty cell could mean
        zero."""
        value = self.value(row)
        return NOTHING_THERE if value is None else self.format(value)

    def order(self, row: Row) -> tuple[bool, Any]:
        """What the row is sorted by; rows without a value come last."""
        value = self.value(row)
        if value is None:
            return True, 0
        if self.sort_key is not None:
            return False, self.sort_key(value)
        return False, value.casefold() if isinstance(value, str) else value


def money_column(
    title: str, cents: Callable[[Row], int | None], *, priority: int = 1, widest: str = "999,999.00"
) -> Column[Row]:
    """Amounts in cents, two decimals, right aligned. The title names the currency: `Amount KES`."""
    return Column(title, cents, format_amount, Align.RIGHT, priority, widest=widest, is_money=True)


def date_column(
    title: str, day: Callable[[Row], date | datetime | None], *, priority: int = 1
) -> Column[Row]:
    """Dates such as `3 Jul 2026`, sorted as dates."""
    return Column(title, day, format_date, priority=priority, widest="30 May 2026", is_figures=True)


def chip_column(
    title: str, chip: Callable[[Row], Chip | None], order: Sequence[Chip], *, priority: int = 1
) -> Column[Row]:
    """States, sorted in the order given, which is the order of the work and not of the alphabet."""
    places = {state: place for place, state in enumerate(order)}
    return Column(
        title,
        chip,
        priority=priority,
        sort_key=lambda state: places.get(state, len(places)),
        widest=max((str(state) for state in order), key=len),
    )


def search_text(row: Row, columns: Sequence[Column[Row]]) -> str:
    """Everything the row says, hidden columns too; then the same without spaces, for phone
    numbers."""
    # Without the dashes most rows are plain letters, which are folded many times quicker than accents.
    said = folded(" ".join([column.text(row) for column in columns]).replace(NOTHING_THERE, ""))
    return f"{said}\n{said.replace(' ', '')}"


class Wanted:
    """What a person types to find rows: every word of it, in any order, or its figures without their spaces."""

    def __init__(self, typed: str) -> None:
        self._words = folded(typed).split()
        joined = "".join(self._words)
        self._figures = joined if joined.isdigit() else ""

    def fits(self, text: str) -> bool:
        """Whether a `search_text` holds it."""
        for word in self._words:
            if word not in text:
                return bool(self._figures) and self._figures in text
        return True


def in_order(rows: Sequence[Row], column: Column[Row] | None, *, descending: bool) -> list[Row]:
    """The rows sorted by a column. Equal rows keep the page's own order, in both directions; rows without a value come
    last.
    """
    if column is None:
        return list(rows)
    orders = [(column.order(row), row) for row in rows]
    with_value = [(order, row) for (is_without, order), row in orders if not is_without]
    with_value.sort(key=lambda each: each[0], reverse=descending)
    return [row for _order, row in with_value] + [row for (gone, _), row in orders if gone]
