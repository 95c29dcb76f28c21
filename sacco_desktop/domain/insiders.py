"""Who stands so near to the society that a loan to them is lending to an insider, and how that is said."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sacco_desktop.domain.dates import format_date
from sacco_desktop.domain.errors import InvalidInput

LONGEST_NOTE = 200


class TieKind(StrEnum):
    """What makes a member an insider."""

    BOARD = "board"
    COMMITTEE = "committee"
    SUPERVISORY = "supervisory"
    OFFICER = "officer"
    EMPLOYEE = "employee"
    RELATION = "relation"


class Kin(StrEnum):
    """How near a relation is to the insider."""

    SPOUSE = "spouse"
    CHILD = "child"
    PARENT = "parent"
    SIBLING = "sibling"
    OTHER = "other"


TIE_WORDS = {
    TieKind.BOARD: "Member of the board",
    TieKind.COMMITTEE: "Member of a committee",
    TieKind.SUPERVISORY: "Supervisory committee",
    TieKind.OFFICER: "Officer of the society",
    TieKind.EMPLOYEE: "Employee of the society",
    TieKind.RELATION: "Near relation of an insider",
}
KIN_WORDS = {
    Kin.SPOUSE: "Husband or wife",
    Kin.CHILD: "Child",
    Kin.PARENT: "Parent",
    Kin.SIBLING: "Brother or sister",
    Kin.OTHER: "Near relation",
}


@dataclass(frozen=True, slots=True)
class TieDays:
    """What ties a member to the society, and on which days. `of_id` is the insider to whom the member is related, and
    both it and `kin` are None for every other kind. `until_on` is the last day, None while no end is known.
    """

    kind: TieKind
    from_on: date
    until_on: date | None = None
    of_id: int | None = None
    kin: Kin | None = None

    def stands_on(self, day: date) -> bool:
        """Whether it ties the member on that day."""
        return self.from_on <= day and (self.until_on is None or day <= self.until_on)


def check_tie(member_id: int, tie: TieDays, today: date) -> None:
    """Raises InvalidInput under the field that cannot be so."""
    if tie.from_on > today:
        raise InvalidInput("Write it down on the day on which it begins, not before.", "from_on")
    if tie.until_on is not None and tie.until_on < tie.from_on:
        raise InvalidInput("It ends before it begins.", "until_on")
    if tie.kind is not TieKind.RELATION:
        if tie.of_id is not None or tie.kin is not None:
            raise InvalidInput("Only a near relation is related to somebody.", "of_member")
        return
    if tie.of_id is None:
        raise InvalidInput("Choose the insider to whom the member is related.", "of_member")
    if tie.of_id == member_id:
        raise InvalidInput("Nobody is the own relation. Choose the insider.", "of_member")
    if tie.kin is None:
        raise InvalidInput("Choose how they are related.", "kin")


def insider_ids(
    ties: Iterable[tuple[int, TieDays]], people_of_office: Iterable[int], day: date
) -> frozenset[int]:
    """The ids of all members who are insiders on a day: who works in the office, who holds an office of the society,
    and the near relations of either. A relation of a relation is none.
    """
    standing = [(member, tie) for member, tie in ties if tie.stands_on(day)]
    own = {member for member, tie in standing if tie.kind is not TieKind.RELATION}
    core = own | set(people_of_office)
    return frozenset(core | {member for member, tie in standing if tie.of_id in core})


def tie_in_words(tie: TieDays, of_name: str = "") -> str:
    """`Member of the board since 1 Mar 2024`, `Husband or wife of MARY W since 2 Jan 2025 until 3 Mar 2026`."""
    what = TIE_WORDS[tie.kind]
    if tie.kin is not None:
        what = f"{KIN_WORDS[tie.kin]} of {of_name}"
    until = "" if tie.until_on is None else f" until {format_date(tie.until_on)}"
    return f"{what} since {format_date(tie.from_on)}{until}"
