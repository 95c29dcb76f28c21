"""A member's notice of leaving: given, taken back, and when it has run."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from sacco_desktop.db.tables import ExitNotice
from sacco_desktop.domain.errors import InvalidInput, WrongState
from sacco_desktop.domain.member_status import MemberStatus
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.books import audit
from sacco_desktop.services.books.meanwhile import changed_meanwhile
from sacco_desktop.services.books.work import Topic, Work
from sacco_desktop.services.membership import member_moves, members
from sacco_desktop.services.office import society

NOTICE_DAYS = "exit.notice_days"


@dataclass(frozen=True, slots=True)
class NewNotice:
    """A written notice; `version` is that of the member's record that the person looked at."""

    member_id: int
    version: int
    given_on: date
    reason: str


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """A notice that runs: it was given on a day, and counts from another."""

    given_on: date
    due_on: date
    reason: str


def give(work: Work, new: NewNotice) -> NoticeRow:
    """Write a notice down. Raises WrongState, ChangedMeanwhile, InvalidInput under its field."""
    work.allow(Act.REGISTER_MEMBER)
    member = members.load(work, new.member_id)
    if member.version != new.version:
        raise changed_meanwhile(work, member.number)
    if new.given_on > work.today:
        raise InvalidInput("A notice cannot be given in the future.", "given_on")
    if new.given_on < member.joined_on:
        raise InvalidInput("The notice is older than the membership.", "given_on")
    days = int(society.setting(work, NOTICE_DAYS, new.given_on))
    due_on = new.given_on + timedelta(days=days)
    member_moves.move(work, member, MemberStatus.NOTICE_GIVEN, new.reason)
    work.session.add(
        ExitNotice(
            member_id=member.id,
            given_on=new.given_on,
            days=days,
            due_on=due_on,
            reason=" ".join(new.reason.split()),
            recorded_by=work.actor.user_id,
            recorded_at=work.now,
        )
    )
    work.session.flush()
    audit.record(work, "wrote down the notice of", member.number, {"days": days})
    return NoticeRow(new.given_on, due_on, new.reason)


@dataclass(frozen=True, slots=True)
class NoticeTakenBack:
    """The member stays after all."""

    member_id: int
    version: int
    reason: str


def take_back(work: Work, back: NoticeTakenBack) -> None:
    """The notice ends and the member is active. Raises WrongState, ChangedMeanwhile, InvalidInput."""
    work.allow(Act.REGISTER_MEMBER)
    member = members.load(work, back.member_id)
    if member.version != back.version:
        raise changed_meanwhile(work, member.number)
    if member.status != MemberStatus.NOTICE_GIVEN.value:
        raise WrongState(f"{member.number} has given no notice.")
    end_open(work, member.id)
    member_moves.move(work, member, MemberStatus.ACTIVE, back.reason)
    work.changed(Topic.MEMBERS)


def open_of(work: Work, member_id: int) -> NoticeRow | None:
    """The notice that runs; None without one."""
    row = _open(work, member_id)
    return None if row is None else NoticeRow(row.given_on, row.due_on, row.reason)


def end_open(work: Work, member_id: int) -> None:
    """End the notice that runs, if there is one: the member left, stays, or is no member any more."""
    row = _open(work, member_id)
    if row is not None:
        row.ended_at = work.now
        work.session.flush()


def _open(work: Work, member_id: int) -> ExitNotice | None:
    return work.session.scalar(
        select(ExitNotice).where(ExitNotice.member_id == member_id, ExitNotice.ended_at.is_(None))
    )
