"""How the books stand, read in a few queries: enough to hold them against Safaricom's ledger after every step."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from sacco_desktop.db.tables import Entry, Payout, PayoutAttempt
from sacco_desktop.domain.payout_ways import Way
from sacco_desktop.domain.payouts import AttemptStatus, Evidence, PayoutStatus
from sacco_desktop.services.books.work import Work


@dataclass(frozen=True, slots=True)
class AttemptStand:
    """An attempt and when M-Pesa is asked about it next."""

    payout_id: int
    originator_id: str
    status: AttemptStatus
    claim: str
    next_question_at: datetime | None


@dataclass(frozen=True, slots=True)
class PayoutStand:
    """A payout with the newest of its attempts; the names are those of a PayoutRow."""

    payout_id: int
    number: str
    status: PayoutStatus
    evidence: Evidence
    mpesa_cents: int
    phone: str
    receipt: str | None
    entry_number: int | None
    attempt_status: AttemptStatus | None
    claim: str
    way: Way
    loan_id: int | None
    part: int
    # Whether it failed is asked of M-Pesa's payments only.
    hand_over: None = None
    # Nobody holds a payout in the histories.
    held: None = None


@dataclass(frozen=True, slots=True)
class Stand:
    """Everything at one moment, the oldest first."""

    payouts: tuple[PayoutStand, ...]
    attempts: tuple[AttemptStand, ...]
    posted: tuple[tuple[int, str], ...]
    entries: int


def stand(work: Work, _nothing: None = None) -> Stand:
    """Read how everything stands."""
    attempts = _attempts(work)
    newest = {attempt.payout_id: attempt for attempt in attempts}
    return Stand(
        _payouts(work, newest),
        attempts,
        tuple((row[0], row[1]) for row in work.session.execute(_POSTED)),
        work.session.scalar(_ENTRIES) or 0,
    )


_ENTRIES = select(func.max(Entry.number))
_POSTED = (
    select(Entry.number, Entry.reference)
    .where(Entry.kind.in_(("loan_disbursement", "office_expense")))
    .order_by(Entry.number)
)
_ATTEMPTS = select(
    PayoutAttempt.payout_id,
    PayoutAttempt.originator_conversation_id,
    PayoutAttempt.status,
    PayoutAttempt.claim,
    PayoutAttempt.next_question_at,
).order_by(PayoutAttempt.id)
_PAYOUTS = select(
    Payout.id,
    Payout.number,
    Payout.status,
    Payout.evidence,
    Payout.mpesa_cents,
    Payout.phone,
    Payout.receipt,
    Payout.entry_number,
    Payout.way,
    Payout.loan_id,
    Payout.part,
).order_by(Payout.id)


def _attempts(work: Work) -> tuple[AttemptStand, ...]:
    return tuple(
        AttemptStand(payout_id, own_id, AttemptStatus(status), claim, asked_at)
        for payout_id, own_id, status, claim, asked_at in work.session.execute(_ATTEMPTS)
    )


def _payouts(work: Work, newest: dict[int, AttemptStand]) -> tuple[PayoutStand, ...]:
    rows = work.session.execute(_PAYOUTS)
    return tuple(
        PayoutStand(
            payout_id=row[0],
            number=row[1],
            status=PayoutStatus(row[2]),
            evidence=Evidence(row[3]),
            mpesa_cents=row[4],
            phone=row[5],
            receipt=row[6],
            entry_number=row[7],
            attempt_status=newest[row[0]].status if row[0] in newest else None,
            claim=newest[row[0]].claim if row[0] in newest else "",
            way=Way(row[8]),
            loan_id=row[9],
            part=row[10],
        )
        for row in rows
    )
