"""Suspending, expelling, reporting a death, and taking these back: asked for by one person and agreed to by another."""

from __future__ import annotations

from dataclasses import dataclass

from sacco_desktop.domain.approvals import ApprovalKind, Content
from sacco_desktop.domain.errors import InvalidInput, NotFound
from sacco_desktop.domain.member_status import BY_TWO, MemberStatus, words_of
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.books import audit
from sacco_desktop.services.books.meanwhile import changed_meanwhile
from sacco_desktop.services.books.work import Topic, Work
from sacco_desktop.services.membership import exit_notices, member_moves, members
from sacco_desktop.services.office import approvals, who_decides


@dataclass(frozen=True, slots=True)
class StatusWish:
    """Another status for a member; `version` is that of the record the person looked at. For a death, `reason` names
    the certificate.
    """

    member_id: int
    version: int
    new: MemberStatus
    reason: str


def ask(work: Work, wish: StatusWish) -> str:
    """Change the status, or ask a second person where one must agree; returns words for who asked.

    Leaving has its own way, by a notice. Raises WrongState, ChangedMeanwhile, and InvalidInput under `reason`.
    """
    work.allow(Act.REGISTER_MEMBER)
    member = members.load(work, wish.member_id)
    if member.version != wish.version:
        raise changed_meanwhile(work, member.number)
    if wish.new in (MemberStatus.NOTICE_GIVEN, MemberStatus.EXITED, MemberStatus.DORMANT):
        raise InvalidInput("A member leaves by giving notice, and is dormant by the clock.", "new")
    member_moves.check(member, wish.new.value)
    reason = " ".join(wish.reason.split())
    if not reason:
        raise InvalidInput("Write why.", "reason")
    if (member.status, wish.new.value) not in BY_TWO:
        member_moves.move(work, member, wish.new, reason)
        return f"{member.number} is {words_of(wish.new).lower()} now."
    content = content_now(work, member.id, {"new": wish.new.value, "reason": reason})
    about = f"{member.full_name} · {member.number}, {words_of(wish.new).lower()}"
    request = approvals.NewRequest(ApprovalKind.MEMBER_STATUS, member.id, about, 0, content)
    request_id = approvals.ask(work, request)
    audit.record(work, f"asked to make {wish.new.value}", member.number)
    work.changed(Topic.MEMBERS)
    who = " or ".join(who_decides.names_who_can(work, approvals.load(work, request_id)))
    return f"Sent for approval. {who or 'Nobody in this office yet'} can agree. Nothing has changed yet."


def content_now(work: Work, member_id: int, asked: Content) -> Content:
    """What the approval is bound to: the member as he or she stands now."""
    try:
        member = members.load(work, member_id)
    except NotFound as gone:
        return {"gone": gone.message}
    return {
        "member": member.number,
        "name": member.full_name,
        "before": member.status,
        "new": asked["new"],
        "reason": asked["reason"],
    }


def carry_out(work: Work, request_id: int, content: Content) -> None:
    """Two people have agreed. A notice that runs ends with the membership."""
    member = members.load(work, approvals.load(work, request_id).subject_id)
    new = MemberStatus(str(content["new"]))
    member_moves.move(work, member, new, str(content["reason"]), request_id)
    exit_notices.end_open(work, member.id)
    work.changed(Topic.MEMBERS, Topic.APPROVALS)
