"""The entries that settle what a statement shows and the books do not: one function, one line against one account."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sacco_desktop.domain.chart import RETAINED_EARNINGS
from sacco_desktop.domain.dates import format_date
from sacco_desktop.domain.ledger import JournalEntry, assert_balanced, credit, debit
from sacco_desktop.domain.reconciling.classes import LineClass

# It brings the books to what the first statement opens with, and belongs before it, whatever its date.
BEGINNING = "statement_beginning"
KIND_OF = {
    LineClass.MISSED_NOTICE: "statement_receipt",
    LineClass.WRONG_ACCOUNT: "statement_wrong_account",
    LineClass.CHARGE: "statement_charge",
    LineClass.REVERSAL: "statement_reversal",
    LineClass.SETTLEMENT: "statement_move",
    LineClass.NOT_OURS: "statement_not_ours",
    LineClass.AMOUNT_DIFFERS: "statement_difference",
}
_WORDS = {
    LineClass.MISSED_NOTICE: "On the statement, no notice came",
    LineClass.WRONG_ACCOUNT: "Moved to the account on whose statement it stands",
    LineClass.CHARGE: "Charge on the statement",
    LineClass.REVERSAL: "Reversed on the statement",
    LineClass.SETTLEMENT: "Moved between our accounts, by the statement",
    LineClass.NOT_OURS: "On the statement, known to nobody here",
    LineClass.AMOUNT_DIFFERS: "The statement gives another amount",
}


@dataclass(frozen=True, slots=True)
class Settled:
    """A line as it is settled: `cents` above zero come to `account` and from `counter`, below zero the other way."""

    kind: LineClass
    account: str
    counter: str
    cents: int
    receipt: str
    words: str
    on: date


def settling_entry(settled: Settled) -> JournalEntry:
    """DR the account of the statement and CR the other one for money that came in, the other way for what left."""
    sum_cents = abs(settled.cents)
    memo = settled.words[:120]
    lines = (
        (debit(settled.account, sum_cents, memo), credit(settled.counter, sum_cents))
        if settled.cents > 0
        else (debit(settled.counter, sum_cents), credit(settled.account, sum_cents, memo))
    )
    about = settled.receipt or settled.words[:40]
    narration = f"{_WORDS[settled.kind]}: {about}" if about else _WORDS[settled.kind]
    entry = JournalEntry(settled.on, KIND_OF[settled.kind], narration, settled.receipt, lines)
    assert_balanced(entry)
    return entry


@dataclass(frozen=True, slots=True)
class Begun:
    """By how many cents the books of an account begin below its first statement (above zero) or beyond it."""

    account: str
    title: str
    cents: int
    reason: str
    first_day: date
    on: date


def beginning(begun: Begun) -> JournalEntry:
    """What the first statement opens with: DR the account, CR retained earnings, or the other way."""
    cents = abs(begun.cents)
    sides = begun.account, RETAINED_EARNINGS
    debited, credited = sides if begun.cents > 0 else sides[::-1]
    lines = (debit(debited, cents, begun.reason[:120]), credit(credited, cents))
    narration = f"Beginning of {begun.title} by its statement of {format_date(begun.first_day)}"
    entry = JournalEntry(begun.on, BEGINNING, narration, "beginning", lines)
    assert_balanced(entry)
    return entry
