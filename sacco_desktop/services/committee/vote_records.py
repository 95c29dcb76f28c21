"""Records how a general meeting voted on a loan; somebody else attests to it before it counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from sacco_desktop.db.tables import ApprovalRequest, Loan, Member, MemberDocument, MembersVote
from sacco_desktop.domain.approvals import ApprovalStatus, same_person_words
from sacco_desktop.domain.errors import InvalidInput, SamePerson, WrongState
from sacco_desktop.domain.members_vote import Majority, VoteCount
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.books import audit
from sacco_desktop.services.books.work import Topic, Work
from sacco_desktop.services.membership import member_documents
from sacco_desktop.services.membership.member_documents import DocumentRow
from sacco_desktop.services.membership.member_files import Holder
from sacco_desktop.services.office import approvals, members_votes, society, who_decides
from sacco_desktop.services.office.approval_needs import needs_of, next_need
from sacco_desktop.services.office.members_votes import VoteRow

MAJORITY = "loan.vote_majority"
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class NewVote:
    """The vote as the minutes of the meeting say it. `evidence` says where they are kept; `document_id` is a copy in
    the borrower's file.
    """

    request_id: int
    meeting: str
    held_on: date
    minute_number: str
    count: VoteCount
    evidence: str
    document_id: int | None = None


@dataclass(frozen=True, slots=True)
class VoteSheet:
    """What a person sees who records a vote: the loan, the vote recorded so far, and the papers of the borrower."""

    request_id: int
    about: str
    amount_cents: int
    recorded: VoteRow | None
    documents: tuple[DocumentRow, ...]


def look(work: Work, request_id: int) -> VoteSheet:
    """The sheet for the form. Raises NotFound, WrongState where no vote is asked for."""
    work.allow(Act.RECORD_VOTE)
    request = _asked(work, request_id)
    loan = work.session.get_one(Loan, request.subject_id)
    return VoteSheet(
        request.id,
        request.about,
        request.amount_cents,
        members_votes.newest(work, request.id),
        member_documents.list_documents(work, Holder(member_id=loan.member_id)),
    )


def record(work: Work, new: NewVote) -> VoteRow:
    """Record the vote, or record it anew while nobody has attested to it.

    Raises NotFound, WrongState, SamePerson, and InvalidInput under `meeting`, `held_on`, `minute_number`, `votes_for`,
    `votes_against`, `abstained`, `evidence` or `document`.
    """
    work.allow(Act.RECORD_VOTE)
    request = _asked(work, new.request_id)
    why = who_decides.barred(work, request).get(work.actor.user_id)
    if why is not None:
        raise SamePerson(same_person_words(why, who_decides.names_who_can(work, request)))
    if not new.meeting.strip():
        raise InvalidInput("Write which meeting it was.", "meeting")
    if new.held_on > work.today:
        raise InvalidInput("A vote was held today or before.", "held_on")
    if not new.minute_number.strip():
        raise InvalidInput("Write the number in the minutes of the meeting.", "minute_number")
    if not new.evidence.strip():
        raise InvalidInput("Write where the signed minutes are kept.", "evidence")
    if max(len(new.meeting), len(new.minute_number), len(new.evidence)) > _LONGEST:
        raise InvalidInput(f"Use at most {_LONGEST} letters.", "evidence")
    new.count.check()
    _check_document(work, request, new.document_id)
    majority = Majority(society.setting(work, MAJORITY))
    work.session.add(
        MembersVote(
            request_id=request.id,
            meeting=" ".join(new.meeting.split()),
            held_on=new.held_on,
            minute_number=" ".join(new.minute_number.split()),
            votes_for=new.count.votes_for,
            votes_against=new.count.votes_against,
            abstained=new.count.abstained,
            passed=new.count.carries(majority),
            evidence=" ".join(new.evidence.split()),
            document_id=new.document_id,
            recorded_by=work.actor.user_id,
            recorded_at=work.now,
        )
    )
    work.session.flush()
    detail: audit.Detail = {"minute": new.minute_number.strip(), "votes": new.count.words}
    audit.record(work, "recorded the members' vote", request.about, detail)
    work.changed(Topic.APPROVALS, Topic.LOANS)
    found = members_votes.newest(work, request.id)
    assert found is not None, "it was just recorded"
    return found


def _asked(work: Work, request_id: int) -> ApprovalRequest:
    request = approvals.load(work, request_id)
    if request.status != ApprovalStatus.WAITING.value:
        raise WrongState(f"This request is {request.status}, so no vote is recorded for it.")
    needs = needs_of(work, request.id)
    step = next((need for need in needs if need.members_vote), None)
    if step is None:
        raise WrongState("The levels ask for no vote of the members on this loan.")
    if step.given:
        raise WrongState("Somebody has attested to the vote already; it is not recorded anew.")
    if next_need(needs) != step:
        who = " or ".join(who_decides.names_who_can(work, request)) or "Somebody"
        raise WrongState(f"Others decide before the members vote. {who} can.")
    return request


def _check_document(work: Work, request: ApprovalRequest, document_id: int | None) -> None:
    if document_id is None:
        return
    borrower = work.session.get_one(Loan, request.subject_id).member_id
    found = work.session.scalar(
        select(MemberDocument.id)
        .join(Member, Member.file_id == MemberDocument.file_id)
        .where(MemberDocument.id == document_id, Member.id == borrower)
    )
    if found is None:
        raise InvalidInput("Choose a paper of the borrower's file.", "document")
