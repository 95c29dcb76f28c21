"""Which member of the society a person of the office is: nobody decides on money for oneself."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from sacco_desktop.db.tables import Member, User, UserMember
from sacco_desktop.domain.errors import InvalidInput, NotFound, WrongState
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services import audit, members
from sacco_desktop.services.work import CLOCK_USER_ID, Topic, Work


@dataclass(frozen=True, slots=True)
class MemberLink:
    """The member who this person is; None for a person who is no member."""

    user_id: int
    member_id: int | None


def link(work: Work, new: MemberLink) -> None:
    """Say which member a person is. Raises NotFound, WrongState, InvalidInput under `member`."""
    work.allow(Act.MANAGE_USERS)
    user = work.session.get(User, new.user_id)
    if user is None or user.id == CLOCK_USER_ID:
        raise NotFound("This person is not in the books.")
    before = work.session.get(UserMember, user.id)
    if before is not None and user.id == work.actor.user_id:
        # Otherwise an administrator could step out of the rule just before a decision.
        raise WrongState("Your own link to a member is changed only by another administrator.")
    if before is not None and before.member_id == new.member_id:
        return
    old = "" if before is None else members.load(work, before.member_id).number
    if before is not None:
        work.session.delete(before)
        work.session.flush()
    number = ""
    if new.member_id is not None:
        number = members.load(work, new.member_id).number
        _check_free(work, new.member_id)
        work.session.add(
            UserMember(
                user_id=user.id,
                member_id=new.member_id,
                linked_by=work.actor.user_id,
                linked_at=work.now,
            )
        )
    detail: audit.Detail = {"old": old, "new": number}
    audit.record(work, "said which member is", user.username, detail)
    work.changed(Topic.USERS, Topic.APPROVALS)


def _check_free(work: Work, member_id: int) -> None:
    other = work.session.scalar(
        select(User.full_name)
        .join(UserMember, UserMember.user_id == User.id)
        .where(UserMember.member_id == member_id)
    )
    if other is not None:
        raise InvalidInput(f"{other} is linked to this member already.", "member")


def linked_members(work: Work) -> dict[int, tuple[int, str]]:
    """Of each linked person the id of the member, and name and number in words."""
    rows = work.session.execute(
        select(UserMember.user_id, Member).join(Member, Member.id == UserMember.member_id)
    )
    return {
        user_id: (member.id, f"{member.full_name}, {member.number}") for user_id, member in rows
    }
