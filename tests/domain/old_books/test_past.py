"""What old books tell of the past: guarantors, repayments that explain what is left, months that add up."""

from datetime import date

import pytest

from sacco_desktop.domain.old_books.cells import Row
from sacco_desktop.domain.old_books.headings import HeadingMonth, Meaning, month_in
from sacco_desktop.domain.old_books.lines import GuarantorLine, MonthsLine, RepaymentLine, RowState
from sacco_desktop.domain.old_books.plan import BookKind, kind_of
from sacco_desktop.domain.old_books.row_reader import Known, KnownLoan, KnownMember
from tests.domain.old_books.test_checking import checked

MEMBERS = {
    "M-0001": KnownMember("M-0001", "Jane Kamau", "23456789", "254712345678"),
    "M-0002": KnownMember("M-0002", "Otieno Okoth", "11223344", "254733111222", True, 90_000),
}
LOANS = {
    "L-0412": KnownLoan("M-0001", 60_000_00, date(2025, 9, 25), True, 45_000_00, date(2026, 3, 10)),
    "L-0500": KnownLoan("M-0002", 5_000_00, date(2026, 1, 20)),
    "L-0600": KnownLoan("M-0002", 5_000_00, date(2024, 1, 20), False),
}
KNOWN = Known(
    members=MEMBERS,
    loans=LOANS,
    ids={one.national_id: one.number for one in MEMBERS.values()},
    guarantees=frozenset({("L-0500", "M-0001")}),
)
GUARANTORS: Row = ("Loan No", "Guarantor No", "Name", "Amount")
PAID: Row = ("Loan No", "Date", "Receipt No", "Amount", "Principal", "Interest", "Balance")
MONTHS: Row = ("M/No", "Names", "B/F", "Jan-25", date(2025, 2, 1), "03/2025", "Total")


def test_guarantors_are_found_by_member_number_or_id() -> None:
    found = checked(
        GUARANTORS,
        (412, "M-0002", "OKOTH", "KES 20,000"),
        (500, 23456789.0, "Jane", 5000),
        ("", "TOTAL", "", 25000),
        known=KNOWN,
    )
    assert [row.line for row in found.rows] == [
        GuarantorLine("L-0412", "M-0002", 20_000_00),
        None,
        None,
    ]
    assert [row.state for row in found.rows] == [
        RowState.READY, RowState.ALREADY, RowState.TOTALS,
    ]  # fmt: skip
    assert [(one.name, one.ready_cents, one.old_cents) for one in found.totals] == [
        ("Amount guaranteed", 20_000_00, 25_000_00)
    ]


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        ((7, 2, "", 100), "Loan number", "There is no loan L-0007"),
        ((412, 9, "", 100), "Guarantor", "No member has 9 as member number or ID number"),
        ((412, "Jane Kamau", "", 100), "Guarantor", "No member has Jane Kamau"),
        ((412, 1, "", 100), "Guarantor", "M-0001 is the borrower of L-0412"),
        ((412, 2, "Paul Mwangi", 100), "Full name", "M-0002 is Otieno Okoth in the books"),
        ((412, 2, "", 0), "Amount guaranteed", "is zero"),
        ((412, 2, "", "60,000.01"), "Amount guaranteed", "so nobody guarantees more"),
        ((600, 1, "", 100), "Loan number", "Nothing is owed on L-0600 any more"),
    ],
)
def test_what_is_wrong_with_a_guarantor_is_named(row: Row, column: str, words: str) -> None:
    [problem] = checked(GUARANTORS, row, known=KNOWN).problems
    assert (problem.row, problem.column) == (2, column)
    assert words in problem.message


def test_a_guarantor_twice_on_one_loan_is_an_error_of_both_rows() -> None:
    found = checked(GUARANTORS, (412, 2, "", 100), (412, "11223344", "", 200), known=KNOWN)
    assert len(found.problems) == 2


def test_repayments_that_lead_to_the_balance_are_kept() -> None:
    found = checked(
        PAID,
        (412, date(2025, 10, 25), "R1", 5600, 5000, 600, 55000),
        (412, "25/11/2025", "R2", "10,500.00", 10000, 500, 45000),
        known=KNOWN,
    )
    assert found.lines == (
        RepaymentLine("L-0412", date(2025, 10, 25), "R1", 5600_00, 5000_00, 600_00),
        RepaymentLine("L-0412", date(2025, 11, 25), "R2", 10500_00, 10000_00, 500_00),
    )
    assert [one.name for one in found.totals] == ["Amount paid", "Principal paid", "Interest paid"]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ((412, date(2025, 10, 25), "R1", 5600, 5000, 600, 0), "was repaid by the balance"),
        ((412, date(2025, 10, 25), "R1", 15000, 15000, 600, 0), "more than was paid"),
        ((412, date(2025, 9, 1), "R1", 15600, 15000, 600, 0), "was not paid out before this day"),
        ((412, date(2026, 3, 12), "R1", 15600, 15000, 600, 0), "lies after the opening balance"),
        ((412, date(2025, 10, 25), "R1", 0, None, None, 0), "Nothing was paid in this row"),
        ((500, date(2026, 2, 20), "R1", 100, 100, 0, 0), "granted in these books"),
        ((9, date(2026, 2, 20), "R1", 100, 100, 0, 0), "There is no loan L-0009"),
    ],
)
def test_repayments_that_do_not_explain_the_balance_are_problems(row: Row, words: str) -> None:
    found = checked(PAID, row, known=KNOWN)
    assert found.lines == ()
    assert any(words in one.message for one in found.problems)


def test_what_is_not_divided_pays_at_least_what_was_repaid() -> None:
    head: Row = ("Loan No", "Date paid", "Amount paid")
    enough = checked(head, (412, date(2025, 10, 25), 15600), known=KNOWN)
    assert [row.state for row in enough.rows] == [RowState.READY]
    short = checked(head, (412, date(2025, 10, 25), 14999), known=KNOWN)
    assert "KES 15,000.00 was repaid" in short.problems[0].message
    twice = checked(head, *[(412, date(2025, 10, 25), 15600)] * 2, known=KNOWN)
    assert len(twice.problems) == 2


def test_months_add_up_to_the_balance() -> None:
    found = checked(
        MONTHS, (1, "Jane", 1000, 500, None, "250-", 1250), ("", "TOTAL", "", "", "", "", 1250),
        known=KNOWN,
    )  # fmt: skip
    months = (("2025-01", 500_00), ("2025-02", 0), ("2025-03", -250_00))
    assert found.lines == (MonthsLine("M-0001", 1000_00, months, True),)
    assert found.lines[0].deposits_cents == 1250_00
    assert found.totals[0].difference_cents == 0


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ((1, "Jane", 1000, 500, 0, 0, 1600), "add up to KES 1,500.00, and the total says"),
        ((1, "Jane", 0, -500, 0, 0, -500), "below zero"),
        ((2, "Otieno", 0, 500, 0, 0, 500), "and KES 900.00 was brought forward"),
        ((9, "Paul", 0, 500, 0, 0, 500), "There is no member M-0009"),
        ((1, "Jane", 0, "abc", 0, 0, 0), "January is not a number: abc"),
    ],
)
def test_months_that_do_not_add_up_are_problems(row: Row, words: str) -> None:
    found = checked(MONTHS, row, known=KNOWN)
    assert found.lines == ()
    assert any(words in one.message for one in found.problems)


def test_months_explain_a_balance_that_was_brought_before() -> None:
    [line] = checked(MONTHS, (2, "Otieno", 400, 500, 0, 0, 900), known=KNOWN).lines
    assert isinstance(line, MonthsLine)
    assert not line.is_posted


def test_an_empty_month_is_nothing_only_where_a_total_proves_it() -> None:
    found = checked(("M/No", "Names", "January", "February"), (1, "Jane", 500, None), known=KNOWN)
    assert "February is empty" in found.problems[0].message


def test_a_month_after_the_day_of_the_balances_is_asked_about() -> None:
    head: Row = ("M/No", "Names", "March", "April", "Total")
    found = checked(head, (1, "Jane", 500, 100, 600), known=KNOWN)
    assert "April lies after the day of the balances" in found.problems[0].message
    found = checked(head, (1, "Jane", 500, 100, 600), known=KNOWN, as_of=date(2025, 12, 31))
    [line] = found.lines
    assert isinstance(line, MonthsLine)
    assert line.months == (("2025-03", 500_00), ("2025-04", 100_00))


def test_headings_name_months_in_many_ways() -> None:
    for text, month, year in (
        ("Jan", 1, None),
        ("SEPT", 9, None),
        ("December 2025", 12, 2025),
        ("Jul-25", 7, 2025),
        ("07/2025", 7, 2025),
        ("2025-07", 7, 2025),
    ):
        assert month_in(text) == HeadingMonth(month, year)
    for text in ("Total", "Marital status", "Mayor", "13/2025", "Januari x"):
        assert month_in(text) is None


def test_a_loan_register_with_a_last_payment_stays_a_loan_register() -> None:
    columns = (Meaning.LOAN_NO, Meaning.PRODUCT, Meaning.GRANTED_ON, Meaning.PAID_ON)
    assert kind_of(columns) is BookKind.LOANS
