"""The minutes of a sitting as a paper: who was there, each loan with every vote, and lines to sign on."""

from __future__ import annotations

from sqlalchemy import select

from sacco_desktop.db.tables import Abstention, ApprovalDecision, ApprovalRequest, LoanLowering
from sacco_desktop.domain.approvals import ApprovalStatus, Decision
from sacco_desktop.domain.errors import WrongState
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.books import paper_stamps
from sacco_desktop.services.books.papers import MinuteItem, SittingMinutes
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.committee import sittings
from sacco_desktop.services.committee.sittings import SittingRow
from sacco_desktop.services.office import approvals, society
from sacco_desktop.services.office.approval_needs import needs_of

_OUTCOMES = {
    ApprovalStatus.APPROVED: "Approved",
    ApprovalStatus.REJECTED: "Rejected",
    ApprovalStatus.WAITING: "Not decided, more people are needed",
    ApprovalStatus.VOID: "Void",
}

LOWERED = "A smaller sum took its place"


def minutes(work: Work, sitting_id: int) -> SittingMinutes:
    """The minutes of a closed sitting. Each call is a print of its own. Raises NotFound, WrongState."""
    work.allow(Act.LOOK)
    row = sittings.row_of(work, sittings.load(work, sitting_id))
    if row.closed_at is None:
        raise WrongState(f"The sitting {row.minute_number} is still open. Close it, then print.")
    items = tuple(_item(work, row, request_id) for request_id in _requests(work, sitting_id))
    said: dict[str, str | int] = {
        "sitting": row.minute_number,
        "held_on": row.held_on.isoformat(),
        "items": "; ".join(f"{item.loan_number} {item.outcome}" for item in items),
        "present": ", ".join(one.full_name for one in row.present),
    }
    return SittingMinutes(
        letterhead=society.letterhead(work),
        stamp=paper_stamps.stamp(work, f"minutes {row.minute_number}", said),
        minute_number=row.minute_number,
        held_on=row.held_on,
        place=row.place,
        chair=row.chair,
        opened_by=row.opened_by,
        opened_at=row.opened_at,
        closed_by=row.closed_by,
        closed_at=row.closed_at,
        present=tuple(
            (one.full_name, ", ".join(sorted(role.value for role in one.roles)))
            for one in row.present
        ),
        items=items,
    )


def _requests(work: Work, sitting_id: int) -> list[int]:
    """Every request on which somebody voted or abstained, in the order in which they were asked."""
    decided = select(ApprovalDecision.request_id).where(ApprovalDecision.sitting_id == sitting_id)
    abstained = select(Abstention.request_id).where(Abstention.sitting_id == sitting_id)
    return sorted({*work.session.scalars(decided), *work.session.scalars(abstained)})


def _was_lowered(work: Work, request_id: int) -> bool:
    found = select(LoanLowering.id).where(LoanLowering.request_id == request_id)
    return work.session.scalar(found) is not None


def _item(work: Work, sitting: SittingRow, request_id: int) -> MinuteItem:
    """Votes from before the sitting stand in the minutes too, since they count towards the outcome."""
    request = work.session.get_one(ApprovalRequest, request_id)
    content = approvals.content_of(request)
    given = [one for need in needs_of(work, request_id) for one in need.given]
    voted = {one.user_id for one in given}
    replaced = request.status == ApprovalStatus.VOID.value and _was_lowered(work, request_id)
    abstained = {user for of, user in sitting.abstained if of == request_id}
    return MinuteItem(
        loan_number=str(content["loan"]),
        member=f"{content['name']}, {content['member']}",
        amount_cents=request.amount_cents,
        outcome=LOWERED if replaced else _OUTCOMES[ApprovalStatus(request.status)],
        wanted=str(content.get("wanted", "")),
        in_favour=tuple(one.full_name for one in given if one.decision is Decision.APPROVE),
        against=tuple(
            f"{one.full_name}: {one.reason}" for one in given if one.decision is Decision.REJECT
        ),
        abstained=tuple(
            one.full_name for one in sitting.present if one.user_id in abstained - voted
        ),
        silent=tuple(
            one.full_name
            for one in sitting.present
            if one.user_id not in voted and one.user_id not in abstained
        ),
    )
