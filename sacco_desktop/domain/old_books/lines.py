"""What a row of an old book becomes: a member, the balances of a member, a loan, the balance of an account,
a guarantor, a repayment of the past, or the months of a member.

The books keep an import that is asked for by the fields of its lines in their order, so that stays as it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from sacco_desktop.domain.errors import Problem


class MemberLine(NamedTuple):
    """A member with the opening balances in cents; the number is the one that the member has always had.

    `since` is the day since which the status holds, where it is another than active; `file` gives the lines of the
    member's file, as pairs of name and text.
    """

    number: str
    first_name: str
    other_names: str
    last_name: str
    national_id: str
    phone: str
    joined_on: date
    deposits_cents: int
    shares_cents: int
    kind: str = "person"
    status: str = "active"
    since: date | None = None
    file: tuple[tuple[str, str], ...] = ()


class BalanceLine(NamedTuple):
    """The opening balances of a member who is in the books, in cents."""

    number: str
    deposits_cents: int
    shares_cents: int


class LoanLine(NamedTuple):
    """A loan that is being repaid: what was granted and what of the principal is still owed, in cents.

    `terms` and `left` are its own terms and what is left of its schedule where the old books gave them, in the form of
    own_terms.py, and `product_name` what the product was called there. A loan that was written off has the day, and
    in `written_off_cents` what is still owed of it beside the books.
    """

    number: str
    member_number: str
    product_code: str
    granted_on: date
    granted_cents: int
    instalments: int
    outstanding_cents: int
    product_name: str = ""
    terms: str = ""
    left: str = ""
    written_off_on: date | None = None
    written_off_cents: int = 0


class ProductLine(NamedTuple):
    """What holds for a product of savings, shares or a fund from a day on; `terms` in the form of product_terms.py."""

    code: str
    kind: str
    account_code: str
    effective_on: date
    terms: str


class AccountLine(NamedTuple):
    """The opening balance of an account of the chart, in cents on one side."""

    code: str
    debit_cents: int
    credit_cents: int


class GuarantorLine(NamedTuple):
    """A promise of a member for a loan of another, in cents."""

    loan_number: str
    member_number: str
    pledge_cents: int


class RepaymentLine(NamedTuple):
    """A payment on a loan before the opening day, in cents; it is kept and never posted. What the old book does not
    divide into principal and interest has None for both.
    """

    loan_number: str
    paid_on: date
    receipt: str
    paid_cents: int
    principal_cents: int | None
    interest_cents: int | None


class MonthsLine(NamedTuple):
    """A member's deposits month by month ("2025-01") in cents, which with what stood before give the balance.

    `is_posted` says that they bring that balance forward; else it was brought before and they only explain it.
    """

    number: str
    opening_cents: int
    months: tuple[tuple[str, int], ...]
    is_posted: bool

    @property
    def deposits_cents(self) -> int:
        """The balance after the last month."""
        return self.opening_cents + sum(cents for _, cents in self.months)


Line = (
    MemberLine
    | BalanceLine
    | LoanLine
    | AccountLine
    | GuarantorLine
    | RepaymentLine
    | MonthsLine
    | ProductLine
)


class RowState(StrEnum):
    """What is done with a row."""

    READY = "ready"
    PROBLEM = "problem"
    ALREADY = "already"
    TOTALS = "totals"
    NOT_DATA = "not_data"


@dataclass(frozen=True, slots=True)
class CheckedRow:
    """One row of the sheet: its number as the workbook counts, what is done with it, and why in words.

    `line` is what it becomes when it is ready; `words` say where it is already.
    """

    row: int
    state: RowState
    line: Line | None = None
    problems: tuple[Problem, ...] = ()
    words: str = ""


@dataclass(frozen=True, slots=True)
class ControlTotal:
    """The sum of one column beside what the old book says, in cents; `old_cents` is None where it says nothing."""

    name: str
    ready_cents: int
    all_cents: int
    old_cents: int | None

    @property
    def difference_cents(self) -> int | None:
        """What will be in the books less what the old book says."""
        return None if self.old_cents is None else self.ready_cents - self.old_cents


@dataclass(frozen=True, slots=True)
class Checked:
    """A whole sheet, checked: every row below the heading, and the sums of its columns."""

    rows: tuple[CheckedRow, ...]
    totals: tuple[ControlTotal, ...]

    def in_state(self, state: RowState) -> tuple[CheckedRow, ...]:
        """The rows in a state, from the top."""
        return tuple(row for row in self.rows if row.state is state)

    @property
    def lines(self) -> tuple[Line, ...]:
        """What would be imported."""
        return tuple(row.line for row in self.rows if row.line is not None)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Every problem of every row."""
        return tuple(problem for row in self.rows for problem in row.problems)
