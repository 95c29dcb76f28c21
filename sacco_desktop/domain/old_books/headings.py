"""Finds the heading of a sheet, and what each column means, by the words that societies use."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sacco_desktop.domain.old_books.cells import Row, is_empty, words_of

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
    GUARANTEED = "Amount guaranteed"
    ACCOUNT = "Account number"
    ACCOUNT_NAME = "Account name"
    DEBIT = "Debit"
    CREDIT = "Credit"


AMOUNTS = frozenset(
    {Meaning.DEPOSITS, Meaning.SHARE_CAPITAL, Meaning.OUTSTANDING, Meaning.DEBIT, Meaning.CREDIT}
)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What headings mean, by their plain words; `either` may be deposits or share capital, as registers differ."""

    meanings: Mapping[str, Meaning]
    either: frozenset[str]

    def meaning_of(self, text: str) -> Meaning | None:
        """What a heading usually means; None for one that is not known, and for "shares", which means two things."""
        return self.meanings.get(heading_words(text))

    def may_be_either(self, text: str) -> bool:
        """Whether a heading may mean deposits or share capital."""
        return heading_words(text) in self.either

    def knows(self, text: str) -> bool:
        """Whether the heading is one that registers use."""
        return self.meaning_of(text) is not None or self.may_be_either(text)


def read_vocabulary(text: str) -> Vocabulary:
    """The vocabulary of a data file. Raises ValueError when one heading is given two meanings."""
    table = tomllib.loads(text)
    meanings: dict[str, Meaning] = {}
    for name, headings in table["headings"].items():
        for heading in headings:
            if meanings.setdefault(heading, Meaning[name.upper()]) is not Meaning[name.upper()]:
                raise ValueError(f"the heading {heading} has two meanings")
    return Vocabulary(meanings, frozenset(table["either"]))


def heading_words(text: str) -> str:
    """A heading without case, points and strokes: `M/No.` becomes `m no`, `Deposits (KES)` `deposits kes`."""
    return " ".join(re.sub(r"[^0-9a-z]+", " ", text.lower().replace("'", "")).split())


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


def find_heading(rows: Sequence[Row], words: Vocabulary) -> Heading | None:
    """The heading with the most known words among the first rows, of one row or of two; None when there is none."""
    best: tuple[int, int] = (1, 0)
    found: Heading | None = None
    for at, row in enumerate(rows[:MOST_ROWS_ABOVE]):
        headings = [Heading(at, 1, _texts(row))]
        if at + 1 < len(rows):
            headings.append(Heading(at, 2, _two_rows(row, rows[at + 1], words)))
        for heading in headings:
            known = len({heading_words(text) for text in heading.texts if words.knows(text)})
            if known >= 2 and (known, -heading.depth) > best:
                best, found = (known, -heading.depth), heading
    return found


def _texts(row: Row) -> tuple[str, ...]:
    # Only words can be a heading: a row of figures is data whatever stands in it.
    return tuple(words_of(cell) if isinstance(cell, str) else "" for cell in row)


def _two_rows(upper: Row, lower: Row, words: Vocabulary) -> tuple[str, ...]:
    """A merged heading: what stands over several columns belongs to each of them, unless the lower row says enough."""
    if any(not is_empty(cell) and not isinstance(cell, str) for cell in (*upper, *lower)):
        return ()
    texts, above = [], ""
    above_texts, below_texts = _texts(upper), _texts(lower)
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
    return tuple(found)
