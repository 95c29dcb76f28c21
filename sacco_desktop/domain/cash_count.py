"""The notes and coins of a till: what they are worth together, and how a count of them is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sacco_desktop.domain.money import CENTS_PER_SHILLING

# What people pay with in Kenya, in shillings, the largest first.
NOTES = (1000, 500, 200, 100, 50)
COINS = (40, 20, 10, 5, 1)


@dataclass(frozen=True, slots=True)
class CashCount:
    """How many of which note or coin were counted: pairs of its shillings and their number, the largest first."""

    pieces: tuple[tuple[int, int], ...]

    @property
    def cents(self) -> int:
        """What they are worth together."""
        return sum(worth * number for worth, number in self.pieces) * CENTS_PER_SHILLING

    @property
    def words(self) -> str:
        """`3 × 1,000, 12 × 200 and 5 × 20`; empty for an empty till."""
        told = [f"{number:,} × {worth:,}" for worth, number in self.pieces]
        return " and ".join(filter(None, [", ".join(told[:-1]), *told[-1:]]))


def cash_count(numbers: Mapping[int, int]) -> CashCount:
    """The count of these numbers by note or coin. Raises ValueError for one that is not in use, or less than none."""
    known = (*NOTES, *COINS)
    if any(worth not in known or number < 0 for worth, number in numbers.items()):
        raise ValueError("a till is counted in notes and coins that are in use")
    return CashCount(tuple((worth, numbers[worth]) for worth in known if numbers.get(worth)))
