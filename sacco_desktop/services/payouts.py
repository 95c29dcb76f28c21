"""Payouts from the request to the approval: what would be paid, to whom, and what the second person's yes is
bound to.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from sacco_desktop.db.tables import HandOver, Loan, Member, Payout, PayoutAttempt
from sacco_desktop.domain.approvals import ApprovalKind
from sacco_desktop.domain.errors import WrongState
from sacco_desktop.domain.payout_ways import (
    NO_DESTINATION,
    WAY_WORDS,
    Bearer,
    Destination,
    Outcome,
    Way,
)
from sacco_desktop.domain.payouts import AttemptStatus, Evidence, PayoutStatus
from sacco_desktop.domain.permissions import Act
from sacco_desktop.domain.phones import display_phone
from sacco_desktop.services import (
    approvals,
    audit,
    batch_lines,
    commands,
    given_approvals,
    loan_payouts,
    loans,
    members,
    payout_drafts,
    standing_holds,
    users,
)
from sacco_desktop.services.payout_contents import destination_of
from sacco_desktop.services.payout_moves import last_attempt, load_payout, move_payout, proven_by
from sacco_desktop.services.standing_holds import Hold
from sacco_desktop.services.work import Topic, Work


@dataclass(frozen=True, slots=True)
class NewPayout:
    """Pay this approved loan out, or its parts that were taken back. `key` is made when the dialog opens."""

    key: str
    loan_id: int
    way: Way = Way.MPESA
    destination: Destination = NO_DESTINATION


@dataclass(frozen=True, slots=True)
class PayoutChange:
    """An act on one payout, with the version of it that the person looked at."""

    payout_id: int
    version: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PayoutRow:
    """A payout as lists show one; amounts in cents. `attempt_status` is None until it is sent by M-Pesa.

    `member_name` is the payee where no member is paid; `subject` says what for; `receipt` is M-Pesa's, or the number
    by which a payment by hand is known.
    """

    payout_id: int
    number: str
    loan_id: int | None
    loan_number: str
    member_id: int | None
    member_number: str
    member_name: str
    phone: str
    phone_changed_at: datetime | None
    net_cents: int
    mpesa_cents: int
    deposits_cents: int
    charge_cents: int
    status: PayoutStatus
    evidence: Evidence
    attempt_id: int | None
    attempt_status: AttemptStatus | None
    claim: str
    reason: str
    originator_conversation_id: str
    receipt: str | None
    paid_at: datetime | None
    entry_number: int | None
    requested_by: str
    approved_by: str
    approver_ids: frozenset[int]
    version: int
    purpose: str
    subject: str
    way: Way
    part: int
    parts: int
    handed_cents: int
    recovered_cents: int
    bearer: Bearer
    narration: str
    destination: Destination
    hand_over: HandOverFacts | None
    batch_number: str = ""
    held: Hold | None = None
    proven_by: str = ""

    @property
    def paid_cents(self) -> int:
        """What the receiver gets, by whatever way."""
        return self.mpesa_cents + self.handed_cents

    @property
    def to_words(self) -> str:
        """The phone, the account, or the name on the cheque."""
        if self.way is Way.MPESA:
            return display_phone(self.phone)
        words = self.destination.words
        return words if self.way is Way.BANK else f"{WAY_WORDS[self.way]}, {words}"


@dataclass(frozen=True, slots=True)
class HandOverFacts:
    """The last payment by hand of a payout: its number on paper, who made it, and what became of it."""

    hand_over_id: int
    reference: str
    bank_file_id: int | None
    made_by: str
    made_at: datetime
    outcome: Outcome
    proof: str
    reason: str
    return_entry: int | None = None


def request(work: Work, new: NewPayout) -> PayoutRow:
    """Write the payout of an approved loan, in parts above M-Pesa's limit, and ask a second person for each.

    Nothing leaves. Returns the first of them. Raises WrongState, InvalidInput.
    """
    work.allow(Act.REQUEST_PAYOUT)
    answer = commands.once(work, new.key, "payout request", new, lambda: _request(work, new))
    return row_of(work, int(answer["payout_id"]))


def _request(work: Work, new: NewPayout) -> dict[str, Any]:
    loan = loans.load(work, new.loan_id)
    first = loan_payouts.write_parts(work, loan, new.way, new.destination)
    loan.status = "disbursement_pending"
    loan.version += 1
    work.session.flush()
    work.changed(Topic.PAYOUTS, Topic.LOANS)
    return {"payout_id": first.id}


def ask_again(work: Work, change: PayoutChange) -> PayoutRow:
    """Ask two eyes anew for a payout that came back, when nothing about the member changed. Raises WrongState."""
    work.allow(Act.REQUEST_PAYOUT)
    payout = _checked(work, change)
    if payout.status == PayoutStatus.APPROVED.value:
        move_payout(work, payout, PayoutStatus.DRAFT, "Asked for approval again.")
    if payout.status != PayoutStatus.DRAFT.value:
        raise WrongState(f"{payout.number} is {payout.status}; there is nothing to approve.")
    if payout.member_id is not None and payout.way == Way.MPESA.value:
        member = members.load(work, payout.member_id)
        if member.phone != payout.phone:
            raise WrongState(
                f"The number of {member.number} has changed. Take this payout back and ask for a new one."
            )
    payout.fingerprint = ""
    payout_drafts.ask(work, payout)
    return row_of(work, payout.id)


def take_back(work: Work, change: PayoutChange) -> PayoutRow:
    """Cancel a payout of which nothing can have left; its loan is approved again. Raises WrongState."""
    work.allow(Act.REQUEST_PAYOUT)
    payout = _checked(work, change)
    if payout.status not in (PayoutStatus.DRAFT.value, PayoutStatus.APPROVED.value):
        raise WrongState(f"{payout.number} is {payout.status} and cannot be taken back.")
    _cancel(work, payout, change.reason.strip() or "Taken back.")
    audit.record(work, "took back a payout", payout.number, {"why": change.reason.strip()})
    return row_of(work, payout.id)


def _cancel(work: Work, payout: Payout, why: str) -> None:
    approvals.void_open(work, ApprovalKind.PAYOUT, payout.id, why)
    standing_holds.end(work, payout.id, why)
    move_payout(work, payout, PayoutStatus.CANCELLED, why)
    if payout.loan_id is not None:
        loan_payouts.free_loan(work, payout.loan_id)
    work.changed(Topic.LOANS)


def carry_out_decision(work: Work, payout_id: int, approved: bool, given: str) -> None:
    """Move a payout on after the second person's decision on the content with fingerprint `given`."""
    payout = load_payout(work, payout_id)
    if not approved:
        _cancel(work, payout, "The second person said no.")
        return
    payout.fingerprint = given
    who = given_approvals.names_of(
        given_approvals.approvers_of(work, ApprovalKind.PAYOUT, payout_id)
    )
    move_payout(work, payout, PayoutStatus.APPROVED, f"Approved by {who}.")


def _checked(work: Work, change: PayoutChange) -> Payout:
    payout = load_payout(work, change.payout_id)
    if payout.version != change.version:
        raise WrongState(f"{payout.number} has changed after you opened it. Look at it again.")
    return payout


def row_of(work: Work, payout_id: int) -> PayoutRow:
    """One payout as a list shows one. Raises NotFound."""
    load_payout(work, payout_id)
    return _rows(work, _ALL.where(Payout.id == payout_id))[0]


def list_payouts(work: Work, _nothing: None = None) -> tuple[PayoutRow, ...]:
    """All payouts, the newest first."""
    work.allow(Act.LOOK)
    return _rows(work, _ALL)


def list_in(
    work: Work, states: Collection[PayoutStatus], newest: int | None = None
) -> tuple[PayoutRow, ...]:
    """The payouts in one of these states, the newest first; at most `newest` of them."""
    work.allow(Act.LOOK)
    if newest is None:
        return _rows(work, _ALL.where(_is_in(states)))
    # Each state's newest are read off its index; all of them together would be sorted first.
    ids = [
        payout_id
        for state in states
        for payout_id in work.session.scalars(
            select(Payout.id)
            .where(Payout.status == state.value)
            .order_by(Payout.id.desc())
            .limit(newest)
        )
    ]
    return _rows(work, _ALL.where(Payout.id.in_(sorted(ids)[-newest:])))


def count_in(work: Work, states: Collection[PayoutStatus]) -> int:
    """How many payouts are in one of these states; counted in an index."""
    work.allow(Act.LOOK)
    return work.session.scalar(select(func.count()).select_from(Payout).where(_is_in(states))) or 0


def _is_in(states: Collection[PayoutStatus]) -> ColumnElement[bool]:
    return Payout.status.in_([state.value for state in states])


# A hold outlives an approval that was lost; what has left, or never will, is held by nobody.
_CAN_BE_HELD = (PayoutStatus.DRAFT.value, PayoutStatus.APPROVED.value)

_ALL = (
    select(Payout, Member, Loan)
    .outerjoin(Member, Member.id == Payout.member_id)
    .outerjoin(Loan, Loan.id == Payout.loan_id)
    .order_by(Payout.id.desc())
)


def _rows(work: Work, query: Select[Payout, Member, Loan]) -> tuple[PayoutRow, ...]:
    found = work.session.execute(query).all()
    return tuple(_row(work, payout, member, loan) for payout, member, loan in found)


def _row(work: Work, payout: Payout, member: Member | None, loan: Loan | None) -> PayoutRow:
    attempt: PayoutAttempt | None = last_attempt(work, payout.id)
    handed = _hand_over(work, payout)
    approvers = given_approvals.approvers_of(work, ApprovalKind.PAYOUT, payout.id)
    return PayoutRow(
        payout_id=payout.id,
        number=payout.number,
        loan_id=payout.loan_id,
        loan_number=loan.number if loan else "",
        member_id=payout.member_id,
        member_number=member.number if member else "",
        member_name=member.full_name if member else payout.payee,
        phone=payout.phone,
        phone_changed_at=member.phone_changed_at if member else None,
        net_cents=payout.net_cents,
        mpesa_cents=payout.mpesa_cents,
        deposits_cents=payout.deposits_cents,
        charge_cents=payout.charge_cents,
        status=PayoutStatus(payout.status),
        evidence=Evidence(payout.evidence),
        attempt_id=attempt.id if attempt else None,
        attempt_status=AttemptStatus(attempt.status) if attempt else None,
        # That it was paid on a notice is told by the evidence.
        claim="failed" if attempt and attempt.claim == "failed" else "",
        reason=attempt.reason if attempt else handed.reason if handed else "",
        originator_conversation_id=attempt.originator_conversation_id if attempt else "",
        receipt=payout.receipt or _paper_number(handed),
        paid_at=payout.paid_at,
        entry_number=payout.entry_number,
        requested_by=users.full_name_of(work, payout.requested_by),
        approved_by=given_approvals.names_of(approvers),
        approver_ids=frozenset(one.user_id for one in approvers),
        version=payout.version,
        purpose=payout.purpose,
        subject=payout_drafts.subject_words(work, payout),
        way=Way(payout.way),
        part=payout.part,
        parts=payout.parts,
        handed_cents=payout.handed_cents,
        recovered_cents=payout.recovered_cents,
        bearer=Bearer(payout.bearer),
        narration=payout.narration,
        destination=destination_of(payout),
        hand_over=handed,
        batch_number=batch_lines.number_of(work, payout.id),
        held=standing_holds.standing(work, payout.id) if payout.status in _CAN_BE_HELD else None,
        proven_by=proven_by(work, payout.id) if payout.evidence == Evidence.VERIFIED else "",
    )


def _paper_number(handed: HandOverFacts | None) -> str | None:
    """The number by which a paid payment by hand is known: the bank's, the cheque's, or the till's."""
    if handed is None or handed.outcome is not Outcome.PAID:
        return None
    return handed.proof if handed.bank_file_id is not None else handed.reference


def _hand_over(work: Work, payout: Payout) -> HandOverFacts | None:
    if payout.way == Way.MPESA.value:
        return None
    found = work.session.scalar(
        select(HandOver)
        .where(HandOver.payout_id == payout.id)
        .order_by(HandOver.number.desc())
        .limit(1)
    )
    if found is None:
        return None
    return HandOverFacts(
        found.id,
        found.reference,
        found.bank_file_id,
        users.full_name_of(work, found.made_by),
        found.made_at,
        Outcome(found.outcome),
        found.proof,
        found.reason,
        found.return_entry,
    )
