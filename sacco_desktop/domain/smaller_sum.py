"""A committee that lends less than was asked for: what it may change, and what of the terms follows."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sacco_desktop.domain.errors import InvalidInput, NotAllowed
from sacco_desktop.domain.money import format_kes


class MayLower(StrEnum):
    """What of a loan the committee may approve smaller than it was asked for."""

    SUM = "sum"
    SUM_AND_TERM = "sum_and_term"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A sum in cents, as a member asks for it, and in how many instalments it is repaid."""

    cents: int
    instalments: int

    @property
    def words(self) -> str:
        """`KES 80,000.00 in 24 instalments`."""
        many = "1 instalment" if self.instalments == 1 else f"{self.instalments} instalments"
        return f"{format_kes(self.cents)} in {many}"


def check_smaller(asked: Wanted, to: Wanted, may: MayLower) -> None:
    """Raises NotAllowed where the society does not want it, and InvalidInput under `amount` or `instalments` for what
    is not smaller.
    """
    if may is MayLower.NOTHING:
        raise NotAllowed(
            "This society approves a loan as it was asked for, or rejects it. The setting is under Rules."
        )
    if to.cents > asked.cents:
        raise InvalidInput(
            f"{format_kes(asked.cents)} was asked for; approve less, or have it asked for anew.",
            "amount",
        )
    if to.instalments > asked.instalments:
        raise InvalidInput(
            f"{asked.instalments} instalments were asked for; approve no more than these.",
            "instalments",
        )
    if to.instalments != asked.instalments and may is MayLower.SUM:
        raise NotAllowed(
            "This society lets the committee lower the sum only, not the term. The setting is under Rules."
        )
    if to == asked:
        raise InvalidInput("This is what was asked for. Approve it as it is.", "amount")
