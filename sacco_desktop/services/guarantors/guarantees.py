"""Asks members to guarantee a loan, and records what each of them said, with its evidence.

A promise never changes. When the loan is repaid it binds nothing any more, and binds again if that repayment is taken
back; so nobody needs to let go of guarantors by hand when a loan is closed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import select

from sacco_desktop.db.tables import Guarantee, GuaranteeWord, Loan, Member, UserMember
from sacco_desktop.domain.approvals import ApprovalKind
from sacco_desktop.domain.errors import InvalidInput, NotFound, SamePerson, WrongState
from sacco_desktop.domain.lateness import days_late
from sacco_desktop.domain.messages.events import Event
from sacco_desktop.domain.money import format_kes
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.books import audit, commands
from sacco_desktop.services.books.work import Topic, Work
from sacco_desktop.services.guarantors import guarantor_pledges, guarantor_standing
from sacco_desktop.services.guarantors.guarantor_pledges import Pledge
from sacco_desktop.services.membership import late_loans, members
from sacco_desktop.services.messages import notices
from sacco_desktop.services.office import approvals, society

_ENDED = ("closed", "rejected")
_OPEN = ("requested", "accepted", "called_upon")


class ConsentWay(StrEnum):
    """How a guarantor gave the word."""

    SIGNED_FORM = "signed_form"
    PHONE_CALL = "phone_call"
    IN_PERSON = "in_person"


@dataclass(frozen=True, slots=True)
class NewGuarantee:
    """Ask a member to guarantee so many cents of a loan. `key` is made when the dialog opens."""

    key: str
    loan_id: int
    member_id: int
    pledge_cents: int


@dataclass(frozen=True, slots=True)
class Consent:
    """What the guarantor said, how and when; `evidence` is the number of the form, the number called, or who was
    there.
    """

    guarantee_id: int
    agrees: bool
    way: ConsentWay
    evidence: str
    said_on: date


@dataclass(frozen=True, slots=True)
class Substitution:
    """Let a guarantor go because another one, who has agreed, stands in."""

    guarantee_id: int
    by_guarantee_id: int
    reason: str


@dataclass(frozen=True, slots=True)
class LettingGo:
    """Let a guarantor go who was only asked, or whose loan is not before the committee yet, or is over."""

    guarantee_id: int
    reason: str


def ask(work: Work, new: NewGuarantee) -> Pledge:
    """Ask a member for a promise. Raises InvalidInput, NotFound, WrongState, each with the rule and its figures."""
    work.allow(Act.APPLY_FOR_LOAN)
    if new.pledge_cents <= 0:
        raise InvalidInput("Write an amount above zero.", "pledge")
    answer = commands.once(work, new.key, "guarantee", new, lambda: _ask(work, new))
    return _pledge(work, int(answer["guarantee_id"]))


def _ask(work: Work, new: NewGuarantee) -> dict[str, Any]:
    loan = _loan(work, new.loan_id)
    if loan.status in _ENDED:
        raise WrongState(f"{loan.number} is {loan.status} and needs no guarantor.")
    member = members.load(work, new.member_id)
    _refuse_wrong_guarantor(work, loan, member)
    if new.pledge_cents > loan.amount_cents:
        raise InvalidInput(
            f"The loan is {format_kes(loan.amount_cents)}, so nobody guarantees more.", "pledge"
        )
    _check_capacity(work, member, new.pledge_cents, "pledge")
    row = Guarantee(
        loan_id=loan.id,
        member_id=member.id,
        pledge_cents=new.pledge_cents,
        status="requested",
        asked_by=work.actor.user_id,
        asked_at=work.now,
    )
    work.session.add(row)
    work.session.flush()
    audit.record(
        work, "asked a guarantor", member.number, {"loan": loan.number, "cents": new.pledge_cents}
    )
    notices.guarantor(work, Event.GUARANTOR_ASKED, row, loan)
    work.changed(Topic.LOANS)
    return {"guarantee_id": row.id}


def _refuse_wrong_guarantor(work: Work, loan: Loan, member: Member) -> None:
    if member.id == loan.member_id:
        raise InvalidInput("Nobody guarantees the own loan. Choose another member.", "member")
    if member.status != "active":
        raise InvalidInput(
            f"{member.full_name} is {member.status.replace('_', ' ')}, and only active members guarantee.",
            "member",
        )
    asked = work.session.scalar(
        select(Guarantee.status).where(
            Guarantee.loan_id == loan.id,
            Guarantee.member_id == member.id,
            Guarantee.status.in_(_OPEN),
        )
    )
    if asked is not None:
        raise InvalidInput(
            f"{member.full_name} is a guarantor of {loan.number} already: {asked.replace('_', ' ')}.",
            "member",
        )
    _refuse_late(work, member)
    works_here = select(UserMember.user_id).where(UserMember.member_id == member.id)
    if not society.yes_setting(work, "guarantor.office_may") and work.session.scalar(works_here):
        raise InvalidInput(
            f"{member.full_name} works in this office, and the society lets no such member guarantee.",
            "member",
        )


def _refuse_late(work: Work, member: Member) -> None:
    most = society.number_setting(work, "guarantor.most_days_late")
    owes = late_loans.by_member(work, [member.id]).get(member.id)
    late = days_late(owes.unpaid_since, work.today) if owes is not None else 0
    if late > most:
        raise InvalidInput(
            f"An own loan of {member.full_name} is {late} days late, and {most} are allowed for a guarantor.",
            "member",
        )


def _check_capacity(work: Work, member: Member, cents: int, field: str) -> None:
    capacity = guarantor_standing.capacity_of(work, member.id)
    if not capacity.carries(cents):
        raise InvalidInput(
            f"{member.full_name} cannot guarantee {format_kes(cents)}. {capacity.words}", field
        )


def record_consent(work: Work, consent: Consent) -> Pledge:
    """Keep the word of a guarantor. Raises InvalidInput, NotFound, WrongState, SamePerson."""
    work.allow(Act.APPLY_FOR_LOAN)
    row = _load(work, consent.guarantee_id)
    if row.status != "requested":
        raise WrongState(
            f"This promise is {row.status.replace('_', ' ')} already. Ask the member again to begin anew."
        )
    if not consent.evidence.strip():
        raise InvalidInput(
            "Write the number of the form, the number called, or who was there.", "evidence"
        )
    if consent.said_on > work.today:
        raise InvalidInput("Nobody has agreed in the future.", "said_on")
    loan, member = _loan(work, row.loan_id), members.load(work, row.member_id)
    _refuse_borrower(work, loan)
    if consent.agrees:
        if loan.status in _ENDED:
            raise WrongState(f"{loan.number} is {loan.status} and needs no guarantor.")
        _refuse_late(work, member)
        _check_capacity(work, member, row.pledge_cents, "evidence")
    status = "accepted" if consent.agrees else "declined"
    _say(work, row, status, consent.way.value, consent.evidence, consent.said_on)
    row.status = status
    work.session.flush()
    _ask_the_committee_anew(work, loan)
    said = "recorded a consent" if consent.agrees else "recorded a refusal"
    audit.record(
        work,
        f"{said} of a guarantor",
        member.number,
        {"loan": loan.number, "way": consent.way.value},
    )
    if consent.agrees:
        notices.guarantor(work, Event.GUARANTOR_ACCEPTED, row, loan)
    work.changed(Topic.LOANS)
    return _pledge(work, row.id)


def _refuse_borrower(work: Work, loan: Loan) -> None:
    own = select(UserMember.user_id).where(
        UserMember.user_id == work.actor.user_id, UserMember.member_id == loan.member_id
    )
    if work.session.scalar(own) is not None:
        raise SamePerson(
            "You are the borrower, so someone else must record what the guarantors say."
        )


def substitute(work: Work, wish: Substitution) -> Pledge:
    """Let a guarantor go for another who has agreed to at least as much. Raises InvalidInput, NotFound, WrongState."""
    work.allow(Act.APPLY_FOR_LOAN)
    reason = _reason(wish.reason)
    row, other = _load(work, wish.guarantee_id), _load(work, wish.by_guarantee_id)
    loan = _loan(work, row.loan_id)
    _refuse_borrower(work, loan)
    if row.status != "accepted":
        raise WrongState(
            f"This promise is {row.status.replace('_', ' ')}; only one agreed to can be replaced."
        )
    if other.loan_id != row.loan_id or other.id == row.id or other.status != "accepted":
        raise InvalidInput(
            "The other guarantor must have agreed for the same loan before the first is let go.",
            "by",
        )
    if other.pledge_cents < row.pledge_cents:
        raise InvalidInput(
            f"The other promise is {format_kes(other.pledge_cents)}; {format_kes(row.pledge_cents)} is to be"
            " replaced. Ask for as much at the least.",
            "by",
        )
    used = select(Guarantee.id).where(Guarantee.replaced_by == other.id)
    if work.session.scalar(used) is not None:
        raise InvalidInput("The other promise stands in for somebody else already.", "by")
    _say(work, row, "substituted", "rule", reason, work.today)
    row.status, row.replaced_by = "substituted", other.id
    work.session.flush()
    _ask_the_committee_anew(work, loan)
    number = members.load(work, row.member_id).number
    audit.record(work, "substituted a guarantor", number, {"loan": loan.number, "why": reason})
    notices.guarantor(work, Event.GUARANTOR_RELEASED, row, loan)
    work.changed(Topic.LOANS)
    return _pledge(work, row.id)


def let_go(work: Work, wish: LettingGo) -> Pledge:
    """End a promise that the rules let end. Raises InvalidInput, NotFound, WrongState."""
    work.allow(Act.APPLY_FOR_LOAN)
    reason = _reason(wish.reason)
    row = _load(work, wish.guarantee_id)
    loan = _loan(work, row.loan_id)
    _refuse_borrower(work, loan)
    if row.status not in _OPEN:
        raise WrongState(f"This promise is {row.status.replace('_', ' ')} already.")
    if row.status != "requested" and loan.status not in (*_ENDED, "submitted"):
        raise WrongState(
            f"{loan.number} is {loan.status.replace('_', ' ')}, and its guarantors stay bound until it is repaid."
            " Find another guarantor who agrees, and substitute this one."
        )
    _say(work, row, "released", "rule", reason, work.today)
    row.status = "released"
    work.session.flush()
    number = members.load(work, row.member_id).number
    audit.record(work, "let a guarantor go", number, {"loan": loan.number, "why": reason})
    notices.guarantor(work, Event.GUARANTOR_RELEASED, row, loan)
    work.changed(Topic.LOANS)
    return _pledge(work, row.id)


def say_called(work: Work, guarantee_id: int, words: str) -> None:
    """Mark a promise as called upon; guarantor_calls.py says when."""
    row = _load(work, guarantee_id)
    if row.status == "called_upon":
        return
    _say(work, row, "called_upon", "rule", words, work.today)
    row.status = "called_upon"
    work.session.flush()


def _say(work: Work, row: Guarantee, status: str, way: str, evidence: str, said_on: date) -> None:
    work.session.add(
        GuaranteeWord(
            guarantee_id=row.id,
            status=status,
            way=way,
            evidence=" ".join(evidence.split()),
            said_on=said_on,
            recorded_by=work.actor.user_id,
            recorded_at=work.now,
        )
    )
    work.session.flush()


def _ask_the_committee_anew(work: Work, loan: Loan) -> None:
    """What the committee was shown names the guarantors who agreed, so its request is void when they change."""
    if loan.status == "appraised":
        words = "The guarantors have changed since. The loan must be appraised again."
        approvals.void_open(work, ApprovalKind.LOAN, loan.id, words)


@dataclass(frozen=True, slots=True)
class Said:
    """What a guarantor said last, or what ended the promise: how, on which evidence, when, and who wrote it down."""

    way: str
    evidence: str
    said_on: date
    recorded_by: int


def last_words(work: Work, guarantees: Iterable[int]) -> dict[int, Said]:
    """The last word on each of these promises; one that was only asked has none."""
    rows = work.session.scalars(
        select(GuaranteeWord)
        .where(GuaranteeWord.guarantee_id.in_(list(guarantees)))
        .order_by(GuaranteeWord.id)
    )
    return {
        row.guarantee_id: Said(row.way, row.evidence, row.said_on, row.recorded_by) for row in rows
    }


def _reason(typed: str) -> str:
    reason = " ".join(typed.split())
    if not reason:
        raise InvalidInput("Write why.", "reason")
    return reason


def _load(work: Work, guarantee_id: int) -> Guarantee:
    row = work.session.get(Guarantee, guarantee_id)
    if row is None:
        raise NotFound("There is no such guarantor.")
    return row


def _loan(work: Work, loan_id: int) -> Loan:
    loan = work.session.get(Loan, loan_id)
    if loan is None:
        raise NotFound("There is no such loan.")
    return loan


def _pledge(work: Work, guarantee_id: int) -> Pledge:
    found = guarantor_pledges.one(work, guarantee_id)
    if found is None:
        raise NotFound("There is no such guarantor.")
    return found
