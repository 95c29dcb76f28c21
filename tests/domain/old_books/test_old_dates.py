"""Dates of old books: the order comes from the whole column, and what it leaves open is a question."""

from datetime import date

import pytest

from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.old_books.cells import Cell
from sacco_desktop.domain.old_books.old_dates import DateOrder, OrderFound, date_of, order_in

TODAY = date(2026, 3, 16)


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        (["03/04/2020", "25/04/2020"], OrderFound.DAY_FIRST),
        (["03/04/2020", "04/25/2020"], OrderFound.MONTH_FIRST),
        (["03/04/2020", "05/06/2021"], OrderFound.OPEN),
        (["25/04/2020", "04/25/2020"], OrderFound.MIXED),
        (["2020-04-25", "3 Apr 2020", None], OrderFound.NO_MATTER),
        ([date(2020, 4, 25)], OrderFound.NO_MATTER),
        (["05/05/2020"], OrderFound.NO_MATTER),
        (
            [date(2020, 3, 4), date(2020, 5, 6), date(2020, 7, 8), "25/04/2020"],
            OrderFound.PERHAPS_SWAPPED,
        ),
        (
            [date(2020, 3, 14), date(2020, 5, 6), date(2020, 7, 8), "25/04/2020"],
            OrderFound.DAY_FIRST,
        ),
    ],
)
def test_the_order_comes_from_the_whole_column(cells: list[Cell], found: OrderFound) -> None:
    assert order_in(cells) is found


@pytest.mark.parametrize(
    ("cell", "order", "day"),
    [
        ("03/04/2020", DateOrder.DAY_FIRST, date(2020, 4, 3)),
        ("03/04/2020", DateOrder.MONTH_FIRST, date(2020, 3, 4)),
        ("3.4.20 00:00:00", DateOrder.DAY_FIRST, date(2020, 4, 3)),
        ("2020-04-03", DateOrder.MONTH_FIRST, date(2020, 4, 3)),
        ("2020-04-03 00:00:00", DateOrder.DAY_FIRST, date(2020, 4, 3)),
        ("3 Apr 2020", DateOrder.MONTH_FIRST, date(2020, 4, 3)),
        (43924.0, DateOrder.DAY_FIRST, date(2020, 4, 3)),
        (date(2020, 3, 4), DateOrder.SWAPPED, date(2020, 4, 3)),
        ("25/04/2020", DateOrder.SWAPPED, date(2020, 4, 25)),
        (date(2020, 4, 25), DateOrder.DAY_FIRST, date(2020, 4, 25)),
    ],
)
def test_reads_a_date(cell: Cell, order: DateOrder, day: date) -> None:
    assert date_of(cell, order, TODAY, "Date joined") == day


@pytest.mark.parametrize(
    "cell",
    [None, "", "t", "+3", "soon", 2015, 0, True, "31/02/2020", "=TODAY()", "17/03/2026", 43924.5],
)
def test_refuses_what_is_no_date_of_the_past(cell: Cell) -> None:
    with pytest.raises(InvalidInput, match=r"^Date joined"):
        date_of(cell, DateOrder.DAY_FIRST, TODAY, "Date joined")
