"""The vote of a general meeting on a request, as it was recorded; writes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from sacco_desktop.db.tables import ApprovalRequest, MembersVote
from sacco_desktop.domain.approvals import Decision
from sacco_desktop.domain.dates import format_date
from sacco_desktop.domain.errors import WrongState
from sacco_desktop.domain.members_vote import VoteCount
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.office import users
from sacco_desktop.services.office.approval_needs import Need, next_need


@dataclass(frozen=True, slots=True)
class VoteRow:
    """One vote: at which meeting, how it went, whether it carries what was asked, and who recorded it. `document_id` is
    a copy of the minutes in the borrower's file, None where there is none.
    """

    meeting: str
    held_on: date
    minute_number: str
    count: VoteCount
    passed: bool
    evidence: str
    document_id: int | None
    recorded_by_id: int
    recorded_by: str
    recorded_at: datetime

    @property
    def words(self) -> str:
        """The vote in one line."""
        outcome = "carried" if self.passed else "refused"
        return (
            f"{self.meeting} of {format_date(self.held_on)}, minute {self.minute_number}: {self.count.words},"
            f" {outcome}. Recorded by {self.recorded_by}."
        )


def newest(work: Work, request_id: int) -> VoteRow | None:
    """The vote that counts for a request: the one that was recorded last."""
    return newest_by_request(work, [request_id]).get(request_id)


def newest_by_request(work: Work, request_ids: Sequence[int]) -> dict[int, VoteRow]:
    """The same for many requests at once."""
    first, last = (min(request_ids), max(request_ids)) if request_ids else (0, 0)
    rows = work.session.scalars(
        select(MembersVote)
        .where(MembersVote.request_id.between(first, last))
        .order_by(MembersVote.id)
    )
    return {row.request_id: _row(work, row) for row in rows}


def _row(work: Work, row: MembersVote) -> VoteRow:
    return VoteRow(
        row.meeting,
        row.held_on,
        row.minute_number,
        VoteCount(row.votes_for, row.votes_against, row.abstained),
        row.passed,
        row.evidence,
        row.document_id,
        row.recorded_by,
        users.full_name_of(work, row.recorded_by),
        row.recorded_at,
    )


def recorder_of(work: Work, request: ApprovalRequest, need: Need | None) -> int | None:
    """Who recorded the vote that the present step attests to; None where the step attests to none."""
    if need is None or not need.members_vote:
        return None
    vote = newest(work, request.id)
    return None if vote is None else vote.recorded_by_id


def check_attests(
    work: Work, request: ApprovalRequest, needs: Sequence[Need], decision: Decision
) -> None:
    """Raises WrongState for a yes to a step of the members' vote that is not recorded yet or went against it."""
    need = next_need(needs)
    if need is None or not need.members_vote or decision is Decision.REJECT:
        return
    vote = newest(work, request.id)
    if vote is None:
        raise WrongState(
            "The members have to vote on this loan, and no vote is recorded yet. Record the vote of the general"
            " meeting first; somebody else then attests to it."
        )
    if not vote.passed:
        raise WrongState(f"The members refused it: {vote.count.words}. Reject the loan.")
