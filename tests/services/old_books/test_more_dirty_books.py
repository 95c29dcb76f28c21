"""Ten more files as tired clerks keep them and strangers forge them: nothing is lost, guessed, or taken in silence."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from sacco_desktop.domain.old_books.lines import LoanLine, MemberLine, RowState
from sacco_desktop.services.old_books.dry_run import DraftView
from tests.gateways.old_books.dirty_books import HEAD, JANE, OTIENO, text, xlsx
from tests.make import PracticeOffice
from tests.services.old_books.moving_in import imported, started

REGISTER = (*HEAD, "Status", "Date of Exit", "D.O.B", "Employer", "Payroll No", "E-mail")
LOANS = (
    "Loan No", "Member No", "Product", "Date Issued", "Loan Amount", "Period", "Loan Balance", "Date written off",
    "Owed after the write-off",
)  # fmt: skip
OWN = ("Terms in one cell", "Instalments left in one cell")
TERMS: dict[str, Any] = {
    "product": "boda", "account": "1113", "method": "flat", "rate": "0.01", "rate_per": "month",
    "frequency": "monthly", "rounding": "up", "rounding_unit_cents": 100, "day_count": "per_period",
    "grace_days": 0, "principal_grace": 0, "interest_grace": 0, "first_due": "one_period",
    "broken_period": "ignored", "interest_on": "schedule",
}  # fmt: skip
ANEW = {
    "principal_cents": 1, "instalments": 2, "begun_on": "2026-01-01", "before": 3, "days_late": 0,
}  # fmt: skip


@dataclass(frozen=True)
class Dirty:
    """Rows below their heading, how many are ready, and words of each problem, in the order of the rows."""

    name: str
    heading: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    ready: int
    problems: tuple[str, ...] = ()
    already: int = 0


def _own(left: Any = None, **changes: Any) -> tuple[Any, ...]:
    """A loan of 1,000 of which 500 are owed, by terms and a schedule of its own."""
    rows = [[6, "2026-04-16", 50000, 500, 0, 0]] if left is None else left
    return (
        77,
        1,
        "Boda boda",
        date(2025, 9, 16),
        1000,
        6,
        500,
        None,
        None,
        json.dumps(TERMS | changes),
        json.dumps(rows),
    )


NOT_SAID = ("N/A", "n/a", "-", "nil", "", "00/00/0000")
DIRTY = (
    Dirty(
        "what is not known is written in many ways",
        REGISTER,
        tuple(
            (*one[:5], 0, 0, "Active", said, said, said, said, said)
            for one, said in zip(
                [(n, f"JANE K {n}", 23456000 + n, 712345600 + n, JANE[4]) for n in range(1, 7)], NOT_SAID, strict=True
            )
        ),
        6,
    ),
    Dirty(
        "statuses of an old program",
        REGISTER,
        (
            (*JANE[:5], 0, 0, "INACTIVE", None, None, None, None, None),
            (*OTIENO[:5], 0, 0, " resigned ", date(2025, 1, 31), None, None, None, None),
            (3, "Mary Atieno", 11223355, 733111333, JANE[4], 50, 0, "Closed", None, None, None, None, None),
            (4, "Paul Kilonzo", 11223366, 733111444, JANE[4], 0, 0, "Blocked by chair", None, None, None, None, None),
            (5, "Ruth Mwende", 11223377, 733111555, JANE[4], 0, 0, "Notice given", None, None, None, None, None),
            (6, "Mark Musyoka", 11223388, 733111666, JANE[4], 0, 0, "Left", date(2018, 1, 1), None, None, None, None),
        ),
        2,
        ("owns no deposits", "is not known: Blocked by chair", "the notice was given", "before the day of joining"),
    ),
    Dirty(
        "a payroll number that became a date, and a birth in another century",
        REGISTER,
        (
            (*JANE[:5], 0, 0, "Active", None, "05/05/1880", "County", "TSC/4455", "a@b.c"),
            (*OTIENO[:5], 0, 0, "Active", None, "31/02/1990", "County", date(2026, 3, 12), "x" * 200),
            (3, "Mary Atieno", 11223355, 733111333, JANE[4], 0, 0, "Active", None, None, "=HYPERLINK(1)", 455.0, True),
        ),
        0,
        (
            "is not a date: 05/05/1880", "is not a date: 31/02/1990", "Payroll number is a date", "at most 120 letters",
            "Employer holds a formula", "Email is yes or no",
        ),
    ),
    Dirty(
        "figures of other scripts, and a name that reads backwards",
        HEAD,
        (
            ("1", "JANE KAMAU", "23456789", "٠٧١٢٣٤٥٦٧٨", "25/03/2019", "１８４", "0"),
            ("2", "Otieno \u202ehtokO", "11223344", "0733111222", "13/04/2020", "0", "0"),
            ("3", "Mary Atieno", "１１２２３３５５", "0733111333", "13/04/2020", "0", "0"),
        ),
        0,
        ("Phone", "Deposits is not a number", "cannot be seen", "ID number"),
    ),
    Dirty(
        "a group without number, and one whose name stands in two cells",
        (*HEAD[:1], "First name", "Last name", *HEAD[2:], "Membership type"),
        (
            (1, "Umoja", "Women", "TT/SS/2019/14", *JANE[3:], "Group"),
            (2, "Bidii Youth", None, "pending", *OTIENO[3:], "chama"),
            (3, "Mary", None, 11223355, 733111333, *JANE[4:], "individual"),
            (4, "Acme", None, "C.12345", 733111444, JANE[4], 5, 0, "Corporate"),
            (5, "Zed", "Zulu", 11223377, 733111555, *JANE[4:], "Staff"),
        ),
        2,
        ("registration certificate", "Last name is missing", "is not known: Staff"),
    ),
    Dirty(
        "loans of which some are written off, one in both ways",
        LOANS,
        (
            (1, 1, "Development", date(2024, 1, 5), 10000, 12, 0, date(2025, 6, 30), 4000),
            (2, 1, "Development", date(2024, 1, 5), 10000, 12, 4000, date(2025, 6, 30), 4000),
            (3, 1, "Development", date(2024, 1, 5), 10000, 12, 0, None, 4000),
            (4, 1, "Development", date(2024, 1, 5), 10000, 12, 0, date(2023, 6, 30), 4000),
            (5, 1, "Development", date(2024, 1, 5), 10000, 12, 0, date(2025, 6, 30), 0),
        ),
        1,
        ("nothing is outstanding in the books", "Write the day", "not paid out before"),
        already=1,
    ),
    Dirty(
        "terms that were put together by hand",
        (*LOANS, *OWN),
        (
            _own(),
            ("78", *_own(rate="7")[1:]),
            ("79", *_own(fees=[["Fee", 100, "9999"]])[1:]),
            ("80", *_own(fees=[["Fee", 100, "2010"]])[1:]),
            ("81", *_own([[6, "2024-04-16", 50000, 0, 0, 0]])[1:]),
            ("82", *_own([[6, "9999-12-31", 50000, 0, 0, 0]])[1:]),
            ("83", *_own([[6, "2026-04-16", 50001, 0, 0, 0]])[1:]),
            ("84", *_own(agreed_anew=ANEW)[1:-1], None),
        ),
        1,
        (
            "between 0 % and 100 %", "the account 9999", "the account 2010", "before the loan was paid out",
            "too far ahead", "do not repay", "agreed anew",
        ),
    ),
    Dirty(
        "products that would take what belongs to others",
        ("Product code", "Kind of savings", "Account number", "Holds from", "Terms in one cell"),
        tuple(
            (code, kind, account, day, json.dumps({
                "name": name, "is_open": 1, "preset_cents": 0, "every": "none", "expected_cents": 0, "due_day": 1,
                "withdrawal": how, "least_cents": 0, "notice_days": 0, "most_a_month": 0, "fee_cents": 0,
                "wait_days": 0, "claims_a_year": 0,
            }))
            for code, kind, account, day, name, how in (
                ("uniform", "savings", "2041", "2025-01-01", "School uniform", "by_notice"),
                ("theft", "savings", "2180", "2025-01-01", "Theft", "by_notice"),
                ("bank", "fund", "1020", "2025-01-01", "Bank", "by_claim"),
                ("deposits", "savings", "2010", "2025-01-01", "Deposits", "by_notice"),
                ("shares2", "shares", "3010", "2025-01-01", "Shares", "never"),
                ("pension", "savings", "2042", "2099-01-01", "Pension", "by_notice"),
                ("feast", "savings", "2043", "2025-01-01", "Feast", "whenever"),
            )
        ),
        1,
        ("kept for that", "kept for that", "deposits is deposits", "holds the money of", "too far ahead", "withdrawal"),
    ),
    Dirty(
        "the same member by three spellings of the number",
        HEAD,
        (
            (1, *JANE[1:]),
            ("M/0001", "JANE KAMAU", 99887766, 722000111, *JANE[4:]),
            ("m 1", "J. KAMAU", 99887755, 722000222, *JANE[4:]),
            ("M-0002", *OTIENO[1:]),
        ),
        1,
        ("stands in row 3, 4 as well", "stands in row 2, 4 as well", "stands in row 2, 3 as well"),
    ),
)  # fmt: skip


@pytest.mark.parametrize("dirty", DIRTY, ids=lambda one: one.name)
def test_a_dirty_file_says_what_is_wrong_with_each_row(
    office: PracticeOffice, dirty: Dirty
) -> None:
    if "Loan No" in dirty.heading:
        imported(office, xlsx([HEAD, JANE, OTIENO]))
    view = started(office, xlsx([dirty.heading, *dirty.rows]), "dirty.xlsx")
    said = _said(view)
    assert len(said) == len(dirty.problems), said
    for words, message in zip(dirty.problems, said, strict=True):
        assert words in message
    states = [row.checked.state for row in view.rows]
    assert (states.count(RowState.READY), states.count(RowState.ALREADY)) == (
        dirty.ready,
        dirty.already,
    )
    if dirty.name.startswith("what is not known"):
        assert {_member(view, at).file for at in range(6)} == {()}
    if dirty.name.startswith("statuses"):
        assert [(_member(view, at).status, _member(view, at).since) for at in (0, 1)] == [
            ("dormant", None), ("exited", date(2025, 1, 31)),
        ]  # fmt: skip
    if dirty.name.startswith("terms"):
        line = view.checked.lines[0]
        assert isinstance(line, LoanLine)
        assert (line.product_code, line.product_name) == ("boda", "Boda boda")


def test_a_file_of_commas_whose_columns_slip_is_refused_row_by_row(office: PracticeOffice) -> None:
    """The tenth: a name with a comma and no quotation marks moves every figure one column to the right."""
    rows = [
        HEAD,
        ("1", "KAMAU", " JANE", "23456789", "0712345678", "25/03/2019", "184500", "0"),
        OTIENO,
    ]
    view = started(office, text(rows), "slipped.csv")
    assert [row.checked.state for row in view.rows] == [RowState.PROBLEM, RowState.READY]


def _said(view: DraftView) -> Sequence[str]:
    return [problem.message for problem in view.checked.problems]


def _member(view: DraftView, at: int) -> MemberLine:
    line = view.checked.lines[at]
    assert isinstance(line, MemberLine)
    return line
