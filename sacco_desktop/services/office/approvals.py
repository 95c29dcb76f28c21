"""Requests for approval: asking, recording what people decide, and voiding what changed. Who may decide is the part of
who_decides.py, carrying a yes out that of what_follows.py.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from sqlalchemy import select

from sacco_desktop.db.tables import ApprovalDecision, ApprovalRequest
from sacco_desktop.domain.approval_levels import NEEDED
from sacco_desktop.domain.approvals import (
    ApprovalKind,
    ApprovalStatus,
    Content,
    Decision,
    canonical,
    fingerprint,
)
from sacco_desktop.domain.errors import ChangedMeanwhile, InvalidInput, NotFound
from sacco_desktop.services.books import audit
from sacco_desktop.services.books.work import Topic, Work
from sacco_desktop.services.office import (
    approval_needs,
    given_approvals,
    limits,
    members_votes,
    who_decides,
)
from sacco_desktop.services.office.approval_needs import needs_of, next_need


@dataclass(frozen=True, slots=True)
class NewRequest:
    """What is asked. `about` is one line for the list; `content` is everything that the approval is bound to.

    `whole_cents` is the sum of which this is a part: it needs the people whom the whole needs. `asked_by` is set where
    this takes the place of what another person asked for, and is part of it.
    """

    kind: ApprovalKind
    subject_id: int
    about: str
    amount_cents: int
    content: Content
    whole_cents: int = 0
    asked_by: int | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """One person's decision on what was shown; `fingerprint` is that of the content on the screen."""

    request_id: int
    fingerprint: str
    decision: Decision
    reason: str = ""


def ask(work: Work, new: NewRequest) -> int:
    """Write a request and return its id. An open request for the same subject becomes void."""
    void_open(work, new.kind, new.subject_id, "It was asked for again.", _can_be_void(new.kind))
    request = ApprovalRequest(
        kind=new.kind.value,
        subject_id=new.subject_id,
        about=new.about,
        amount_cents=new.amount_cents,
        content=canonical(new.content),
        fingerprint=fingerprint(new.content),
        status=ApprovalStatus.WAITING.value,
        asked_by=work.actor.user_id if new.asked_by is None else new.asked_by,
        asked_at=work.now,
    )
    work.session.add(request)
    work.session.flush()
    approval_needs.copy_onto(work, request, max(new.amount_cents, new.whole_cents))
    audit.record(work, f"asked for approval of a {new.kind.value}", new.about)
    work.changed(Topic.APPROVALS)
    return request.id


# A yes to these is carried out at once: asking for the next change takes nothing back of the one before.
_DONE_AT_ONCE = frozenset(
    {
        ApprovalKind.APPROVAL_RULES,
        ApprovalKind.SETTING,
        ApprovalKind.SAVINGS_TERMS,
        ApprovalKind.PENALTY_TERMS,
        ApprovalKind.PENALTY_WAIVER,
        ApprovalKind.PEOPLE,
        ApprovalKind.RELAY_SKIP,
        ApprovalKind.LOAN_RESCHEDULE,
        ApprovalKind.LOAN_WRITE_OFF,
        ApprovalKind.PROVISIONING,
        ApprovalKind.RESCHEDULE_UNDONE,
        ApprovalKind.LOAN_FROM_DEPOSITS,
        ApprovalKind.RECEIPT_ALLOCATION,
    }
)
_WAITS_OR_STANDS = ("waiting", "approved")


def _can_be_void(kind: ApprovalKind) -> tuple[str, ...]:
    return ("waiting",) if kind in _DONE_AT_ONCE else _WAITS_OR_STANDS


def void_open(
    work: Work,
    kind: ApprovalKind,
    subject_id: int,
    why: str,
    statuses: tuple[str, ...] = _WAITS_OR_STANDS,
) -> None:
    """Take every waiting or given approval of this subject away."""
    for request in work.session.scalars(
        select(ApprovalRequest).where(
            ApprovalRequest.kind == kind.value,
            ApprovalRequest.subject_id == subject_id,
            ApprovalRequest.status.in_(statuses),
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
    standing = who_decides.check_may_decide(work, request, verdict.decision)
    if verdict.fingerprint != request.fingerprint:
        raise ChangedMeanwhile("What you were shown has changed since. Read it again.")
    members_votes.check_attests(work, request, needs_of(work, request.id), verdict.decision)
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


def load(work: Work, request_id: int) -> ApprovalRequest:
    """The request's row. Raises NotFound."""
    request = work.session.get(ApprovalRequest, request_id)
    if request is None:
        raise NotFound("There is no such request.")
    return request


def waiting_for(work: Work, kind: ApprovalKind, subject_id: int) -> ApprovalRequest | None:
    """The request of a subject that still waits, if there is one."""
    return given_approvals.last_of(work, kind, subject_id, ApprovalStatus.WAITING)


def content_of(request: ApprovalRequest) -> Content:
    """What the request showed, as it was asked."""
    content: Content = json.loads(request.content)
    return content
