"""How a sheet is to be read: of what kind it is, what its columns mean, and what a person has answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sacco_desktop.domain.old_books.cells import Cell, Row
from sacco_desktop.domain.old_books.headings import MONTHS, Heading, Meaning, Vocabulary
from sacco_desktop.domain.old_books.old_dates import DateOrder, OrderFound, order_in


class BookKind(StrEnum):
    """What kind of book a sheet is."""

    MEMBERS = "members"
    BALANCES = "balances"
    LOANS = "loans"
    ACCOUNTS = "accounts"
    GUARANTORS = "guarantors"
    REPAYMENTS = "repayments"
    DEPOSIT_MONTHS = "deposit_months"
    PRODUCTS = "products"


KIND_WORDS = {
    BookKind.MEMBERS: "Members and what they own",
    BookKind.BALANCES: "Balances of members who are in the books",
    BookKind.LOANS: "Loans that are being repaid",
    BookKind.ACCOUNTS: "Balances of the other accounts (trial balance)",
    BookKind.GUARANTORS: "Guarantors of loans",
    BookKind.REPAYMENTS: "Repayments of loans before the opening day, kept as history",
    BookKind.DEPOSIT_MONTHS: "Deposits of members, month by month",
    BookKind.PRODUCTS: "Products that members pay into, with their terms",
}

_MONEY = frozenset({Meaning.DEPOSITS, Meaning.SHARE_CAPITAL})
_NEEDED: dict[BookKind, tuple[frozenset[Meaning], ...]] = {
    BookKind.MEMBERS: (
        frozenset({Meaning.MEMBER_NO}),
        frozenset({Meaning.NAME, Meaning.FIRST_NAME}),
        frozenset({Meaning.PHONE}),
        frozenset({Meaning.NATIONAL_ID}),
        frozenset({Meaning.JOINED_ON}),
    ),
    BookKind.BALANCES: (frozenset({Meaning.MEMBER_NO}), _MONEY),
    BookKind.LOANS: (
        frozenset({Meaning.LOAN_NO}),
        frozenset({Meaning.MEMBER_NO}),
        frozenset({Meaning.PRODUCT}),
        frozenset({Meaning.GRANTED_ON}),
        frozenset({Meaning.GRANTED}),
        frozenset({Meaning.INSTALMENTS}),
        frozenset({Meaning.OUTSTANDING}),
    ),
    BookKind.ACCOUNTS: (
        frozenset({Meaning.ACCOUNT}),
        frozenset({Meaning.DEBIT}),
        frozenset({Meaning.CREDIT}),
    ),
    BookKind.GUARANTORS: (
        frozenset({Meaning.LOAN_NO}),
        frozenset({Meaning.GUARANTOR}),
        frozenset({Meaning.GUARANTEED}),
    ),
    BookKind.REPAYMENTS: (
        frozenset({Meaning.LOAN_NO}),
        frozenset({Meaning.PAID_ON}),
        frozenset({Meaning.PAID, Meaning.PRINCIPAL_PAID}),
    ),
    BookKind.DEPOSIT_MONTHS: (frozenset({Meaning.MEMBER_NO}),),
    BookKind.PRODUCTS: tuple(
        frozenset({one})
        for one in (
            Meaning.PRODUCT_CODE,
            Meaning.MONEY_KIND,
            Meaning.ACCOUNT,
            Meaning.HOLDS_FROM,
            Meaning.TERMS,
        )
    ),
}

# The columns of a kind whose sums are compared with the old book.
TOTALLED: dict[BookKind, tuple[Meaning, ...]] = {
    BookKind.MEMBERS: (Meaning.DEPOSITS, Meaning.SHARE_CAPITAL),
    BookKind.BALANCES: (Meaning.DEPOSITS, Meaning.SHARE_CAPITAL),
    BookKind.LOANS: (Meaning.OUTSTANDING, Meaning.WRITTEN_OFF),
    BookKind.ACCOUNTS: (Meaning.DEBIT, Meaning.CREDIT),
    BookKind.GUARANTORS: (Meaning.GUARANTEED,),
    BookKind.REPAYMENTS: (Meaning.PAID, Meaning.PRINCIPAL_PAID, Meaning.INTEREST_PAID),
    BookKind.DEPOSIT_MONTHS: (Meaning.DEPOSITS,),
    BookKind.PRODUCTS: (),
}


@dataclass(frozen=True, slots=True)
class Plan:
    """How a sheet is read. `as_of` is the day of the balances; `joined_on` stands for a date that the file lacks.

    `order` is None while a person has not answered which order the dates have. `columns` has
    one entry a column.
    """

    kind: BookKind
    heading_at: int
    depth: int
    columns: tuple[Meaning | None, ...]
    as_of: date
    order: DateOrder | None = None
    joined_on: date | None = None

    def column_of(self, meaning: Meaning) -> int | None:
        """The column with this meaning, counted from 0."""
        return self.columns.index(meaning) if meaning in self.columns else None

    @property
    def data_at(self) -> int:
        """The first row below the heading, counted from 0."""
        return self.heading_at + self.depth


def kind_of(columns: Sequence[Meaning | None]) -> BookKind:
    """What kind of book has these columns."""
    found = set(columns)
    if {Meaning.PRODUCT_CODE, Meaning.MONEY_KIND} <= found:
        return BookKind.PRODUCTS
    if Meaning.GUARANTOR in found:
        return BookKind.GUARANTORS
    is_register = {Meaning.GRANTED_ON, Meaning.PRODUCT} & found
    if {Meaning.PAID_ON, Meaning.PAID, Meaning.PRINCIPAL_PAID} & found and not is_register:
        return BookKind.REPAYMENTS
    if set(MONTHS) & found:
        return BookKind.DEPOSIT_MONTHS
    if {Meaning.OUTSTANDING, Meaning.LOAN_NO, Meaning.GRANTED} & found:
        return BookKind.LOANS
    if {Meaning.DEBIT, Meaning.CREDIT} & found and Meaning.MEMBER_NO not in found:
        return BookKind.ACCOUNTS
    if {Meaning.PHONE, Meaning.NATIONAL_ID} & found:
        return BookKind.MEMBERS
    return BookKind.BALANCES


@dataclass(frozen=True, slots=True)
class StillNeeded:
    """One thing without which a sheet cannot be read, and whether it is there; `words` name it."""

    words: str
    is_there: bool


def still_needed(plan: Plan) -> tuple[StillNeeded, ...]:
    """What this kind of book needs, each with whether a column or an answer gives it."""
    found = []
    for choices in _NEEDED[plan.kind]:
        words = " or ".join(meaning.value for meaning in Meaning if meaning in choices)
        is_there = any(meaning in plan.columns for meaning in choices)
        if Meaning.JOINED_ON in choices and plan.joined_on is not None:
            is_there = True
        found.append(StillNeeded(words, is_there))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Questions:
    """What only a person can say about a sheet: which date order it has, and what columns called "shares" hold."""

    order: OrderFound
    shares_columns: tuple[int, ...]


DATES = (
    Meaning.JOINED_ON,
    Meaning.GRANTED_ON,
    Meaning.PAID_ON,
    Meaning.STATUS_SINCE,
    Meaning.BORN_ON,
    Meaning.WRITTEN_OFF_ON,
    Meaning.HOLDS_FROM,
)


def questions_of(
    heading: Heading, rows: Sequence[Row], columns: Sequence[Meaning | None], words: Vocabulary
) -> Questions:
    """The questions that a sheet leaves open; `rows` are those below the heading."""
    cells: list[Cell] = []
    for meaning in DATES:
        if meaning in columns:
            at = list(columns).index(meaning)
            cells += [row[at] for row in rows if at < len(row)]
    # Where both are known already, a third column of "shares" says nothing that could be asked.
    is_known = set(columns) >= _MONEY
    open_columns = tuple(
        index
        for index, text in enumerate(heading.texts)
        if not is_known
        and words.may_be_either(text)
        and (index >= len(columns) or columns[index] is None)
    )
    return Questions(order_in(cells), open_columns)


def order_taken(found: OrderFound) -> DateOrder | None:
    """The order that needs no question; None when a person must say."""
    if found.is_question:
        return None
    return DateOrder.MONTH_FIRST if found is OrderFound.MONTH_FIRST else DateOrder.DAY_FIRST
