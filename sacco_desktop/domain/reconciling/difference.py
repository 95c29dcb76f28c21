"""Why a statement and the books differ: every cent has a line of its own, or is called unexplained. Sums in cents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Why(StrEnum):
    """The kinds of reasons, in the order in which they are read."""

    BEGINNING = "beginning"
    LINE = "line"
    POSTING = "posting"
    OTHER_DAY = "other_day"


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason: by so much the statement holds more than the books, below zero less."""

    why: Why
    words: str
    cents: int


@dataclass(frozen=True, slots=True)
class Explained:
    """The whole account of a difference. What was booked on another day than the statement has it is no difference:
    both know it, and it is named.
    """

    statement_cents: int
    books_cents: int
    reasons: tuple[Reason, ...]

    @property
    def other_day_cents(self) -> int:
        """What both know, and have on different days."""
        return sum(one.cents for one in self.reasons if one.why is Why.OTHER_DAY)

    @property
    def difference_cents(self) -> int:
        """Statement less books, but for what both know."""
        return self.statement_cents - self.books_cents - self.other_day_cents

    @property
    def left_over(self) -> tuple[Reason, ...]:
        """What is still to be settled."""
        return tuple(one for one in self.reasons if one.why is not Why.OTHER_DAY)

    @property
    def unexplained_cents(self) -> int:
        """What no line explains; zero, or something is wrong that the lines do not show."""
        return self.difference_cents - sum(one.cents for one in self.left_over)

    @property
    def is_balanced(self) -> bool:
        """Whether nothing is left over: two faults that cancel each other out are still two."""
        return self.difference_cents == 0 and not self.left_over


def explained(statement_cents: int, books_cents: int, reasons: Sequence[Reason]) -> Explained:
    """The account of a difference, in the order in which it is read."""
    order = list(Why)
    found = tuple(
        sorted((one for one in reasons if one.cents), key=lambda one: order.index(one.why))
    )
    return Explained(statement_cents, books_cents, found)
