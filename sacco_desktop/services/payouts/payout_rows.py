"""Payouts as lists show them, read for many at once: the same few statements for one row and for a thousand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, bindparam, select
from sqlalchemy.orm import InstrumentedAttribute

from sacco_desktop.db.tables import (
    ApprovalDecision,
    ApprovalRequest,
    BatchLine,
    HandOver,
    Loan,
    Member,
    Payout,
    PayoutAttempt,
    PayoutBatch,
    PayoutHold,
    PayoutMove,
    User,
)
from sacco_desktop.domain.approvals import ApprovalKind, ApprovalStatus
from sacco_desktop.domain.batches import LineStatus
from sacco_desktop.domain.payout_ways import WAY_WORDS, Bearer, Destination, Outcome, Way
from sacco_desktop.domain.payouts import AttemptStatus, Evidence, PayoutStatus
from sacco_desktop.domain.phones import display_phone
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.office import payout_terms
from sacco_desktop.services.payouts.payout_moves import PROVEN
from sacco_desktop.services.payouts.standing_holds import Hold

Found = Row[*tuple[Any, ...]]

# A list of thousands is more than a statement can carry.
_AT_ONCE = 500


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
    fee_cents: int = 0

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


def _is_one_of(column: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
    return column.in_(bindparam("ids", expanding=True))


# Each is put together once, and reads columns: objects that could be changed would cost several times as much.
_PAYOUTS = (
    select(
        *Payout.__table__.columns,
        Member.number.label("member_number"),
        Member.first_name,
        Member.other_names,
        Member.last_name,
        Member.phone_changed_at,
        Loan.number.label("loan_number"),
    )
    .outerjoin(Member, Member.id == Payout.member_id)
    .outerjoin(Loan, Loan.id == Payout.loan_id)
    .where(_is_one_of(Payout.id))
)
_ATTEMPTS = (
    select(
        PayoutAttempt.payout_id,
        PayoutAttempt.id,
        PayoutAttempt.status,
        PayoutAttempt.claim,
        PayoutAttempt.reason,
        PayoutAttempt.originator_conversation_id,
    )
    .where(_is_one_of(PayoutAttempt.payout_id))
    .order_by(PayoutAttempt.number)
)
_HAND_OVERS = (
    select(
        HandOver.payout_id,
        HandOver.id,
        HandOver.reference,
        HandOver.bank_file_id,
        HandOver.made_by,
        HandOver.made_at,
        HandOver.outcome,
        HandOver.proof,
        HandOver.reason,
        HandOver.return_entry,
    )
    .where(_is_one_of(HandOver.payout_id))
    .order_by(HandOver.number)
)
# Asked for by its status too, it would be looked for among all that were ever approved, by the index on the status.
_APPROVALS = select(ApprovalRequest.subject_id, ApprovalRequest.id, ApprovalRequest.status).where(
    ApprovalRequest.kind == ApprovalKind.PAYOUT.value, _is_one_of(ApprovalRequest.subject_id)
)
_DECISIONS = (
    select(ApprovalDecision.request_id, ApprovalDecision.decided_by)
    .where(_is_one_of(ApprovalDecision.request_id))
    .order_by(ApprovalDecision.decided_at, ApprovalDecision.step, ApprovalDecision.id)
)
_BATCHES = (
    select(BatchLine.payout_id, PayoutBatch.number)
    .join(PayoutBatch, PayoutBatch.id == BatchLine.batch_id)
    .where(_is_one_of(BatchLine.payout_id), BatchLine.status != LineStatus.LEFT.value)
    .order_by(BatchLine.id)
)
_HOLDS = select(PayoutHold.payout_id, PayoutHold.held_by, PayoutHold.held_at, PayoutHold.why).where(
    _is_one_of(PayoutHold.payout_id), PayoutHold.released_at.is_(None)
)
# A hold outlives an approval that was lost; what has left, or never will, is held by nobody.
_CAN_BE_HELD = (PayoutStatus.DRAFT.value, PayoutStatus.APPROVED.value)
_PROOFS = (
    select(PayoutMove.payout_id, PayoutMove.why)
    .where(_is_one_of(PayoutMove.payout_id), PayoutMove.new == PROVEN)
    .order_by(PayoutMove.id.desc())
)
_PEOPLE = select(User.id, User.full_name)


def rows_of(work: Work, payout_ids: Sequence[int]) -> tuple[PayoutRow, ...]:
    """The payouts with these ids, in this order; an id that is none is passed over."""
    names = names_of_all(work)
    found: dict[int, PayoutRow] = {}
    for first in range(0, len(payout_ids), _AT_ONCE):
        ids = payout_ids[first : first + _AT_ONCE]
        beside = _read_beside(work, ids, names)
        for row in work.session.execute(_PAYOUTS, {"ids": ids}):
            found[row.id] = _row(row, beside)
    return tuple(found[each] for each in payout_ids if each in found)


def read_many(work: Work, query: Select[*tuple[Any, ...]], ids: Iterable[int]) -> Iterator[Found]:
    """Run a query that asks for `ids`, in as many statements as it takes."""
    every = list(ids)
    for first in range(0, len(every), _AT_ONCE):
        yield from work.session.execute(query, {"ids": every[first : first + _AT_ONCE]})


def names_of_all(work: Work) -> dict[int, str]:
    """The full name of everybody who ever worked here, by id."""
    return {row.id: row.full_name for row in work.session.execute(_PEOPLE)}


@dataclass(frozen=True, slots=True)
class _Beside:
    """What other tables know of some payouts, by the id of the payout."""

    attempts: dict[int, Found]
    handed: dict[int, HandOverFacts]
    approvers: dict[int, list[int]]
    batches: dict[int, str]
    holds: dict[int, Hold]
    proofs: dict[int, str]
    names: dict[int, str]


def _read_beside(work: Work, ids: Sequence[int], names: dict[int, str]) -> _Beside:
    """Where a payout has several, the last one read stays."""
    return _Beside(
        attempts={row.payout_id: row for row in read_many(work, _ATTEMPTS, ids)},
        handed={row.payout_id: _handed(row, names) for row in read_many(work, _HAND_OVERS, ids)},
        approvers=_approvers(work, ids),
        batches={row.payout_id: row.number for row in read_many(work, _BATCHES, ids)},
        holds={
            row.payout_id: Hold(names[row.held_by], row.held_at, row.why)
            for row in read_many(work, _HOLDS, ids)
        },
        proofs={row.payout_id: row.why for row in read_many(work, _PROOFS, ids)},
        names=names,
    )


def _approvers(work: Work, ids: Sequence[int]) -> dict[int, list[int]]:
    """Who gave the approval of each payout that stands, in the order of their decisions."""
    found = sorted(read_many(work, _APPROVALS, ids), key=lambda row: row.id)
    approved = ApprovalStatus.APPROVED.value
    requests = {row.subject_id: row.id for row in found if row.status == approved}
    decided: dict[int, list[int]] = {}
    for row in read_many(work, _DECISIONS, requests.values()):
        decided.setdefault(row.request_id, []).append(row.decided_by)
    return {payout_id: decided.get(request_id, []) for payout_id, request_id in requests.items()}


def _handed(row: Found, names: dict[int, str]) -> HandOverFacts:
    return HandOverFacts(
        row.id,
        row.reference,
        row.bank_file_id,
        names[row.made_by],
        row.made_at,
        Outcome(row.outcome),
        row.proof,
        row.reason,
        row.return_entry,
    )


def _row(payout: Found, beside: _Beside) -> PayoutRow:
    attempt = beside.attempts.get(payout.id)
    handed = beside.handed.get(payout.id) if payout.way != Way.MPESA.value else None
    approvers = beside.approvers.get(payout.id, [])
    is_verified = payout.evidence == Evidence.VERIFIED.value
    return PayoutRow(
        payout_id=payout.id,
        number=payout.number,
        loan_id=payout.loan_id,
        loan_number=payout.loan_number or "",
        member_id=payout.member_id,
        member_number=payout.member_number or "",
        member_name=_member_name(payout),
        phone=payout.phone,
        phone_changed_at=payout.phone_changed_at,
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
        requested_by=beside.names.get(payout.requested_by, ""),
        approved_by=" and ".join(beside.names[each] for each in approvers),
        approver_ids=frozenset(approvers),
        version=payout.version,
        purpose=payout.purpose,
        subject=_subject(payout),
        way=Way(payout.way),
        part=payout.part,
        parts=payout.parts,
        handed_cents=payout.handed_cents,
        recovered_cents=payout.recovered_cents,
        bearer=Bearer(payout.bearer),
        narration=payout.narration,
        destination=_destination(payout),
        hand_over=handed,
        batch_number=beside.batches.get(payout.id, ""),
        held=beside.holds.get(payout.id) if payout.status in _CAN_BE_HELD else None,
        proven_by=beside.proofs.get(payout.id, "") if is_verified else "",
        fee_cents=payout.fee_cents,
    )


def _destination(payout: Found) -> Destination:
    return Destination(
        payout.payee, payout.bank, payout.bank_code, payout.branch_code, payout.account_number
    )


def _member_name(payout: Found) -> str:
    if payout.member_id is None:
        return str(payout.payee)
    return " ".join(
        part for part in (payout.first_name, payout.other_names, payout.last_name) if part
    )


def _subject(payout: Found) -> str:
    """What it is for: `L-0001`, `L-0001, part 1 of 2`, `Refund of deposits`."""
    if payout.loan_id is None:
        return payout_terms.purpose_of(payout.purpose).title
    part = f", part {payout.part} of {payout.parts}" if payout.parts > 1 else ""
    return f"{payout.loan_number}{part}"


def _paper_number(handed: HandOverFacts | None) -> str | None:
    """The number by which a paid payment by hand is known: the bank's, the cheque's, or the till's."""
    if handed is None or handed.outcome is not Outcome.PAID:
        return None
    return handed.proof if handed.bank_file_id is not None else handed.reference
