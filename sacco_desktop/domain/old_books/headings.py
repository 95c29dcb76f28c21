"""Finds the heading of a sheet, and what each column means, by the words that societies use."""

from __future__ import annotations

import calendar
import hashlib
import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Protocol

from sacco_desktop.domain.kyc import FIELD_NAMES
from sacco_desktop.domain.old_books.cells import Cell, Row, is_empty, words_of

MOST_ROWS_ABOVE = 40


class Meaning(StrEnum):
    """What a column says, in the words under which a person chooses it."""

    MEMBER_NO = "Member number"
    NAME = "Full name"
    FIRST_NAME = "First name"
    OTHER_NAMES = "Other names"
    LAST_NAME = "Last name"
    PHONE = "Phone"
    NATIONAL_ID = "ID number"
    JOINED_ON = "Date joined"
    DEPOSITS = "Deposits"
    SHARE_CAPITAL = "Share capital"
    LOAN_NO = "Loan number"
    PRODUCT = "Product"
    GRANTED_ON = "Date paid out"
    GRANTED = "Amount granted"
    INSTALMENTS = "Instalments"
    RATE = "Rate in percent"
    OUTSTANDING = "Outstanding balance"
    GUARANTOR = "Guarantor"
    GUARANTOR_NAME = "Guarantor name"
    GUARANTEED = "Amount guaranteed"
    PAID_ON = "Date of payment"
    RECEIPT = "Receipt"
    PAID = "Amount paid"
    PRINCIPAL_PAID = "Principal paid"
    INTEREST_PAID = "Interest paid"
    OPENING = "Deposits before the first month"
    JANUARY = "January"
    FEBRUARY = "February"
    MARCH = "March"
    APRIL = "April"
    MAY = "May"
    JUNE = "June"
    JULY = "July"
    AUGUST = "August"
    SEPTEMBER = "September"
    OCTOBER = "October"
    NOVEMBER = "November"
    DECEMBER = "December"
    MEMBER_KIND = "Person, group or organisation"
    MEMBER_STATUS = "Status of the member"
    STATUS_SINCE = "Status since"
    BORN_ON = "Date of birth"
    GENDER = "Gender"
    MARITAL_STATUS = "Marital status"
    KRA_PIN = "KRA PIN"
    INTRODUCED_BY = "Introduced by"
    EMAIL = "Email"
    OTHER_PHONE = "Other phone"
    POSTAL_ADDRESS = "Postal address"
    POSTAL_CODE = "Postal code"
    TOWN = "Town"
    VILLAGE = "Village or estate"
    LOCATION = "Location"
    SUB_COUNTY = "Sub-county"
    COUNTY = "County"
    OCCUPATION = "Occupation"
    EMPLOYER = "Employer"
    PAYROLL_NUMBER = "Payroll number"
    EMPLOYMENT_TERMS = "Terms of employment"
    BANK = "Bank"
    BANK_BRANCH = "Bank branch"
    BANK_ACCOUNT = "Bank account"
    WRITTEN_OFF_ON = "Date written off"
    WRITTEN_OFF = "Owed after the write-off"
    TERMS = "Terms in one cell"
    INSTALMENTS_LEFT = "Instalments left in one cell"
    PRODUCT_CODE = "Product code"
    MONEY_KIND = "Kind of savings"
    HOLDS_FROM = "Holds from"
    ACCOUNT = "Account number"
    ACCOUNT_NAME = "Account name"
    DEBIT = "Debit"
    CREDIT = "Credit"


MONTHS = tuple(Meaning(name) for name in calendar.month_name[1:])
# What goes into a member's file as it is written; each has the name of its line there.
FILE_MEANINGS = {Meaning[name.upper()]: name for name in FIELD_NAMES}
AMOUNTS = frozenset(
    {
        Meaning.DEPOSITS,
        Meaning.SHARE_CAPITAL,
        Meaning.OUTSTANDING,
        Meaning.DEBIT,
        Meaning.CREDIT,
        Meaning.GUARANTEED,
        Meaning.PAID,
        Meaning.PRINCIPAL_PAID,
        Meaning.INTEREST_PAID,
        Meaning.OPENING,
        Meaning.WRITTEN_OFF,
        *MONTHS,
    }
)


@dataclass(frozen=True, slots=True)
class Context:
    """Headings that mean something only beside others: when one of `signs` is among the columns and none of `unless`,
    these `meanings` hold. None means that the column says nothing that is needed.
    """

    signs: frozenset[Meaning]
    unless: frozenset[Meaning]
    meanings: Mapping[str, Meaning | None]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What headings mean, by their plain words; `either` may be deposits or share capital, as registers differ."""

    meanings: Mapping[str, Meaning]
    either: frozenset[str]
    contexts: tuple[Context, ...] = ()

    def meaning_of(self, text: str) -> Meaning | None:
        """What a heading usually means; None for one that is not known, and for "shares", which means two things."""
        found = self.meanings.get(heading_words(text))
        if found is None and (month := month_in(text)) is not None:
            return MONTHS[month.number - 1]
        return found

    def may_be_either(self, text: str) -> bool:
        """Whether a heading may mean deposits or share capital."""
        return heading_words(text) in self.either

    def knows(self, text: str) -> bool:
        """Whether the heading is one that registers use."""
        is_known = heading_words(text) in self.meanings
        return is_known or self.may_be_either(text)


def read_vocabulary(text: str) -> Vocabulary:
    """The vocabulary of a data file. Raises ValueError when one heading is given two meanings."""
    table = tomllib.loads(text)
    meanings: dict[str, Meaning] = {}
    for name, headings in table["headings"].items():
        for heading in headings:
            if meanings.setdefault(heading, Meaning[name.upper()]) is not Meaning[name.upper()]:
                raise ValueError(f"the heading {heading} has two meanings")
    contexts = tuple(_context(one) for one in table["context"])
    return Vocabulary(meanings, frozenset(table["either"]), contexts)


def _context(table: Mapping[str, Any]) -> Context:
    meanings: dict[str, Meaning | None] = dict.fromkeys(table.get("says_nothing", ()))
    for name, headings in table["headings"].items():
        meanings |= dict.fromkeys(headings, Meaning[name.upper()])
    signs, unless = (
        frozenset(Meaning[name.upper()] for name in table.get(key, ()))
        for key in ("signs", "unless")
    )
    return Context(signs, unless, meanings)


def heading_words(text: str) -> str:
    """A heading without case, points and strokes: `M/No.` becomes `m no`, `Deposits (KES)` `deposits kes`."""
    return " ".join(re.sub(r"[^0-9a-z]+", " ", text.lower().replace("'", "")).split())


@dataclass(frozen=True, slots=True)
class HeadingMonth:
    """The month that a heading names, and the year where it names one."""

    number: int
    year: int | None


_MONTH = re.compile(r"([a-z]{3,9}) ?(?:(?:20)?([0-9]{2}))?")
_FIGURES = re.compile(r"(0?[1-9]|1[0-2]) (20[0-9]{2})|(20[0-9]{2}) (0?[1-9]|1[0-2])")


def month_in(text: str) -> HeadingMonth | None:
    """`Jan`, `January 2025`, `Jan-25`, `01/2025` and `2025-01` as a month; None for anything else."""
    words = heading_words(text)
    named = _MONTH.fullmatch(words)
    if named is not None:
        for number, name in enumerate(calendar.month_name):
            if name and named[1] in {name.lower(), name[:3].lower(), f"{name[:4].lower()}"}:
                return HeadingMonth(number, 2000 + int(named[2]) if named[2] else None)
    if (found := _FIGURES.fullmatch(words)) is not None:
        return HeadingMonth(int(found[1] or found[4]), int(found[2] or found[3]))
    return None


@dataclass(frozen=True, slots=True)
class Heading:
    """Where the heading of a sheet stands and what it says; `at` counts the rows of the sheet from 0, `depth` is 1 or 2
    rows.
    """

    at: int
    depth: int
    texts: tuple[str, ...]

    @property
    def shape(self) -> str:
        """The fingerprint by which the same kind of file is known again."""
        plain = json.dumps([heading_words(text) for text in self.texts])
        return hashlib.sha256(plain.encode()).hexdigest()


class Knows(Protocol):
    """Words that know their headings."""

    def knows(self, text: str) -> bool:
        """Whether the heading is one of them."""


def find_heading(rows: Sequence[Row], words: Knows) -> Heading | None:
    """The heading with the most known words among the first rows, of one row or of two; None when there is none."""
    best: tuple[int, int] = (1, 0)
    found: Heading | None = None
    for at, row in enumerate(rows[:MOST_ROWS_ABOVE]):
        headings = [Heading(at, 1, texts_of(row))]
        if at + 1 < len(rows):
            headings.append(Heading(at, 2, _two_rows(row, rows[at + 1], words)))
        for heading in headings:
            known = len({heading_words(text) for text in heading.texts if words.knows(text)})
            if known >= 2 and (known, -heading.depth) > best:
                best, found = (known, -heading.depth), heading
    return found


def texts_of(row: Row) -> tuple[str, ...]:
    """What each cell of a row says as a heading."""
    # Only words can be a heading: a row of figures is data whatever stands in it. Excel makes a date of "Jan-25".
    return tuple(_text(cell) for cell in row)


def _text(cell: Cell) -> str:
    if isinstance(cell, date):
        return f"{calendar.month_name[cell.month]} {cell.year}"
    return words_of(cell) if isinstance(cell, str) else ""


def _two_rows(upper: Row, lower: Row, words: Knows) -> tuple[str, ...]:
    """A merged heading: what stands over several columns belongs to each of them, unless the lower row says enough."""
    if any(not is_empty(cell) and not isinstance(cell, str | date) for cell in (*upper, *lower)):
        return ()
    texts, above = [], ""
    above_texts, below_texts = texts_of(upper), texts_of(lower)
    for index in range(max(len(above_texts), len(below_texts))):
        here = above_texts[index] if index < len(above_texts) else ""
        below = below_texts[index] if index < len(below_texts) else ""
        above = here or above
        joined = f"{above} {below}".strip() if below else here
        is_enough = words.knows(below) and not words.knows(joined)
        texts.append(below if is_enough else joined)
    return tuple(texts)


def suggest(heading: Heading, words: Vocabulary) -> tuple[Meaning | None, ...]:
    """What each column is taken for at first; a meaning goes to the first column that has it."""
    found: list[Meaning | None] = []
    for text in heading.texts:
        meaning = words.meaning_of(text)
        found.append(None if meaning in found else meaning)
    for context in words.contexts:
        if context.signs & set(found) and not context.unless & set(found):
            _say_in_context(heading, context, found)
    return tuple(found)


def _say_in_context(heading: Heading, context: Context, found: list[Meaning | None]) -> None:
    for at, text in enumerate(heading.texts):
        plain = heading_words(text)
        if plain in context.meanings:
            found[at] = None
            meaning = context.meanings[plain]
            found[at] = None if meaning in found else meaning
