"""The approvals that were given: which one stands, by whom, and as what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, select

from sacco_desktop.db.standing import Lookup
from sacco_desktop.db.tables import ApprovalDecision, ApprovalRequest, Payout
from sacco_desktop.domain.approvals import ApprovalKind, ApprovalStatus
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.office.approval_needs import given_on, needs_of


def given_for(work: Work, kind: ApprovalKind, subject_id: int) -> ApprovalRequest | None:
    """The approved request of a subject, if one stands."""
    return last_of(work, kind, subject_id, ApprovalStatus.APPROVED)


def last_of(
    work: Work, kind: ApprovalKind, subject_id: int, status: ApprovalStatus
) -> ApprovalRequest | None:
    """The last request of a subject with this status."""
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


_GIVERS = Lookup(
    select(ApprovalDecision.decided_by).where(
        ApprovalDecision.request_id
        == select(func.max(ApprovalRequest.id))
        .where(
            ApprovalRequest.kind == bindparam("kind"),
            ApprovalRequest.subject_id == bindparam("subject_id"),
            ApprovalRequest.status == ApprovalStatus.APPROVED.value,
        )
        .scalar_subquery()
    )
)


def approver_ids(work: Work, kind: ApprovalKind, subject_id: int) -> frozenset[int]:
    """The ids of the same people."""
    found = _GIVERS.rows(work.session, kind=kind.value, subject_id=subject_id)
    return frozenset(user_id for (user_id,) in found)


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
