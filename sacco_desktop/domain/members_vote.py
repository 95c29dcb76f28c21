"""The vote of a general meeting on a loan, where the by-laws want one."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sacco_desktop.domain.errors import InvalidInput

MOST_VOTES = 1_000_000


class Majority(StrEnum):
    """How much of the votes cast carries a loan; who abstains casts none."""

    MORE_FOR = "more_for"
    TWO_THIRDS = "two_thirds"


@dataclass(frozen=True, slots=True)
class VoteCount:
    """How the members voted: heads, not shares."""

    votes_for: int
    votes_against: int
    abstained: int

    def check(self) -> None:
        """Raises InvalidInput under the field that cannot be so."""
        for field in ("votes_for", "votes_against", "abstained"):
            if not 0 <= getattr(self, field) <= MOST_VOTES:
                raise InvalidInput("Write how many, in figures.", field)
        if not self.votes_for + self.votes_against:
            raise InvalidInput("Nobody voted for or against, so nothing was decided.", "votes_for")

    def carries(self, majority: Majority) -> bool:
        """Whether the members agreed; as many for as against is a no."""
        if majority is Majority.TWO_THIRDS:
            return 3 * self.votes_for >= 2 * (self.votes_for + self.votes_against)
        return self.votes_for > self.votes_against

    @property
    def words(self) -> str:
        """`41 for, 7 against, 3 abstained`."""
        return (
            f"{self.votes_for:,} for, {self.votes_against:,} against, {self.abstained:,} abstained"
        )
