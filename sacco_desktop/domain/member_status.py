"""The statuses of a member and how one leads to another: data for the services, the window and the database alike."""

from __future__ import annotations

from enum import StrEnum


class MemberStatus(StrEnum):
    """Where a member stands. An applicant is no member yet; being late with a loan is no status but a fact."""

    ACTIVE = "active"
    DORMANT = "dormant"
    SUSPENDED = "suspended"
    NOTICE_GIVEN = "notice_given"
    EXITED = "exited"
    EXPELLED = "expelled"
    DECEASED = "deceased"


# Whoever has left or was expelled joins again as a new member; a death that was a mistake is taken back by two people.
MOVES: tuple[tuple[str, str], ...] = (
    ("active", "dormant"),
    ("active", "suspended"),
    ("active", "notice_given"),
    ("active", "expelled"),
    ("active", "deceased"),
    ("dormant", "active"),
    ("dormant", "suspended"),
    ("dormant", "notice_given"),
    ("dormant", "expelled"),
    ("dormant", "deceased"),
    ("suspended", "active"),
    ("suspended", "notice_given"),
    ("suspended", "expelled"),
    ("suspended", "deceased"),
    ("notice_given", "active"),
    ("notice_given", "exited"),
    ("notice_given", "expelled"),
    ("notice_given", "deceased"),
    ("deceased", "active"),
)
# These moves are asked for by one person and agreed to by another.
BY_TWO = frozenset(
    (old, new)
    for old, new in MOVES
    if new in ("suspended", "expelled", "deceased") or old in ("suspended", "deceased")
)
BELONGS = frozenset(
    {
        MemberStatus.ACTIVE,
        MemberStatus.DORMANT,
        MemberStatus.SUSPENDED,
        MemberStatus.NOTICE_GIVEN,
    }
)

STATUS_WORDS = {
    MemberStatus.ACTIVE: "Active",
    MemberStatus.DORMANT: "Dormant",
    MemberStatus.SUSPENDED: "Suspended",
    MemberStatus.NOTICE_GIVEN: "Notice given",
    MemberStatus.EXITED: "Left",
    MemberStatus.EXPELLED: "Expelled",
    MemberStatus.DECEASED: "Deceased",
}


def belongs(status: str) -> bool:
    """Whether somebody of this status is a member of the society, who pays in and is written to."""
    return status in BELONGS


def words_of(status: str) -> str:
    """The status as people read it."""
    return STATUS_WORDS[MemberStatus(status)]
