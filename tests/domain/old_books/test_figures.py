"""The figures of old books: what is read, what is refused, and that nothing is guessed."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.money import LARGEST_AMOUNT_CENTS, format_amount
from sacco_desktop.domain.old_books.cells import Cell, column_letters, words_of
from sacco_desktop.domain.old_books.figures import (
    amount_of,
    national_id_of,
    old_loan_number,
    old_member_number,
    phone_of,
)


@pytest.mark.parametrize(
    ("cell", "cents"),
    [
        (184500, 18450000),
        (184500.5, 18450050),
        (0.1 + 0.2, 30),
        ("184,500", 18450000),
        ("KES 184,500.00", 18450000),
        ("Ksh.1,200/=", 120000),
        ("Kshs 1 200", 120000),
        ("1,200.50-", -120050),
        ("(1,200)", -120000),
        ("KES (1,200)", -120000),
        ("−5", -500),
        ("- 5.25", -525),
        ("1\u00a0200", 120000),
        ("-", 0),
        ("nil", 0),
        (0, 0),
        ("2500.5000", 250050),
    ],
)
def test_reads_amounts_as_registers_write_them(cell: Cell, cents: int) -> None:
    assert amount_of(cell, "Deposits") == cents


@pytest.mark.parametrize(
    "cell",
    [
        None,
        "",
        "  ",
        "abc",
        "1.234,56",
        "1,23,456",
        "12,5",
        "1.2E+05",
        "=SUM(A1:A9)",
        "12.345",
        12.345,
        float("nan"),
        float("inf"),
        1e18,
        True,
        date(2025, 1, 1),
        "٣٤",
        "1_000",
        "12 and 13",
        "--5",
    ],
)
def test_refuses_amounts_that_could_mean_something_else(cell: Cell) -> None:
    with pytest.raises(InvalidInput, match=r"^Deposits ") as refused:
        amount_of(cell, "Deposits")
    assert refused.value.field == "Deposits"


@given(st.integers(-LARGEST_AMOUNT_CENTS, LARGEST_AMOUNT_CENTS))
def test_what_the_office_prints_is_read_back(cents: int) -> None:
    assert amount_of(format_amount(cents), "Deposits") == cents


@pytest.mark.parametrize(
    "cell",
    [
        712345678,
        712345678.0,
        254712345678.0,
        "0712 345 678",
        "712345678",
        "+254 (0) 712345678",
        "'0712345678",
    ],
)
def test_reads_a_phone_whatever_the_workbook_made_of_it(cell: Cell) -> None:
    assert phone_of(cell) == "254712345678"


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("2.54712E+11", "scientific notation"),
        (2.0**60, "scientific notation"),
        ("71234", "it has 5 figures"),
        ("0712345678/0733111222", "more than one number"),
        (None, "missing"),
        (date(2025, 1, 1), "is a date"),
    ],
)
def test_says_what_is_wrong_with_a_phone(cell: Cell, words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        phone_of(cell)


def test_an_id_that_was_a_float_keeps_its_figures() -> None:
    assert national_id_of(23456789.0) == "23456789"
    assert national_id_of("23456789.0") == "23456789"
    assert national_id_of("0123456") == "0123456"
    with pytest.raises(InvalidInput, match="scientific"):
        national_id_of("2.3E+07")
    with pytest.raises(InvalidInput, match="scientific"):
        national_id_of(float(2**53))


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        (5, "M-0005"),
        (5.0, "M-0005"),
        ("005", "M-0005"),
        ("M/005", "M-0005"),
        ("M-0005", "M-0005"),
        ("m005", "M-0005"),
        ("UM/77 A", "M-UM-77-A"),
        (123456, "M-123456"),
    ],
)
def test_members_keep_their_numbers(cell: Cell, number: str) -> None:
    assert old_member_number(cell) == number
    assert old_member_number(number) == number


@pytest.mark.parametrize("cell", ["", "0", "TOTAL", 5.5, "1" * 30, "—"])
def test_what_is_no_number_is_refused(cell: Cell) -> None:
    with pytest.raises(InvalidInput, match="Member number"):
        old_member_number(cell)


def test_loans_keep_their_numbers() -> None:
    assert old_loan_number("412") == "L-0412"
    assert old_loan_number("DL/77") == "L-DL-77"


def test_cells_are_shown_as_people_read_them() -> None:
    shown = [words_of(one) for one in (None, 5.0, 2.5, True, date(2025, 1, 1), " a  b ")]
    assert shown == ["", "5", "2.5", "yes", "1 Jan 2025", "a b"]
    assert [column_letters(at) for at in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]
