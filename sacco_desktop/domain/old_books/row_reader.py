"""The cells of one row by their meaning, and what the books hold already, so far as a row can touch it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TypeVar

from sacco_desktop.domain.errors import InvalidInput, Problem
from sacco_desktop.domain.old_books import figures
from sacco_desktop.domain.old_books.cells import Cell, Row, is_empty, words_of
from sacco_desktop.domain.old_books.headings import Meaning
from sacco_desktop.domain.old_books.old_dates import DateOrder, date_of
from sacco_desktop.domain.old_books.plan import Plan

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class KnownProduct:
    """A product of the society: `rate_percent` in percent `per` month or year.

    Its fewest instalments decide which old loans can be taken in.
    """

    code: str
    name: str
    rate_percent: Decimal
    per: str
    fewest_instalments: int = 1


@dataclass(frozen=True, slots=True)
class KnownMember:
    """A member who is in the books already."""

    number: str
    full_name: str
    national_id: str
    phone: str
    has_opening: bool = False
    opening_deposits_cents: int = 0


@dataclass(frozen=True, slots=True)
class KnownLoan:
    """A loan that is in the books. `brought_cents` is what of it an import brought forward as of `brought_on`; None for
    a loan that was granted here. `is_open` says whether anything of it is still owed.
    """

    member_number: str
    granted_cents: int
    granted_on: date
    is_open: bool = True
    brought_cents: int | None = None
    brought_on: date | None = None


@dataclass(frozen=True, slots=True)
class KnownSavings:
    """A product of savings, shares or a fund that is in the books; `terms` are those of each day from which some hold,
    in the form of product_terms.py.
    """

    kind: str
    account_code: str
    terms: Mapping[date, str]


@dataclass(frozen=True, slots=True)
class KnownAccount:
    """An account of the chart: its balance in cents, above zero on the debit side, whether members or loans make it up,
    and whether it is the one that takes up the other side of every opening balance.
    """

    debit_cents: int
    is_control: bool = False
    follows: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """What the books hold already, so far as a row can touch it; each by its number or code. `owners` are the numbers
    of members and loans, which may have accounts of their own; `guarantees` are the numbers of loans with those of
    their guarantors, and `with_history` the members or loans whose past was brought already;
    `ids` give the numbers of members by their ID numbers, `savings` what members pay into by its code.
    """

    members: Mapping[str, KnownMember] = field(default_factory=dict)
    loans: Mapping[str, KnownLoan] = field(default_factory=dict)
    products: tuple[KnownProduct, ...] = ()
    accounts: Mapping[str, KnownAccount] = field(default_factory=dict)
    owners: frozenset[str] = frozenset()
    guarantees: frozenset[tuple[str, str]] = frozenset()
    with_history: frozenset[str] = frozenset()
    ids: Mapping[str, str] = field(default_factory=dict)
    savings: Mapping[str, KnownSavings] = field(default_factory=dict)


@dataclass(slots=True)
class RowReader:
    """Reads the cells of one row by their meaning; what cannot be read becomes a problem, and reading goes on."""

    plan: Plan
    row: Row
    number: int
    today: date
    problems: list[Problem]
    months: Mapping[Meaning, str] = field(default_factory=dict)

    def cell(self, meaning: Meaning) -> Cell:
        """The cell of a meaning, None without such a column."""
        at = self.plan.column_of(meaning)
        return None if at is None or at >= len(self.row) else self.row[at]

    def has(self, meaning: Meaning) -> bool:
        """Whether the sheet has a column of this meaning."""
        return self.plan.column_of(meaning) is not None

    def read(self, meaning: Meaning, how: Callable[[Cell, str], Value], otherwise: Value) -> Value:
        """What `how` makes of the cell, or `otherwise` and a problem."""
        try:
            return how(self.cell(meaning), meaning.value)
        except InvalidInput as wrong:
            self.wrong(meaning, wrong.message)
            return otherwise

    def wrong(self, meaning: Meaning, message: str) -> None:
        """Note a problem of this row."""
        self.problems.append(Problem(self.number, meaning.value, message))

    def amount(self, meaning: Meaning) -> int:
        """Cents of an amount that cannot be below zero; 0 without such a column."""
        if not self.has(meaning):
            return 0
        cents = self.read(meaning, figures.amount_of, 0)
        if cents < 0:
            self.wrong(meaning, f"{meaning.value} is below zero.")
        return cents

    def day(self, meaning: Meaning, otherwise: date | None) -> date:
        """A date, or the one that stands for all rows without one."""
        if otherwise is not None and is_empty(self.cell(meaning)):
            return otherwise
        order = self.plan.order or DateOrder.DAY_FIRST
        return self.read(
            meaning, lambda cell, what: date_of(cell, order, self.today, what), self.today
        )


def same_name(reader: RowReader, member: KnownMember, meaning: Meaning = Meaning.NAME) -> None:
    """A list of balances in another order than the register would credit the wrong people."""
    here = set(words_of(reader.cell(meaning)).upper().split())
    if here and not here & set(member.full_name.upper().split()):
        reader.wrong(meaning, f"{member.number} is {member.full_name} in the books.")
