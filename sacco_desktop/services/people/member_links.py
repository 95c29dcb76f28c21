"""Which member of the society a person of the office is: nobody decides on money for oneself."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from sacco_desktop.db.tables import Member, User, UserMember
from sacco_desktop.domain.approvals import Content
from sacco_desktop.domain.errors import InvalidInput, NotFound, WrongState
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.books import audit
from sacco_desktop.services.books.work import CLOCK_USER_ID, Topic, Work
from sacco_desktop.services.membership import members
from sacco_desktop.services.office import people_requests
from sacco_desktop.services.office.people_requests import PersonChange, PutForward


@dataclass(frozen=True, slots=True)
class MemberLink:
    """The member who this person is; None for a person who is no member."""

    user_id: int
    member_id: int | None


_NOBODY = "no member"


def link(work: Work, new: MemberLink) -> PutForward:
    """Say which member a person is. Raises NotFound, WrongState, InvalidInput under `member`.

    A first link only bars somebody, so one administrator makes it; to change or take it away another person agrees.
    """
    work.allow(Act.MANAGE_USERS)
    user = work.session.get(User, new.user_id)
    if user is None or user.id == CLOCK_USER_ID:
        raise NotFound("This person is not in the books.")
    before = work.session.get(UserMember, user.id)
    if before is not None and user.id == work.actor.user_id:
        # Otherwise an administrator could step out of the rule just before a decision.
        raise WrongState("Your own link to a member is changed only by another administrator.")
    if new.member_id is not None and (before is None or before.member_id != new.member_id):
        _check_free(work, new.member_id)
    after = _words(work, new.member_id)
    told = f"{user.full_name} is linked to {after}."
    details: dict[str, str | int] = {"name": user.full_name, "member_id": new.member_id or 0}
    change = PersonChange(
        user.id,
        "member",
        f"Which member {user.full_name} is",
        words_now(work, user.id),
        after,
        told,
        details,
    )
    if before is None or before.member_id == new.member_id:
        carry_out(work, None, {"user_id": user.id, **details})
        return PutForward(user.id, None, told)
    return people_requests.put_forward(work, change, carry_out)


def words_now(work: Work, user_id: int) -> str:
    """The member whom a person is linked to now, by name and number."""
    row = work.session.get(UserMember, user_id)
    return _words(work, None if row is None else row.member_id)


def _words(work: Work, member_id: int | None) -> str:
    if member_id is None:
        return _NOBODY
    member = members.load(work, member_id)
    return f"{member.full_name}, {member.number}"


def carry_out(work: Work, request_id: int | None, content: Content) -> None:
    """Write the link down; the audit row names the request that allowed it. Raises InvalidInput under `member`."""
    user = work.session.get_one(User, int(str(content["user_id"])))
    member_id = int(str(content["member_id"])) or None
    before = work.session.get(UserMember, user.id)
    if (None if before is None else before.member_id) == member_id:
        return
    old = "" if before is None else members.load(work, before.member_id).number
    if before is not None:
        work.session.delete(before)
        work.session.flush()
    number = ""
    if member_id is not None:
        number = members.load(work, member_id).number
        _check_free(work, member_id)
        work.session.add(
            UserMember(
                user_id=user.id,
                member_id=member_id,
                linked_by=work.actor.user_id,
                linked_at=work.now,
            )
        )
    detail: audit.Detail = {"old": old, "new": number, "request": request_id}
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
