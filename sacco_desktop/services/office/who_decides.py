"""Who may decide on a request now, as what, and who else can; writes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from sacco_desktop.db.tables import (
    AllocationWish,
    ApprovalRequest,
    CheckOffOwner,
    ExitSettlement,
    Guarantee,
    HandOver,
    Loan,
    Payout,
    PayoutAttempt,
    ReceiptAllocation,
    ReceiptReversal,
    ShareTransfer,
    UserMember,
)
from sacco_desktop.domain.approval_levels import NEEDED, band_for, roles_in_words
from sacco_desktop.domain.approvals import (
    ApprovalKind,
    ApprovalStatus,
    Decision,
    same_person_words,
)
from sacco_desktop.domain.errors import (
    AlreadyDecided,
    NotAllowed,
    OverLimit,
    SaccoError,
    SamePerson,
    WrongState,
)
from sacco_desktop.domain.permissions import Role
from sacco_desktop.services.books import held_roles
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.office import approval_needs, insiders, limits, members_votes
from sacco_desktop.services.office.approval_needs import Need, given_on, needs_of, next_need

# Whether a payment arrived: who would have it twice, or owes it, is the member whom it went to.
_ABOUT_ATTEMPTS = (
    ApprovalKind.PAYOUT_NOT_PAID.value,
    ApprovalKind.FAILURE_TAKEN_BACK.value,
    ApprovalKind.PAID_TWICE.value,
)

_ABOUT_LOANS = (
    ApprovalKind.LOAN.value,
    ApprovalKind.REST_NOT_WANTED.value,
    ApprovalKind.GUARANTORS_CALLED.value,
    ApprovalKind.LOAN_RESCHEDULE.value,
    ApprovalKind.LOAN_WRITE_OFF.value,
    ApprovalKind.RESCHEDULE_UNDONE.value,
    ApprovalKind.LOAN_FROM_DEPOSITS.value,
)

_ABOUT_OWNERS = (
    ApprovalKind.CHECK_OFF_OWNER.value,
    ApprovalKind.CHECK_OFF_OWNER_UNDONE.value,
)


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
    if work.actor.user_id == members_votes.recorder_of(work, request, need):
        others = names_who_can(work, request)
        raise SamePerson(same_person_words("You recorded the members' vote", others))
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
    given_sum = _sum_of(work, request) if decision is Decision.APPROVE else limits.Sum(0)
    left = limits.check(work, act, given_sum, held, need.roles)
    role = sorted(held)[0] if left is None else left.role
    return Standing(need.step, role, held[role], None if left is None else left.single_cents)


def barred(work: Work, request: ApprovalRequest) -> dict[int, str]:
    """Who may never decide on this request, whatever the roles, each with the reason as the start of a sentence."""
    found: dict[int, str] = {}
    for member_id in _members_of(work, request):
        reasons = insiders.relations_of(work, member_id)
        reasons[member_id] = "You are the member whom this is about"
        found |= _by_member(work, reasons)
    if request.kind == ApprovalKind.LOAN.value:
        found |= _guarantors(work, request.subject_id)
        loan = work.session.get_one(Loan, request.subject_id)
        if loan.appraised_by is not None:
            found[loan.appraised_by] = "You appraised this loan"
        found[loan.applied_by] = "You wrote this application"
    if request.kind == ApprovalKind.PEOPLE.value:
        found[request.subject_id] = "This is about you"
    found[request.asked_by] = "You made this request"
    return found


def _members_of(work: Work, request: ApprovalRequest) -> tuple[int, ...]:
    """Everybody who would get some of it: a payment may be shared among several."""
    if request.kind == ApprovalKind.RECEIPT_ALLOCATION.value:
        wished = select(AllocationWish.member_id).where(AllocationWish.request_id == request.id)
        found = work.session.scalars(wished.distinct())
        return tuple(one for one in found if one is not None)
    member_id = member_of(work, request)
    return () if member_id is None else (member_id,)


def _guarantors(work: Work, loan_id: int) -> dict[int, str]:
    asked = select(Guarantee.member_id).where(
        Guarantee.loan_id == loan_id,
        Guarantee.status.in_(("requested", "accepted", "called_upon")),
    )
    return _by_member(work, dict.fromkeys(work.session.scalars(asked), "You guarantee this loan"))


def _by_member(work: Work, reasons: dict[int, str]) -> dict[int, str]:
    """The people of the office who are these members, with the reason of each."""
    if not reasons:
        return {}
    people = select(UserMember).where(UserMember.member_id.in_(reasons))
    return {row.user_id: reasons[row.member_id] for row in work.session.scalars(people)}


def member_of(work: Work, request: ApprovalRequest) -> int | None:
    """The id of the member who would get the money or has it; None for requests that are about no member."""
    if request.kind in _ABOUT_LOANS:
        return work.session.get_one(Loan, request.subject_id).member_id
    if request.kind in (ApprovalKind.MEMBER_STATUS.value, ApprovalKind.PENALTY_WAIVER.value):
        return request.subject_id
    if request.kind == ApprovalKind.MEMBER_EXIT.value:
        return work.session.get_one(ExitSettlement, request.subject_id).member_id
    if request.kind == ApprovalKind.SHARE_TRANSFER.value:
        return work.session.get_one(ShareTransfer, request.subject_id).from_member_id
    if request.kind == ApprovalKind.RECEIPT_REVERSAL.value:
        # Whom the payment was booked for last; one that waits is nobody's.
        return work.session.scalar(
            select(ReceiptAllocation.member_id)
            .join(ReceiptReversal, ReceiptReversal.receipt_id == ReceiptAllocation.receipt_id)
            .where(ReceiptReversal.id == request.subject_id)
            .order_by(ReceiptAllocation.id.desc())
            .limit(1)
        )
    if request.kind in _ABOUT_OWNERS:
        return work.session.get_one(CheckOffOwner, request.subject_id).member_id
    if request.kind == ApprovalKind.PAYOUT.value:
        return work.session.get_one(Payout, request.subject_id).member_id
    if request.kind == ApprovalKind.PAYMENT_RETURNED.value:
        handed = work.session.get_one(HandOver, request.subject_id)
        return work.session.get_one(Payout, handed.payout_id).member_id
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
    able = limits.people_who_can(work, act, _sum_of(work, request), need.roles)
    return held_roles.names([one for one in able if one.deputy_of not in gone], not_these=gone)


def _sum_of(work: Work, request: ApprovalRequest) -> limits.Sum:
    """What a yes is counted for; all parts of a loan are one intention, whoever decides on which of them."""
    if request.kind != ApprovalKind.PAYOUT.value:
        return limits.Sum(request.amount_cents)
    payout = work.session.get_one(Payout, request.subject_id)
    loan = None if payout.loan_id is None else work.session.get_one(Loan, payout.loan_id)
    return limits.sum_of(payout, loan, request.amount_cents)


def _who_is_done(work: Work, request: ApprovalRequest, needs: Sequence[Need]) -> set[int]:
    """Whose voice cannot be heard on this request any more, be it their own or that of a deputy."""
    given = given_on(needs)
    spoken_for = {one.deputy_of_id for one in given if one.deputy_of_id is not None}
    done = {*barred(work, request), *(one.user_id for one in given), *spoken_for}
    recorder = members_votes.recorder_of(work, request, next_need(needs))
    return done if recorder is None else done | {recorder}


def names_for(work: Work, kind: ApprovalKind, amount_cents: int) -> list[str]:
    """The full names of those who could decide first on a request that the actor made now."""
    first = band_for(approval_needs.levels_on(work, kind, work.today), amount_cents).steps[0]
    able = limits.people_who_can(work, NEEDED[kind], limits.Sum(amount_cents), first.roles)
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


def locked_why(work: Work, row: ApprovalRequest, who_can: tuple[str, ...]) -> str:
    """Why this person cannot decide on this request, and who can; empty when nothing stands in the way."""
    if row.status != ApprovalStatus.WAITING.value:
        return f"This request is {row.status}."
    who = " or ".join(who_can) if who_can else "Nobody else in this office"
    if row.asked_by == work.actor.user_id:
        return f"You made this, so someone else must approve it: {who}."
    why = barred(work, row).get(work.actor.user_id)
    if why is not None:
        return f"{why}, so someone else must approve it: {who}."
    try:
        check_may_decide(work, row)
    except (OverLimit, AlreadyDecided, SamePerson) as told:
        return told.message
    except SaccoError:
        return f"Your roles do not approve this. {who} can."
    return ""
