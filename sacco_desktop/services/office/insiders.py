"""Who is an insider of the society today, and why; writes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select

from sacco_desktop.db.tables import InsiderTie, Member, User, UserMember
from sacco_desktop.domain.insiders import (
    KIN_WORDS,
    Kin,
    TieDays,
    TieKind,
    insider_ids,
    tie_in_words,
)
from sacco_desktop.services.books.work import Work

WORKS_HERE = "Works in this office"


@dataclass(frozen=True, slots=True)
class Insider:
    """A member who is an insider, by number and name, and why in words."""

    member_id: int
    number: str
    full_name: str
    words: str


def is_insider(work: Work, member_id: int, on: date | None = None) -> bool:
    """Whether the member is an insider on a day, today where none is given."""
    return member_id in ids_on(work, on or work.today)


def ids_on(work: Work, day: date) -> frozenset[int]:
    """The ids of all members who are insiders on a day. Who works in the office is one as long as the account is open;
    of days before the society could say so nothing is known.
    """
    return insider_ids(_ties(work), _people_of_office(work), day)


def words_of(work: Work, member_id: int, on: date | None = None) -> str:
    """Why the member is an insider, for a content and for paper; empty for everybody else."""
    day = on or work.today
    insiders = ids_on(work, day)
    if member_id not in insiders:
        return ""
    return _why(work, member_id, insiders, day)


def all_on(work: Work, day: date) -> tuple[Insider, ...]:
    """Every insider of a day with the reason, by number."""
    insiders = ids_on(work, day)
    found = work.session.scalars(
        select(Member).where(Member.id.in_(insiders)).order_by(Member.number)
    )
    return tuple(
        Insider(one.id, one.number, one.full_name, _why(work, one.id, insiders, day))
        for one in found
    )


def _why(work: Work, member_id: int, insiders: frozenset[int], day: date) -> str:
    """Every tie that stands, and that the member works here; a relation of somebody who is no insider is no reason."""
    rows = work.session.scalars(
        select(InsiderTie).where(InsiderTie.member_id == member_id).order_by(InsiderTie.id)
    )
    ties = [tie for tie in map(tie_of, rows) if tie.stands_on(day)]
    words = [
        tie_in_words(tie, "" if tie.of_id is None else _name(work, tie.of_id))
        for tie in ties
        if tie.of_id is None or tie.of_id in insiders
    ]
    if member_id in _people_of_office(work):
        words.append(WORKS_HERE)
    return "; ".join(words)


def relations_of(work: Work, member_id: int) -> dict[int, str]:
    """The near relations of a member that are written down and stand today, in both directions: their ids, and how
    they are related as the start of a sentence.
    """
    rows = work.session.scalars(
        select(InsiderTie).where(
            InsiderTie.kind == TieKind.RELATION.value,
            or_(InsiderTie.member_id == member_id, InsiderTie.of_member_id == member_id),
            or_(InsiderTie.until_on.is_(None), InsiderTie.until_on >= work.today),
        )
    )
    found = {}
    for row in rows:
        assert row.of_member_id is not None, "a relation is one of somebody"
        other = row.of_member_id if row.member_id == member_id else row.member_id
        kin = KIN_WORDS[Kin(row.kin)].lower()
        found[other] = f"You are a near relation of this member ({kin})"
    return found


def tie_of(row: InsiderTie) -> TieDays:
    """A kept row as the rule knows it."""
    kin = Kin(row.kin) if row.kin else None
    return TieDays(TieKind(row.kind), row.from_on, row.until_on, row.of_member_id, kin)


def _ties(work: Work) -> list[tuple[int, TieDays]]:
    rows = work.session.scalars(select(InsiderTie))
    return [(row.member_id, tie_of(row)) for row in rows]


def _people_of_office(work: Work) -> set[int]:
    return set(
        work.session.scalars(
            select(UserMember.member_id)
            .join(User, User.id == UserMember.user_id)
            .where(User.is_active)
        )
    )


def _name(work: Work, member_id: int) -> str:
    member = work.session.get_one(Member, member_id)
    return f"{member.full_name} ({member.number})"
