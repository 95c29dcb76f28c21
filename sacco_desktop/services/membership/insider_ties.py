"""Writes down who is near to the society, and that it is over: the one by one person, the other by somebody else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select

from sacco_desktop.db.tables import InsiderTie, UserMember
from sacco_desktop.domain.errors import InvalidInput, NotFound, SamePerson, WrongState
from sacco_desktop.domain.insiders import (
    LONGEST_NOTE,
    TieDays,
    TieKind,
    check_tie,
    tie_in_words,
)
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.books import audit
from sacco_desktop.services.books.work import Topic, Work
from sacco_desktop.services.membership import members
from sacco_desktop.services.office import insiders, users


@dataclass(frozen=True, slots=True)
class NewTie:
    """What makes a member an insider, and what is known of it beside that."""

    member_id: int
    tie: TieDays
    note: str = ""


@dataclass(frozen=True, slots=True)
class TieEnd:
    """It is over: its last day, and why."""

    tie_id: int
    until_on: date
    why: str


@dataclass(frozen=True, slots=True)
class TieRow:
    """A tie as its list shows one; `words` are whole, and empty names say that nobody ended it. `is_mine` means that
    the actor wrote it or is the member, and so does not end it.
    """

    tie_id: int
    member_id: int
    words: str
    tie: TieDays
    note: str
    written_by: str
    written_at: datetime
    ended_by: str
    ended_why: str
    is_mine: bool


@dataclass(frozen=True, slots=True)
class InsiderSheet:
    """A member with every tie that was ever written down; `words` say why the member is an insider today, empty for
    somebody who is none.
    """

    member_id: int
    number: str
    full_name: str
    words: str
    ties: tuple[TieRow, ...]


def look(work: Work, member_id: int) -> InsiderSheet:
    """Everything that is known of a member's nearness to the society, the newest first. Raises NotFound."""
    work.allow(Act.LOOK)
    member = members.load(work, member_id)
    rows = work.session.scalars(
        select(InsiderTie).where(InsiderTie.member_id == member_id).order_by(InsiderTie.id.desc())
    )
    return InsiderSheet(
        member.id,
        member.number,
        member.full_name,
        insiders.words_of(work, member.id),
        tuple(_row(work, row) for row in rows),
    )


def record(work: Work, new: NewTie) -> InsiderSheet:
    """Write down why a member is an insider. One person may: it only makes the chain stricter.

    Raises InvalidInput under `kind`, `from_on`, `until_on`, `of_member`, `kin` or `note`, and NotFound.
    """
    work.allow(Act.KEEP_INSIDERS)
    member = members.load(work, new.member_id)
    check_tie(member.id, new.tie, work.today)
    note = " ".join(new.note.split())
    if len(note) > LONGEST_NOTE:
        raise InvalidInput(f"Write at most {LONGEST_NOTE} letters.", "note")
    of = None if new.tie.of_id is None else members.load(work, new.tie.of_id)
    if of is not None and not insiders.is_insider(work, of.id):
        raise InvalidInput(
            f"{of.full_name} is no insider; write that down first, then the relation.", "of_member"
        )
    _refuse_twice(work, new)
    work.session.add(
        InsiderTie(
            member_id=member.id,
            kind=new.tie.kind.value,
            kin="" if new.tie.kin is None else new.tie.kin.value,
            of_member_id=new.tie.of_id,
            from_on=new.tie.from_on,
            until_on=new.tie.until_on,
            note=note,
            written_by=work.actor.user_id,
            written_at=work.now,
        )
    )
    work.session.flush()
    audit.record(work, "wrote down an insider", member.number, {"kind": new.tie.kind.value})
    work.changed(Topic.MEMBERS, Topic.LOANS, Topic.APPROVALS)
    return look(work, member.id)


def end(work: Work, over: TieEnd) -> InsiderSheet:
    """Say that it is over, as somebody who neither wrote it nor is meant by it.

    Raises NotFound, WrongState, SamePerson, and InvalidInput under `until_on` or `why`.
    """
    work.allow(Act.KEEP_INSIDERS)
    row = work.session.get(InsiderTie, over.tie_id)
    if row is None:
        raise NotFound("This is not written down.")
    if row.ended_by is not None:
        raise WrongState("It was ended already. Write a new one if it holds again.")
    why = " ".join(over.why.split())
    if not why:
        raise InvalidInput("Write why it is over.", "why")
    if not row.from_on <= over.until_on <= work.today:
        raise InvalidInput("The last day lies between its first day and today.", "until_on")
    if row.until_on is not None and over.until_on > row.until_on:
        raise InvalidInput("It ends by itself before that day.", "until_on")
    if _is_mine(work, row):
        raise SamePerson(
            "Who wrote this down, or whom it is about, does not end it: loans would need fewer people. Somebody else"
            " who keeps the list of insiders can."
        )
    row.until_on, row.ended_why = over.until_on, why
    row.ended_by, row.ended_at = work.actor.user_id, work.now
    work.session.flush()
    member = members.load(work, row.member_id)
    audit.record(work, "ended an insider", member.number, {"kind": row.kind, "why": why})
    work.changed(Topic.MEMBERS, Topic.LOANS, Topic.APPROVALS)
    return look(work, member.id)


def _refuse_twice(work: Work, new: NewTie) -> None:
    same = select(InsiderTie.id).where(
        InsiderTie.member_id == new.member_id,
        InsiderTie.kind == new.tie.kind.value,
        or_(InsiderTie.until_on.is_(None), InsiderTie.until_on >= new.tie.from_on),
    )
    if new.tie.kind is TieKind.RELATION:
        same = same.where(InsiderTie.of_member_id == new.tie.of_id)
    if work.session.scalar(same.limit(1)) is not None:
        raise InvalidInput("This is written down already and is not over.", "kind")


def _is_mine(work: Work, row: InsiderTie) -> bool:
    me = work.session.scalar(
        select(UserMember.member_id).where(UserMember.user_id == work.actor.user_id)
    )
    is_about_me = me is not None and me in (row.member_id, row.of_member_id)
    return row.written_by == work.actor.user_id or is_about_me


def _row(work: Work, row: InsiderTie) -> TieRow:
    tie = insiders.tie_of(row)
    of = "" if tie.of_id is None else members.load(work, tie.of_id).full_name
    return TieRow(
        row.id,
        row.member_id,
        tie_in_words(tie, of),
        tie,
        row.note,
        users.full_name_of(work, row.written_by),
        row.written_at,
        users.full_name_of(work, row.ended_by),
        row.ended_why,
        _is_mine(work, row),
    )
