"""Proves a statement: puts its rows into the order in which they happened and names the first that does not add up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from sacco_desktop.domain.money import format_amount
from sacco_desktop.domain.reconciling.statement import StatementRow

AS_WRITTEN, NEWEST_FIRST, SHUFFLED = "oldest first", "newest first", "in another order"


class DoesNotAddUp(Exception):
    """The running balance breaks. The message names the page, the row and by how much."""

    def __init__(self, message: str, page: int, row: int) -> None:
        super().__init__(message)
        self.page, self.row = page, row


@dataclass(frozen=True, slots=True)
class ProvenPage:
    """Rows that follow each other without a gap, the oldest first."""

    page: int
    rows: tuple[StatementRow, ...]
    opening_cents: int
    closing_cents: int
    order: str


def prove_page(page: int, rows: Sequence[StatementRow]) -> ProvenPage:
    """The rows of one page in their order. Raises DoesNotAddUp, and ValueError for a page without rows.

    The file's own order is taken before any other: completion times can lie a second beside the order in which M-Pesa
    has counted.
    """
    orders = {AS_WRITTEN: list(rows), NEWEST_FIRST: list(reversed(rows))}
    goes_up = rows[0].at <= rows[-1].at
    for words in (AS_WRITTEN, NEWEST_FIRST) if goes_up else (NEWEST_FIRST, AS_WRITTEN):
        ordered = orders[words]
        if _first_break(ordered) is None:
            return _page(page, ordered, words)
    ordered = chained(rows)
    if _first_break(ordered) is None:
        return _page(page, ordered, SHUFFLED)
    wrong = orders[AS_WRITTEN if goes_up else NEWEST_FIRST]
    at = _first_break(wrong) or 1
    before, row = wrong[at - 1].balance_cents, wrong[at]
    gives = format_amount(before + row.cents)
    raise DoesNotAddUp(
        f"{where(row)} does not add up: {format_amount(before)} {_signed(row.cents)} gives {gives}, and the row says"
        f" {format_amount(row.balance_cents)}. A row may be missing or was changed. Export the statement anew.",
        row.page,
        row.row,
    )


def chain_pages(pages: Sequence[ProvenPage]) -> tuple[StatementRow, ...]:
    """All rows of all pages, oldest first. Raises DoesNotAddUp where one page does not begin as another one ended."""
    by_time = sorted(pages, key=lambda one: (one.rows[0].at, one.rows[-1].at))
    ordered: list[StatementRow] = []
    for page in by_time:
        if ordered and ordered[-1].balance_cents != page.opening_cents:
            last, first = ordered[-1], page.rows[0]
            gap = format_amount(page.opening_cents - last.balance_cents)
            raise DoesNotAddUp(
                f"A page is missing: {where(last)} ends with {format_amount(last.balance_cents)},"
                f" and {where(first).lower()} begins with {format_amount(page.opening_cents)}. Between them {gap}"
                " moved. Export the statement anew, with all its pages.",
                first.page,
                first.row,
            )
        ordered += page.rows
    return tuple(ordered)


def chained(rows: Sequence[StatementRow]) -> list[StatementRow]:
    """The rows by their time, and those of one second in an order in which each begins with what the one before it
    left. What fits nowhere stays where its time puts it.
    """
    by_time = sorted(rows, key=lambda row: row.at)
    groups = [list(group) for _at, group in groupby(by_time, key=lambda row: row.at)]
    ordered: list[StatementRow] = []
    for group in groups:
        start = ordered[-1].balance_cents if ordered else _start_of(group)
        ordered += group if len(group) == 1 else _walk(group, start)
    return ordered


def _start_of(group: Sequence[StatementRow]) -> int:
    """Where a group begins by itself: a balance that more rows begin with than end with."""
    count: dict[int, int] = defaultdict(int)
    for row in group:
        count[row.balance_cents - row.cents] += 1
        count[row.balance_cents] -= 1
    first = group[0].balance_cents - group[0].cents
    return next((balance for balance, more in count.items() if more > 0), first)


def _walk(group: Sequence[StatementRow], start: int) -> list[StatementRow]:
    """A way along all rows, each from its balance before to the one after (Hierholzer); the group itself if none is."""
    begins: dict[int, list[StatementRow]] = defaultdict(list)
    for row in reversed(group):
        begins[row.balance_cents - row.cents].append(row)
    way: list[StatementRow] = []
    stack: list[tuple[int, StatementRow | None]] = [(start, None)]
    while stack:
        balance, came_by = stack[-1]
        if begins[balance]:
            row = begins[balance].pop()
            stack.append((row.balance_cents, row))
        else:
            stack.pop()
            if came_by is not None:
                way.append(came_by)
    return way[::-1] if len(way) == len(group) else list(group)


def _first_break(rows: Sequence[StatementRow]) -> int | None:
    for at in range(1, len(rows)):
        if rows[at - 1].balance_cents + rows[at].cents != rows[at].balance_cents:
            return at
    return None


def _page(page: int, rows: Sequence[StatementRow], order: str) -> ProvenPage:
    first = rows[0]
    opening = first.balance_cents - first.cents
    return ProvenPage(page, tuple(rows), opening, rows[-1].balance_cents, order)


def where(row: StatementRow) -> str:
    """`Row 47`, or `Row 12 on page 3` behind the first page."""
    return f"Row {row.row} on page {row.page}" if row.page > 1 else f"Row {row.row}"


def _signed(cents: int) -> str:
    return f"+ {format_amount(cents)}" if cents >= 0 else f"\u2212 {format_amount(-cents)}"
