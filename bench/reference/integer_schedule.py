"""The quickest loop of plain whole numbers that gives the cents of an equal-instalment loan, and nothing else."""

from __future__ import annotations


def cents_of(principal_cents: int, percent: int, count: int) -> list[tuple[int, int, int]]:
    """Principal, interest and balance of each instalment at a whole percentage for each period, rounded half up."""
    growth = (100 + percent) ** count
    up, down = principal_cents * growth * percent, (growth - 100**count) * 100
    level = (2 * up + down) // (2 * down)
    balance, rows = principal_cents, []
    for _ in range(count - 1):
        interest = (balance * percent + 50) // 100
        principal = level - interest
        balance -= principal
        rows.append((principal, interest, balance))
    rows.append((balance, (balance * percent + 50) // 100, 0))
    return rows
