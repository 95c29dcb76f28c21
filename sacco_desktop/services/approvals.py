"""Requests for approval: asking, recording what people decide, and voiding what changed. Carrying a yes out is
decisions.py's part.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from sacco_desktop.db.tables import ApprovalDecision, ApprovalRequest
from sacco_desktop.domain.approvals import (
    ApprovalKind,
    ApprovalStatus,
    Content,
    Decision,
    canonical,
    check_other_person,
    fingerprint,
)
from sacco_desktop.domain.errors import AlreadyDecided, ChangedMeanwhile, InvalidInput, NotFound
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services import audit, users
from sacco_desktop.services.work import Topic, Work

# Which act each kind needs from the person who decides.
NEEDED: dict[ApprovalKind, Act] = {
    ApprovalKind.LOAN: Act.APPROVE_LOAN,
    ApprovalKind.PAYOUT: Act.APPROVE_PAYOUT,
    ApprovalKind.PAYOUT_NOT_PAID: Act.APPROVE_PAYOUT,
    ApprovalKind.FAILURE_TAKEN_BACK: Act.APPROVE_PAYOUT,
    ApprovalKind.PAID_TWICE: Act.APPROVE_PAYOUT,
    ApprovalKind.FLOAT_TOP_UP: Act.APPROVE_PAYOUT,
    ApprovalKind.REVERSAL: Act.APPROVE_PAYOUT,
}


@dataclass(frozen=True, slots=True)
class NewRequest:
    """What is asked. `about` is one line for the list; `content` is everything that the approval is bound to."""

    kind: ApprovalKind
    subject_id: int
    about: str
    amount_cents: int
    content: Content


@dataclass(frozen=True, slots=True)
class Verdict:
    """One person's decision on what was shown; `fingerprint` is that of the content on the screen."""

    request_id: int
    fingerprint: str
    decision: Decision
    reason: str = ""


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


def record(work: Work, verdict: Verdict) -> ApprovalRequest:
    """Write one decision and close the request with it.

    Raises NotAllowed, SamePerson, AlreadyDecided, ChangedMeanwhile, and InvalidInput for a rejection without a reason.
    """
    request = load(work, verdict.request_id)
    check_may_decide(work, request)
    if request.status != ApprovalStatus.WAITING.value:
        raise AlreadyDecided(_decided_words(work, request))
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
        )
    )
    work.session.flush()
    yes = verdict.decision is Decision.APPROVE
    request.status = (ApprovalStatus.APPROVED if yes else ApprovalStatus.REJECTED).value
    request.closed_at = work.now
    request.closing_words = verdict.reason.strip()
    work.session.flush()
    audit.record(work, f"{'approved' if yes else 'rejected'} a {request.kind}", request.about)
    work.changed(Topic.APPROVALS)
    return request


def check_may_decide(work: Work, request: ApprovalRequest) -> None:
    """Raise NotAllowed or SamePerson, naming who can, unless the actor may decide on this request."""
    needed = NEEDED[ApprovalKind(request.kind)]
    work.allow(needed)
    others = users.names_who_may(work, needed, not_these=[request.asked_by])
    check_other_person(request.asked_by, work.actor.user_id, others)


def _decided_words(work: Work, request: ApprovalRequest) -> str:
    if request.status == ApprovalStatus.VOID.value:
        return f"This request is void: {request.closing_words} Ask for it again."
    decision = work.session.scalar(
        select(ApprovalDecision).where(ApprovalDecision.request_id == request.id)
    )
    who = users.full_name_of(work, decision.decided_by if decision else None) or "Somebody else"
    return f"{who} has {request.status} this already. The first decision stands."


def load(work: Work, request_id: int) -> ApprovalRequest:
    """The request's row. Raises NotFound."""
    request = work.session.get(ApprovalRequest, request_id)
    if request is None:
        raise NotFound("There is no such request.")
    return request


def given_for(work: Work, kind: ApprovalKind, subject_id: int) -> ApprovalRequest | None:
    """The approved request of a subject, if one stands."""
    return work.session.scalar(
        select(ApprovalRequest)
        .where(
            ApprovalRequest.kind == kind.value,
            ApprovalRequest.subject_id == subject_id,
            ApprovalRequest.status == ApprovalStatus.APPROVED.value,
        )
        .order_by(ApprovalRequest.id.desc())
        .limit(1)
    )


@dataclass(frozen=True, slots=True)
class ApproverName:
    """Who approved something and when."""

    user_id: int
    full_name: str
    at: datetime


def approver_of(work: Work, kind: ApprovalKind, subject_id: int) -> ApproverName | None:
    """Who gave the approval that stands, or None."""
    request = given_for(work, kind, subject_id)
    if request is None:
        return None
    decision = work.session.scalars(
        select(ApprovalDecision).where(
            ApprovalDecision.request_id == request.id,
            ApprovalDecision.decision == Decision.APPROVE.value,
        )
    ).one()
    name = users.full_name_of(work, decision.decided_by)
    return ApproverName(decision.decided_by, name, decision.decided_at)


def content_of(request: ApprovalRequest) -> Content:
    """What the request showed, as it was asked."""
    content: Content = json.loads(request.content)
    return content
