"""The one way in which a member's status changes: by a row that says when, by whom and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from sacco_desktop.db.tables import Account, Entry, Loan, Member, MemberMove, PostingRow
from sacco_desktop.domain.chart import CONTROLS_BY_MEMBER
from sacco_desktop.domain.errors import InvalidInput, WrongState
from sacco_desktop.domain.member_status import MOVES, MemberStatus, belongs, words_of
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.books import audit
from sacco_desktop.services.books.work import Topic, Work
from sacco_desktop.services.office import users


@dataclass(frozen=True, slots=True)
class MoveRow:
    """A change of status as the page shows it."""

    at: datetime
    old: str
    new: str
    reason: str
    who: str
    last_entry_on: date | None


def check(member: Member, new: str) -> None:
    """Raise WrongState unless the member's status may become this one."""
    if (member.status, new) not in MOVES:
        raise WrongState(
            f"{member.number} is {words_of(member.status).lower()} and cannot become"
            f" {words_of(new).lower()}."
        )


def move(
    work: Work, member: Member, new: MemberStatus, reason: str, request_id: int | None = None
) -> None:
    """Give a member another status. Raises WrongState, and InvalidInput under `reason` without one."""
    check(member, new.value)
    words = " ".join(reason.split())
    if not words:
        raise InvalidInput("Write why.", "reason")
    old = member.status
    work.session.add(
        MemberMove(
            member_id=member.id,
            old=old,
            new=new.value,
            reason=words,
            last_entry_on=last_entry_on(work, member),
            moved_by=work.actor.user_id,
            moved_at=work.now,
            request_id=request_id,
        )
    )
    work.session.flush()
    member.status = new.value
    member.left_on = None if belongs(new) else work.today
    member.version += 1
    work.session.flush()
    detail: audit.Detail = {"old": old, "new": new.value}
    audit.record(work, "changed the status of", member.number, detail)
    work.changed(Topic.MEMBERS)


def last_entry_on(work: Work, member: Member) -> date | None:
    """The day of the newest entry on any account of the member or of the member's loans; None for nothing ever."""
    loans = work.session.execute(
        select(Loan.loan_control, Loan.number).where(Loan.member_id == member.id)
    )
    codes = [f"{control}.{member.number}" for control in sorted(CONTROLS_BY_MEMBER)]
    codes += [f"{control}.{number}" for control, number in loans]
    return work.session.scalar(
        select(func.max(Entry.value_date))
        .join(PostingRow, PostingRow.entry_id == Entry.id)
        .join(Account, Account.id == PostingRow.account_id)
        .where(Account.code.in_(codes), Entry.posted_at.is_not(None))
    )


def moves_of(work: Work, member_id: int) -> tuple[MoveRow, ...]:
    """Every change of status of a member, the newest first."""
    work.allow(Act.LOOK)
    found = work.session.scalars(
        select(MemberMove).where(MemberMove.member_id == member_id).order_by(MemberMove.id.desc())
    )
    return tuple(
        MoveRow(
            row.moved_at,
            row.old,
            row.new,
            row.reason,
            users.full_name_of(work, row.moved_by),
            row.last_entry_on,
        )
        for row in found
    )
