"""Which column of a statement says what, by the words that M-Pesa and banks write over them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sacco_desktop.domain.old_books.cells import Row, is_empty, words_of
from sacco_desktop.domain.old_books.headings import heading_words, texts_of
from sacco_desktop.domain.reconciling.statement import Source


class Says(StrEnum):
    """What a column says, in the words under which a person chooses it and in which its faults are told."""

    RECEIPT = "Receipt No."
    COMPLETED = "Completion Time"
    INITIATED = "Initiation Time"
    DAY = "Date"
    VALUE_DAY = "Value date"
    DETAILS = "Details"
    REFERENCE = "Reference"
    STATUS = "Transaction Status"
    PAID_IN = "Paid In"
    PAID_OUT = "Withdrawn"
    AMOUNT = "Amount"
    BALANCE = "Balance"
    REASON = "Reason Type"
    PARTY = "Other Party Info"
    LINKED = "Linked Transaction ID"
    TYPED = "A/C No."
    CURRENCY = "Currency"


class Label(StrEnum):
    """What a line above or below the rows says."""

    HOLDER = "holder"
    SHORTCODE = "shortcode"
    ACCOUNT = "account"
    PERIOD = "period"
    OPENING = "opening"
    CLOSING = "closing"
    TOTAL = "total"


Columns = Mapping[Says, int]

_MPESA = (Says.RECEIPT, Says.COMPLETED, Says.PAID_IN, Says.PAID_OUT, Says.BALANCE)
_SIDES = (Says.PAID_IN, Says.PAID_OUT)


@dataclass(frozen=True, slots=True)
class StatementWords:
    """What headings and labels mean, by their plain words."""

    headings: Mapping[str, Says]
    labels: Mapping[str, Label]

    def label_of(self, text: str) -> Label | None:
        """What a line says that begins with these words; None for any other."""
        return self.labels.get(heading_words(text))


def read_words(text: str) -> StatementWords:
    """The words of the data file. Raises ValueError when one of them is given two meanings."""
    table = tomllib.loads(text)
    headings = {
        words: Says[name.upper()] for name, many in table["headings"].items() for words in many
    }
    labels = {
        words: Label(name.lower()) for name, many in table["labels"].items() for words in many
    }
    count = sum(len(many) for part in table.values() for many in part.values())
    if len(headings) + len(labels) != count:
        raise ValueError("a heading or a label of statements has two meanings")
    return StatementWords(headings, labels)


def columns_of(row: Row, words: StatementWords) -> Columns:
    """What each column under this row would say; a meaning goes to the first column that has it."""
    found: dict[Says, int] = {}
    for at, text in enumerate(texts_of(row)):
        says = words.headings.get(heading_words(text))
        if says is not None:
            found.setdefault(says, at)
    return found


def is_heading(columns: Columns, source: Source) -> bool:
    """Whether the columns are those of a statement."""
    if source is Source.MPESA:
        return all(one in columns for one in _MPESA)
    has_sum = Says.AMOUNT in columns or all(one in columns for one in _SIDES)
    return has_sum and (Says.DAY in columns or Says.COMPLETED in columns)


def source_of(rows: Sequence[Row], words: StatementWords) -> Source | None:
    """Whether the rows hold a statement of M-Pesa or of a bank; None when no heading of one is among them."""
    sources = (Source.MPESA, Source.BANK)
    for row in rows:
        columns = columns_of(row, words)
        found = next((one for one in sources if is_heading(columns, one)), None)
        if found is not None:
            return found
    return None


def label_in(row: Row, words: StatementWords) -> tuple[Label, str] | None:
    """The label with which a row begins and what stands behind it: `Short Code:` and `600100`."""
    filled = [at for at, cell in enumerate(row) if not is_empty(cell)]
    if not filled or not isinstance(row[filled[0]], str):
        return None
    first = words_of(row[filled[0]])
    behind = " ".join(words_of(row[at]) for at in filled[1:])
    label = words.label_of(first)
    if label is None and ":" in first:
        first, _, rest = first.partition(":")
        label, behind = words.label_of(first), f"{rest} {behind}"
    return None if label is None else (label, behind.strip())
