"""An explanation of one figure: the rule in plain words, what it was reckoned from, the steps and the entries.

What is given suffices to reckon the figure again without this program; a test does so for every kind.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from sacco_desktop.domain.dates import format_date
from sacco_desktop.domain.money import format_amount, format_kes

Value = int | Decimal | date | str


class Unit(StrEnum):
    """What a value counts. KES are whole cents; a day is a date; words are a choice of the society."""

    KES = "KES"
    TIMES = "times"
    PERCENT = "%"
    DAYS = "days"
    MONTHS = "months"
    LOANS = "loans"
    DAY = "day"
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class Given:
    """One thing that the figure was reckoned from. `key` says what it is to the rule, `of` which loan or instalment it
    belongs to, `on` its day where it has one. `said` replaces the value on screen where that is a code.
    """

    key: str
    label: str
    value: Value
    unit: Unit = Unit.KES
    of: str = ""
    on: date | None = None
    said: str = ""

    @property
    def words(self) -> str:
        """The value as people read it: `60,000.00`, `3 times`, `16 Mar 2026`."""
        if self.said:
            return self.said
        if isinstance(self.value, date):
            return format_date(self.value)
        if self.unit is Unit.KES and isinstance(self.value, int):
            return format_amount(self.value)
        if self.unit is Unit.WORDS:
            return str(self.value)
        figure = f"{self.value.normalize():f}" if isinstance(self.value, Decimal) else self.value
        return f"{figure} {self.unit if self.value != 1 else self.unit.removesuffix('s')}"


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the sum, in cents."""

    label: str
    cents: int


@dataclass(frozen=True, slots=True)
class Source:
    """Where the rule comes from, in words, and since when it holds; None where it always has."""

    words: str
    since: date | None = None

    @property
    def line(self) -> str:
        """`Rule ‘Classes of loans’ under Settings, since 1 Jan 2026`."""
        return f"{self.words}, since {format_date(self.since)}" if self.since else self.words


@dataclass(frozen=True, slots=True)
class EntryLine:
    """An entry of the journal that the figure rests on; what it moved, in cents."""

    number: int
    on: date
    words: str
    cents: int

    @property
    def line(self) -> str:
        """`Entry 12, 16 Mar 2026, Cash deposit: 5,000.00`."""
        return f"Entry {self.number}, {format_date(self.on)}, {self.words}: {format_amount(self.cents)}"


@dataclass(frozen=True, slots=True)
class Frame:
    """What the books add to the rule: whom it is about, as of which day, where the rule stands, the entries, and what
    else should be known.
    """

    about: str
    as_of: date
    sources: tuple[Source, ...] = ()
    entries: tuple[EntryLine, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """One figure with all that stands behind it. `result_cents` is None where it is no sum; `result` then says it."""

    title: str
    rule: str
    given: tuple[Given, ...]
    steps: tuple[Step, ...]
    result_cents: int | None
    frame: Frame
    result_words: str = ""

    @property
    def result(self) -> str:
        """The figure as people read it."""
        if self.result_cents is None:
            return self.result_words
        return format_kes(self.result_cents)


def as_text(found: Explanation) -> str:
    """All of it as plain lines, to be pasted into a letter or a message."""
    frame = found.frame
    return "\n".join(
        [
            f"{found.title}: {found.result}",
            f"{frame.about}, as of {format_date(frame.as_of)}",
            "",
            found.rule,
            *(f"{source.line}." for source in frame.sources),
            *_block("Reckoned from", (f"{each.label}: {each.words}" for each in found.given)),
            *_block(
                "Steps", (f"{each.label}: {format_amount(each.cents)}" for each in found.steps)
            ),
            *_block("Entries", (each.line for each in frame.entries)),
            *_block("Note", frame.notes),
        ]
    )


def _block(title: str, lines: Iterable[str]) -> list[str]:
    told = list(lines)
    return ["", title, *told] if told else []
