"""Check-off lists: what their columns say, every fault by row and column, who is who, and what is paid first."""

from dataclasses import replace

import pytest

from sacco_desktop.domain.check_off import (
    LOAN,
    PRODUCT,
    Due,
    ListLine,
    Order,
    Person,
    divide,
    left_over,
    match,
    read_list,
    read_words,
)
from sacco_desktop.domain.errors import InvalidInput, Problem
from sacco_desktop.domain.old_books.cells import Sheet
from sacco_desktop.settings import resources_dir

WORDS = read_words((resources_dir() / "check_off_headings.toml").read_text("utf-8"))
JANE = Person(1, "M-0001", "Jane Wanjiku", "12345678", "455", "County of Voi", "active")
ALI = Person(2, "M-0002", "Ali Hassan", "23456789", "456", "COUNTY OF VOI.", "active")
GONE = Person(3, "M-0003", "Mary Atieno", "34567890", "", "", "exited")
TWIN = Person(4, "M-0004", "Ali Hassan", "45678901", "455", "Other Ltd", "active")
PEOPLE = (JANE, ALI, GONE, TWIN)


def test_a_list_is_read_below_its_heading_and_every_fault_has_its_cell() -> None:
    sheet = Sheet(
        "May",
        (
            ("County of Voi", None, None, None),
            ("P/F No.", "Names", "Deposits", "Total (KES)"),
            (455.0, "Wanjiku Jane", 1, "KES 1,500.50"),
            ("0456", "Ali", 1, 0),
            ("789", "X", 1, "much"),
            (4.5, "Y", 1, -3),
            (None, None, None, None),
            ("TOTAL", None, 4, 1500.5),
            (None, None, None, 99),
        ),
        first_row=3,
    )
    found = read_list(sheet, WORDS)
    assert found.lines == (ListLine(5, 150_050, "455", name="Wanjiku Jane"),)
    assert (found.cents, found.nothing) == (150_050, 1)
    assert [(one.row, one.column) for one in found.problems] == [
        (7, "Amount"),
        (8, "Payroll number"),
        (8, "Amount"),
    ]
    assert isinstance(found.problems[0], Problem)


@pytest.mark.parametrize("heading", [("Name", "Town"), ("Town", "Amount"), ("a", "b")])
def test_a_sheet_without_its_columns_is_refused(heading: tuple[str, str]) -> None:
    with pytest.raises(InvalidInput, match="No heading was found") as refused:
        read_list(Sheet("S", (heading, ("x", 1))), WORDS)
    assert refused.value.field == "file"


@pytest.mark.parametrize(
    ("line", "member", "column", "words"),
    [
        (ListLine(2, 1, payroll="0455"), 1, "", ""),
        (ListLine(2, 1, member_no="m2", name="HASSAN A."), 2, "", ""),
        (ListLine(2, 1, national_id="012345678"), 1, "", ""),
        (ListLine(2, 1, name="wanjiku, JANE"), 1, "", ""),
        (ListLine(2, 1, name="Ali Hassan"), None, "Name", "is the name of M-0002, M-0004"),
        (ListLine(2, 1, name="Nobody"), None, "Name", "Nobody is not known"),
        (ListLine(2, 1, payroll="9", name="Jane Wanjiku"), None, "Payroll number", "of M-0001"),
        (ListLine(2, 1, payroll="455", name="Ali"), None, "Name", "but this is Jane Wanjiku"),
        (
            ListLine(2, 1, payroll="455", national_id="23456789"),
            None,
            "Payroll number",
            "is of M-0001 and ID number is of M-0002",
        ),
        (ListLine(2, 1, member_no="3"), None, "Member number", "M-0003 is no member any more"),
    ],
)
def test_whoever_a_line_names_is_found_or_said_why_not(
    line: ListLine, member: int | None, column: str, words: str
) -> None:
    (found,) = match([line], PEOPLE, "County of Voi")
    assert (found.member_id, found.column) == (member, column)
    assert words in found.problem
    assert bool(found.problem) == (member is None)


def test_nobody_stands_twice_and_who_is_missing_is_named() -> None:
    line = ListLine(2, 100, payroll="455")
    found = match([line, replace(line, row=9)], PEOPLE, "county of voi")
    assert [one.member_id for one in found] == [1, None]
    assert "stands in row 2 already" in found[1].problem
    assert left_over(found, PEOPLE, "County of Voi") == (ALI,)


def test_money_pays_what_is_due_in_the_order_of_the_society_and_then_deposits() -> None:
    dues = (Due(PRODUCT, 7, 300), Due(LOAN, 1, 500), Due(LOAN, 2, 400))
    assert divide(1_000, dues, Order.LOANS_FIRST) == (
        (Due(LOAN, 1, 500), Due(LOAN, 2, 400), Due(PRODUCT, 7, 100)),
        0,
    )
    assert divide(1_000, dues, Order.DUES_FIRST)[0][0] == Due(PRODUCT, 7, 300)
    assert divide(2_000, dues, Order.LOANS_FIRST)[1] == 800
    assert divide(1_000, dues, Order.DEPOSITS_ONLY) == ((), 1_000)
    assert divide(1_000, (), Order.LOANS_FIRST) == ((), 1_000)
