"""Whole sheets of old books: headings, totals rows, doubles, and what is in the books already."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from sacco_desktop.domain.old_books.cells import Row, Sheet
from sacco_desktop.domain.old_books.checking import check, corrected
from sacco_desktop.domain.old_books.headings import Meaning, find_heading, read_vocabulary, suggest
from sacco_desktop.domain.old_books.lines import Checked, LoanLine, MemberLine, RowState
from sacco_desktop.domain.old_books.old_dates import OrderFound
from sacco_desktop.domain.old_books.plan import (
    BookKind,
    Plan,
    kind_of,
    order_taken,
    questions_of,
    still_needed,
)
from sacco_desktop.domain.old_books.row_reader import (
    Known,
    KnownAccount,
    KnownMember,
    KnownProduct,
)

TODAY = date(2026, 3, 16)
NOTHING = Known()
WORDS = read_vocabulary(
    (Path(__file__).parents[3] / "resources" / "old_book_headings.toml").read_text("utf-8")
)
HEAD: Row = ("M/No.", "Names", "ID No", "Tel", "Date Joined", "Deposits", "Share Capital")
JANE: Row = (1, "JANE WANJIKU KAMAU", 23456789.0, "712345678", "25/03/2019", "184,500", 20000)
OTIENO: Row = (2, "Otieno Okoth", "11223344", 733111222.0, "03/04/2020", "KES 500.50", 0)


def plan_of(sheet: Sheet, **changes: object) -> Plan:
    heading = find_heading(sheet.rows, WORDS)
    assert heading is not None
    columns = suggest(heading, WORDS)
    below = sheet.rows[heading.at + heading.depth :]
    asked = questions_of(heading, below, columns, WORDS)
    plan = Plan(
        kind_of(columns), heading.at, heading.depth, columns, TODAY, order_taken(asked.order)
    )
    return replace(plan, **changes)  # type: ignore[arg-type]


def checked(*rows: Row, known: Known = NOTHING, **changes: object) -> Checked:
    sheet = Sheet("MEMBERS", rows)
    return check(sheet, plan_of(sheet, **changes), known, TODAY)


def test_a_register_becomes_members_with_their_balances() -> None:
    found = checked(
        ("UMOJA SACCO",), (), HEAD, JANE, OTIENO, ("", "TOTAL", "", "", "", 185000.5, 20000)
    )
    first = found.rows[0].line
    assert first == MemberLine(
        "M-0001", "JANE", "WANJIKU", "KAMAU", "23456789", "254712345678", date(2019, 3, 25), 18450000, 2000000
    )  # fmt: skip
    assert found.rows[0].row == 4
    assert [row.state for row in found.rows] == [RowState.READY, RowState.READY, RowState.TOTALS]
    assert [(one.name, one.ready_cents, one.difference_cents) for one in found.totals] == [
        ("Deposits", 18500050, 0),
        ("Share capital", 2000000, 0),
    ]


def test_a_merged_heading_of_two_rows_is_read_as_one() -> None:
    upper: Row = ("MEMBER", None, None, None, None, "BALANCES", None)
    sheet = Sheet("S", (upper, HEAD, JANE))
    heading = find_heading(sheet.rows, WORDS)
    assert heading is not None
    assert heading.at + heading.depth == 2
    loan = find_heading(
        (("Loan", None, "Outstanding"), ("No", "Type", "Balance"), (1, "Dev", 5)), WORDS
    )
    assert loan is not None
    assert loan.texts == ("Loan No", "Loan Type", "Outstanding Balance")


def test_shares_alone_are_a_question() -> None:
    head: Row = ("M/No", "Names", "ID No", "Tel", "Shares")
    heading = find_heading((head, JANE[:4]), WORDS)
    assert heading is not None
    columns = suggest(heading, WORDS)
    assert columns[4] is None
    assert questions_of(heading, (), columns, WORDS).shares_columns == (4,)
    answered = (*columns[:4], Meaning.DEPOSITS)
    assert questions_of(heading, (), answered, WORDS).shares_columns == ()


def test_shares_beside_deposits_and_share_capital_are_no_question() -> None:
    head: Row = (*HEAD, "Shares")
    heading = find_heading((head, JANE), WORDS)
    assert heading is not None
    assert questions_of(heading, (), suggest(heading, WORDS), WORDS).shares_columns == ()


def test_dates_that_could_be_read_both_ways_are_a_question() -> None:
    sheet = Sheet("S", (HEAD, OTIENO))
    heading = find_heading(sheet.rows, WORDS)
    assert heading is not None
    asked = questions_of(heading, sheet.rows[1:], suggest(heading, WORDS), WORDS)
    assert asked.order is OrderFound.OPEN
    assert plan_of(sheet).order is None


def test_the_same_member_twice_is_an_error_of_both_rows() -> None:
    again: Row = ("001", "Jane Kamau", "99887766", "0722000111", "25/03/2019", 5, 5)
    found = checked(HEAD, JANE, OTIENO, again)
    assert [row.state for row in found.rows] == [RowState.PROBLEM, RowState.READY, RowState.PROBLEM]
    assert "row 4 as well" in found.rows[0].problems[0].message
    assert "row 2 as well" in found.rows[2].problems[0].message


def test_every_problem_of_a_row_is_told() -> None:
    bad: Row = (3, "Amina", "12", "712 34", "31/02/2020", "abc", None)
    found = checked(HEAD, JANE, bad)
    assert {problem.column for problem in found.problems} == {
        "Full name", "ID number", "Phone", "Date joined", "Deposits", "Share capital",
    }  # fmt: skip
    assert {problem.row for problem in found.problems} == {3}


def test_who_is_in_the_books_is_left_out_and_who_is_mistaken_for_them_is_told() -> None:
    known = Known({"M-0001": KnownMember("M-0001", "Jane Kamau", "23456789", "254712345678")})
    found = checked(HEAD, JANE, (*OTIENO[:3], "0712345678", *OTIENO[4:]), known=known)
    assert found.rows[0].state is RowState.ALREADY
    assert found.rows[0].words == "Already in the books as M-0001."
    told = [problem.message for problem in found.problems]
    assert "Phone belongs to Jane Kamau, M-0001, in the books." in told
    assert found.lines == ()


def test_a_heading_that_comes_again_and_empty_rows_are_no_data() -> None:
    found = checked(HEAD, JANE, (), HEAD, OTIENO)
    assert [row.state for row in found.rows] == [
        RowState.READY, RowState.NOT_DATA, RowState.NOT_DATA, RowState.READY,
    ]  # fmt: skip


def test_a_row_of_figures_without_a_name_is_a_totals_row() -> None:
    found = checked(HEAD, JANE, (None, None, None, None, None, 184000, 20000))
    assert found.rows[1].state is RowState.TOTALS
    assert found.totals[0].difference_cents == 50000


def test_typed_totals_stand_before_those_of_the_file() -> None:
    sheet = Sheet("S", (HEAD, JANE))
    found = check(sheet, plan_of(sheet), Known(), TODAY, {Meaning.DEPOSITS: 18450000})
    assert [one.difference_cents for one in found.totals] == [0, None]


def test_what_a_person_typed_over_a_cell_counts() -> None:
    sheet = Sheet("S", (HEAD, (*JANE[:5], "abc", 0)))
    assert check(sheet, plan_of(sheet), Known(), TODAY).problems
    better = corrected(sheet, {(1, 5): "184,500"})
    assert check(better, plan_of(better), Known(), TODAY).problems == ()


def test_loans_are_read_with_their_product_and_what_is_owed() -> None:
    head: Row = (
        "Loan No", "Member No", "Name", "Loan Type", "Date Issued", "Loan Amount", "Period", "Rate", "Loan Balance",
    )  # fmt: skip
    known = Known(
        {"M-0001": KnownMember("M-0001", "Jane Kamau", "1", "2")},
        products=(KnownProduct("development", "Development loan", Decimal(1), "month"),),
    )
    good: Row = (412, 1, "KAMAU JANE", "Development", "25/03/2025", "50,000", 12, 12, "31,250.40")
    other: Row = (413, 1, "OTIENO", "Car", "25/03/2025", "5,000", 12, 14, 6000)
    found = checked(head, good, other, known=known)
    assert found.rows[0].line == LoanLine(
        "L-0412", "M-0001", "development", date(2025, 3, 25), 5000000, 12, 3125040
    )
    told = " ".join(problem.message for problem in found.rows[1].problems)
    assert "M-0001 is Jane Kamau in the books." in told
    assert "No product is called Car." in told
    wrong_rate = checked(head, (*good[:7], 14, 5), known=known)
    assert "bears 1 % a month, not 14 %" in wrong_rate.problems[0].message


def test_a_trial_balance_is_compared_with_what_members_make_up() -> None:
    head: Row = ("Account code", "Account name", "Debit", "Credit")
    accounts = {
        "1020": KnownAccount(0),
        "2010": KnownAccount(-18450000, is_control=True),
        "3010": KnownAccount(-100, is_control=True),
        "3050": KnownAccount(18450100, follows=True),
    }
    rows: tuple[Row, ...] = (
        head, (1020, "Bank", 204500, None), (2010, "Deposits", None, 184500), (3010, "Shares", None, 20000),
        (3050, "Retained", None, 0),
    )  # fmt: skip
    found = checked(*rows, known=Known(accounts=accounts))
    assert [row.state for row in found.rows] == [
        RowState.READY, RowState.ALREADY, RowState.PROBLEM, RowState.ALREADY,
    ]  # fmt: skip
    assert "Import the members and loans" in found.problems[0].message


def test_what_is_still_needed_is_named() -> None:
    sheet = Sheet("S", (("M/No", "Names", "Tel"), (1, "Jane Kamau", 712345678)))
    plan = plan_of(sheet)
    assert plan.kind is BookKind.MEMBERS
    missing = [one.words for one in still_needed(plan) if not one.is_there]
    assert missing == ["ID number", "Date joined"]
    assert len(still_needed(replace(plan, joined_on=TODAY))) == 5
