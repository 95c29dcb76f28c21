"""Requests for approval: asking, recording what people decide, and voiding what changed. Carrying a yes out is
decisions.py's part.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from sacco_desktop.db.tables import (
    ApprovalDecision,
    ApprovalRequest,
    Loan,
    Payout,
    PayoutAttempt,
    UserMember,
)
from sacco_desktop.domain.approval_levels import NEEDED, band_for, roles_in_words
from sacco_desktop.domain.approvals import (
    ApprovalKind,
    ApprovalStatus,
    Content,
    Decision,
    canonical,
    fingerprint,
    same_person_words,
)
from sacco_desktop.domain.errors import (
    AlreadyDecided,
    ChangedMeanwhile,
    InvalidInput,
    NotAllowed,
    NotFound,
    SamePerson,
    WrongState,
)
from sacco_desktop.domain.permissions import Role
from sacco_desktop.services import approval_needs, audit, held_roles, limits
from sacco_desktop.services.approval_needs import Need, given_on, needs_of, next_need
from sacco_desktop.services.work import Topic, Work


@dataclass(frozen=True, slots=True)
class NewRequest:
    """What is asked. `about` is one line for the list; `content` is everything that the approval is bound to.

    `whole_cents` is the sum of which this is a part: it needs the people whom the whole needs.
    """

    kind: ApprovalKind
    subject_id: int
    about: str
    amount_cents: int
    content: Content
    whole_cents: int = 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """One person's decision on what was shown; `fingerprint` is that of the content on the screen."""

    request_id: int
    fingerprint: str
    decision: Decision
    reason: str = ""


# Whether a payment arrived: who would have it twice, or owes it, is the member whom it went to.
_ABOUT_ATTEMPTS = (
    ApprovalKind.PAYOUT_NOT_PAID.value,
    ApprovalKind.FAILURE_TAKEN_BACK.value,
    ApprovalKind.PAID_TWICE.value,
)


def ask(work: Work, new: NewRequest) -> int:
    """Write a request and return its id. An open request for the same subject becomes void."""
    void_open(work, new.kind, new.subject_id, "It was asked for again.")
    request = ApprovalRequest(
        kind=new.kind.value,
        subject_id=new.subject_id,
        about=new.about,
        amount_cents=new.amount_cents,
        content=canonical(new.content),
        fingerprint=fingerprint(new.content),
        status=ApprovalStatus.WAITING.value,
        asked_by=work.actor.user_id,
        asked_at=work.now,
    )
    work.session.add(request)
    work.session.flush()
    approval_needs.copy_onto(work, request, max(new.amount_cents, new.whole_cents))
    audit.record(work, f"asked for approval of a {new.kind.value}", new.about)
    work.changed(Topic.APPROVALS)
    return request.id


def void_open(work: Work, kind: ApprovalKind, subject_id: int, why: str) -> None:
    """Take every waiting or given approval of this subject away."""
    for request in work.session.scalars(
        select(ApprovalRequest).where(
            ApprovalRequest.kind == kind.value,
            ApprovalRequest.subject_id == subject_id,
            ApprovalRequest.status.in_(["waiting", "approved"]),
        )
    ):
        request.status = ApprovalStatus.VOID.value
        request.closed_at = work.now
        request.closing_words = why
        audit.record(work, f"voided the approval of a {kind.value}", request.about, {"why": why})
        work.changed(Topic.APPROVALS)
    work.session.flush()


def record(work: Work, verdict: Verdict, sitting_id: int | None = None) -> ApprovalRequest:
    """Write one decision. The request is closed by a no, or by the yes that meets the last need.

    Raises NotAllowed, SamePerson, AlreadyDecided, ChangedMeanwhile, OverLimit, and InvalidInput for a rejection
    without a reason.
    """
    request = load(work, verdict.request_id)
    standing = check_may_decide(work, request, verdict.decision)
    if verdict.fingerprint != request.fingerprint:
        raise ChangedMeanwhile("What you were shown has changed since. Read it again.")
    if verdict.decision is Decision.REJECT and not verdict.reason.strip():
        raise InvalidInput("Write a reason that the other person will read.", "reason")
    work.session.add(
        ApprovalDecision(
            request_id=request.id,
            decided_by=work.actor.user_id,
            roles=", ".join(sorted(role.value for role in work.actor.roles)),
            decision=verdict.decision.value,
            reason=verdict.reason.strip(),
            fingerprint=request.fingerprint,
            decided_at=work.now,
            step=standing.step,
            role=standing.role.value,
            deputy_of=standing.deputy_of,
            limit_cents=standing.limit_cents,
            sitting_id=sitting_id,
        )
    )
    work.session.flush()
    yes = verdict.decision is Decision.APPROVE
    if yes:
        act = NEEDED[ApprovalKind(request.kind)]
        limits.count(work, act, request.amount_cents, f"request {request.id}")
    audit.record(
        work,
        f"{'approved' if yes else 'rejected'} a {request.kind}",
        request.about,
        {"role": standing.role.value, "deputy_of": standing.deputy_of, "step": standing.step},
    )
    _close_if_done(work, request, verdict)
    work.changed(Topic.APPROVALS)
    return request


def _close_if_done(work: Work, request: ApprovalRequest, verdict: Verdict) -> None:
    yes = verdict.decision is Decision.APPROVE
    if yes and next_need(needs_of(work, request.id)) is not None:
        return
    request.status = (ApprovalStatus.APPROVED if yes else ApprovalStatus.REJECTED).value
    request.closed_at = work.now
    request.closing_words = verdict.reason.strip()
    work.session.flush()


@dataclass(frozen=True, slots=True)
class Standing:
    """As what a person decides: for which step, in which role, for whom, and within which limit at once in cents."""

    step: int
    role: Role
    deputy_of: int | None
    limit_cents: int | None


def check_may_decide(
    work: Work, request: ApprovalRequest, decision: Decision = Decision.APPROVE
) -> Standing:
    """As what the actor may decide on this request now.

    Raises NotAllowed, SamePerson, AlreadyDecided or OverLimit, each naming who can.
    """
    act = NEEDED[ApprovalKind(request.kind)]
    work.allow(act)
    why = barred(work, request).get(work.actor.user_id)
    if why is not None:
        raise SamePerson(same_person_words(why, names_who_can(work, request)))
    needs = needs_of(work, request.id)
    if request.status != ApprovalStatus.WAITING.value:
        raise AlreadyDecided(_decided_words(work, request))
    given = given_on(needs)
    if work.actor.user_id in {one.user_id for one in given}:
        raise AlreadyDecided(mine_already_words(names_who_can(work, request)))
    for one in given:
        if one.deputy_of_id == work.actor.user_id:
            others = names_who_can(work, request)
            raise AlreadyDecided(
                mine_already_words(others, f"{one.full_name} has, as your deputy,")
            )
    need = next_need(needs)
    if need is None:
        raise WrongState(
            "This request says of nobody who decides on it. It must be asked for again."
        )
    gone = _who_is_done(work, request, needs)
    held = {
        role: whom
        for role, whom in work.standing().items()
        if role in need.roles and whom not in gone
    }
    if not held:
        who = " or ".join(names_who_can(work, request)) or "Nobody in this office"
        raise NotAllowed(
            f"This step is decided by {roles_in_words(need.roles)}. {who} can. Nothing was decided."
        )
    cents = request.amount_cents if decision is Decision.APPROVE else 0
    left = limits.check(work, act, cents, held, need.roles)
    role = sorted(held)[0] if left is None else left.role
    return Standing(need.step, role, held[role], None if left is None else left.single_cents)


def barred(work: Work, request: ApprovalRequest) -> dict[int, str]:
    """Who may never decide on this request, whatever the roles, each with the reason as the start of a sentence."""
    found: dict[int, str] = {}
    member_id = member_of(work, request)
    if member_id is not None:
        for user_id in work.session.scalars(
            select(UserMember.user_id).where(UserMember.member_id == member_id)
        ):
            found[user_id] = "You are the member whom this is about"
    if request.kind == ApprovalKind.LOAN.value:
        loan = work.session.get_one(Loan, request.subject_id)
        if loan.appraised_by is not None:
            found[loan.appraised_by] = "You appraised this loan"
        found[loan.applied_by] = "You wrote this application"
    found[request.asked_by] = "You made this request"
    return found


def member_of(work: Work, request: ApprovalRequest) -> int | None:
    """The id of the member who would get the money or has it; None for requests that are about no member."""
    if request.kind == ApprovalKind.LOAN.value:
        return work.session.get_one(Loan, request.subject_id).member_id
    if request.kind == ApprovalKind.PAYOUT.value:
        return work.session.get_one(Payout, request.subject_id).member_id
    if request.kind in _ABOUT_ATTEMPTS:
        attempt = work.session.get_one(PayoutAttempt, request.subject_id)
        return work.session.get_one(Payout, attempt.payout_id).member_id
    return None


def names_who_can(work: Work, request: ApprovalRequest) -> list[str]:
    """The full names of the people who can give the decision that is needed next, each within the own limit."""
    needs = needs_of(work, request.id)
    need = next_need(needs)
    if need is None:
        return []
    gone = _who_is_done(work, request, needs)
    act = NEEDED[ApprovalKind(request.kind)]
    able = limits.people_who_can(work, act, request.amount_cents, need.roles)
    return held_roles.names([one for one in able if one.deputy_of not in gone], not_these=gone)


def _who_is_done(work: Work, request: ApprovalRequest, needs: Sequence[Need]) -> set[int]:
    """Whose voice cannot be heard on this request any more, be it their own or that of a deputy."""
    given = given_on(needs)
    spoken_for = {one.deputy_of_id for one in given if one.deputy_of_id is not None}
    return {*barred(work, request), *(one.user_id for one in given), *spoken_for}


def names_for(work: Work, kind: ApprovalKind, amount_cents: int) -> list[str]:
    """The full names of those who could decide first on a request that the actor made now."""
    first = band_for(approval_needs.levels_on(work, kind, work.today), amount_cents).steps[0]
    able = limits.people_who_can(work, NEEDED[kind], amount_cents, first.roles)
    return held_roles.names(able, not_these=[work.actor.user_id])


def mine_already_words(others: list[str], who_did: str = "You have") -> str:
    """What a person is told who has decided already while others are still needed."""
    who = " or ".join(others) if others else "Another person with the right role"
    return f"{who_did} decided on this already. {who} can give what is still needed."


def _decided_words(work: Work, request: ApprovalRequest) -> str:
    if request.status == ApprovalStatus.VOID.value:
        return f"This request is void: {request.closing_words} Ask for it again."
    given = [
        one.full_name
        for one in given_on(needs_of(work, request.id))
        if (one.decision is Decision.APPROVE) == (request.status == ApprovalStatus.APPROVED.value)
    ]
    who, have = (" and ".join(given) or "Somebody else", "have" if len(given) > 1 else "has")
    return f"{who} {have} {request.status} this already. The first decision stands."


def load(work: Work, request_id: int) -> ApprovalRequest:
    """The request's row. Raises NotFound."""
    request = work.session.get(ApprovalRequest, request_id)
    if request is None:
        raise NotFound("There is no such request.")
    return request


def waiting_for(work: Work, kind: ApprovalKind, subject_id: int) -> ApprovalRequest | None:
    """The request of a subject that still waits, if there is one."""
    return _last(work, kind, subject_id, ApprovalStatus.WAITING)


def given_for(work: Work, kind: ApprovalKind, subject_id: int) -> ApprovalRequest | None:
    """The approved request of a subject, if one stands."""
    return _last(work, kind, subject_id, ApprovalStatus.APPROVED)


def _last(
    work: Work, kind: ApprovalKind, subject_id: int, status: ApprovalStatus
) -> ApprovalRequest | None:
    return work.session.scalar(
        select(ApprovalRequest)
        .where(
            ApprovalRequest.kind == kind.value,
            ApprovalRequest.subject_id == subject_id,
            ApprovalRequest.status == status.value,
        )
        .order_by(ApprovalRequest.id.desc())
        .limit(1)
    )


@dataclass(frozen=True, slots=True)
class ApproverName:
    """Who approved something, as what and when; `deputy_of` is a name, empty for an own role."""

    user_id: int
    full_name: str
    at: datetime
    role: str = ""
    deputy_of: str = ""


def approvers_of(work: Work, kind: ApprovalKind, subject_id: int) -> tuple[ApproverName, ...]:
    """Everybody who gave the approval that stands, in the order of their decisions; nobody when none stands.

    An approval stays what it was when it was given: a role that is lost later takes nothing back.
    """
    request = given_for(work, kind, subject_id)
    return () if request is None else _who_gave(work, request)


def approvers_at_last(work: Work, kind: ApprovalKind, subject_id: int) -> tuple[ApproverName, ...]:
    """Who gave the last approval, whether it stands or was voided since: a payment whose failure was taken back went
    out under an approval that the failure had ended.
    """
    decided = (
        select(ApprovalRequest)
        .join(ApprovalDecision, ApprovalDecision.request_id == ApprovalRequest.id)
        .where(
            ApprovalRequest.kind == kind.value,
            ApprovalRequest.subject_id == subject_id,
            ApprovalRequest.status.in_(["approved", "void"]),
        )
        .order_by(ApprovalRequest.id.desc())
        .limit(1)
    )
    request = work.session.scalar(decided)
    return () if request is None else _who_gave(work, request)


def _who_gave(work: Work, request: ApprovalRequest) -> tuple[ApproverName, ...]:
    given = given_on(needs_of(work, request.id))
    return tuple(
        ApproverName(one.user_id, one.full_name, one.at, one.role, one.deputy_of)
        for one in sorted(given, key=lambda one: one.at)
    )


def askers_of(work: Work, payout: Payout) -> set[int]:
    """Who asked for a payout: first, and for the approval that stands, since after a failure it is asked for anew."""
    request = given_for(work, ApprovalKind.PAYOUT, payout.id)
    return {payout.requested_by} if request is None else {payout.requested_by, request.asked_by}


def names_of(approvers: tuple[ApproverName, ...]) -> str:
    """`Lucy Chebet and Daniel Omondi`; empty for nobody."""
    return " and ".join(one.full_name for one in approvers)


def content_of(request: ApprovalRequest) -> Content:
    """What the request showed, as it was asked."""
    content: Content = json.loads(request.content)
    return content
