"""The quickest loop of plain whole numbers that gives the cents of an equal-instalment loan, and nothing else."""

from __future__ import annotations

from functools import cache


def cents_of(balance: int, percent: int, count: int) -> list[tuple[int, int, int]]:
    """Principal, interest and balance of each instalment of a loan of so many cents, at a whole percentage for each
    period, rounded half up.
    """
    up, half, whole = _factor(percent, count)
    level = (balance * up + half) // whole
    rows = []
    for _ in range(count - 1):
        interest = (balance * percent + 50) // 100
        principal = level - interest
        balance -= principal
        rows.append((principal, interest, balance))
    rows.append((balance, (balance * percent + 50) // 100, 0))
    return rows


@cache
def _factor(percent: int, count: int) -> tuple[int, int, int]:
    """What the equal instalment is of each cent; the loans of a register share it."""
    growth = (100 + percent) ** count
    half = (growth - 100**count) * 100
    return 2 * growth * percent, half, 2 * half
