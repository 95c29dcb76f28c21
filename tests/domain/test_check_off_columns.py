"""Columns of a check-off list that a person chose: kept as text, and found again in the next list of the employer."""

import pytest

from sacco_desktop.domain.check_off import ListWords, Places, Says, read_list
from sacco_desktop.domain.check_off_columns import as_text, choose, found_in, of_text, offered
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.old_books.cells import Row, Sheet

ROWS: tuple[Row, ...] = (
    ("Makato ya Sacco", None, None),
    ("Kazi Na.", "Jina", "Makato"),
    ("4471", "Jane", 500),
    ("4472", "Paul", 700),
)
PLACES = {Says.PAYROLL: 0, Says.NAME: 1, Says.AMOUNT: 2}


def test_what_was_chosen_reads_the_list_and_is_found_again_by_its_headings() -> None:
    sheet = Sheet("May", ROWS)
    with pytest.raises(InvalidInput, match="Say by hand"):
        read_list(sheet, ListWords({}))
    chosen = choose(sheet, 3, PLACES)
    read = read_list(sheet, ListWords({}), Places(chosen.first_row, chosen.places))
    assert [(line.row, line.payroll, line.cents) for line in read.lines] == [
        (3, "4471", 50_000),
        (4, "4472", 70_000),
    ]
    kept = of_text(chosen.first_row, as_text(chosen))
    assert kept == chosen
    # The next month they stand in another order, two rows lower.
    later = Sheet("June", ((None,), ("x",), ("MAKATO", "Kazi na", "JINA"), (9, "4471", "Jane")))
    found = found_in(later, kept)
    assert found is not None
    assert (found.first_row, found.places) == (
        4,
        {Says.AMOUNT: 0, Says.PAYROLL: 1, Says.NAME: 2},
    )
    assert found_in(Sheet("Other", (("Amount", "No"), (1, 2))), kept) is None
    assert offered(sheet, 3)[2] == (2, "C  Makato · 500")


def test_a_list_without_headings_has_its_columns_where_they_were() -> None:
    sheet = Sheet("May", ROWS[2:], first_row=1)
    chosen = choose(sheet, 1, {Says.PAYROLL: 0, Says.AMOUNT: 2})
    assert found_in(Sheet("June", ROWS[2:3]), chosen) == chosen
    assert found_in(Sheet("June", ()), chosen) is None
    for row, places, field in (
        (0, PLACES, "first_row"),
        (3, PLACES, "first_row"),
        (1, {Says.PAYROLL: 0}, "amount"),
        (1, {Says.AMOUNT: 2}, "named"),
        (1, {Says.AMOUNT: 2, Says.NAME: 2}, "named"),
    ):
        with pytest.raises(InvalidInput) as refused:
            choose(sheet, row, places)
        assert refused.value.field == field
