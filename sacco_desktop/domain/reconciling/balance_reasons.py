"""Why M-Pesa's word on a balance is not what the books say: all that is sure, and the least of what is not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

# Beyond so many unsure things any difference would be the sum of some of them.
_MOST = 12


@dataclass(frozen=True, slots=True)
class Cause:
    """Something that may lie between both, in cents as it makes M-Pesa's word higher than the books."""

    words: str
    cents: int


@dataclass(frozen=True, slots=True)
class BalanceExplained:
    """The lines of a difference in cents, and what none of them explains."""

    difference_cents: int
    causes: tuple[Cause, ...]

    @property
    def unexplained_cents(self) -> int:
        """Zero when every cent has a line."""
        return self.difference_cents - sum(one.cents for one in self.causes)


def explain_balance(
    difference_cents: int, sure: Sequence[Cause], perhaps: Sequence[Cause]
) -> BalanceExplained:
    """Every sure cause, and the fewest of the others with which nothing is left; none of them where that cannot be.

    Whether a payment in flight has left, or whether M-Pesa knew of a move that we wrote down later, only the sum says.
    """
    rest = difference_cents - sum(one.cents for one in sure)
    if rest == 0:
        return BalanceExplained(difference_cents, tuple(sure))
    if rest == sum(one.cents for one in perhaps):
        return BalanceExplained(difference_cents, (*sure, *perhaps))
    if len(perhaps) <= _MOST:
        for count in range(1, len(perhaps)):
            for some in combinations(perhaps, count):
                if sum(one.cents for one in some) == rest:
                    return BalanceExplained(difference_cents, (*sure, *some))
    return BalanceExplained(difference_cents, tuple(sure))
