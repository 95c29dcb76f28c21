"""What two relays say of one payment: each alone could lie, so only both together prove an outcome without a person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import bindparam, func, select

from sacco_desktop.db.standing import Lookup
from sacco_desktop.db.tables import PayoutAttempt, PayoutMove, Question, Relay
from sacco_desktop.domain.payouts import AttemptStatus, Evidence
from sacco_desktop.services.payout_moves import load_payout
from sacco_desktop.services.payout_settling import raise_evidence
from sacco_desktop.services.work import Work

COMPLETED, ENDED = "completed", "ended"
_CLAIM = {COMPLETED: "paid", ENDED: "failed"}
_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
# The claim was made by the answer to a question and not by a result.
STATUS_CLAIM = "status"


_SAID = Lookup(
    select(Question.relay_id).where(
        Question.attempt_id == bindparam("attempt_id"),
        Question.finding == bindparam("outcome"),
        Question.answered_at >= bindparam("after"),
    )
)


def relays_that_said(work: Work, attempt: PayoutAttempt, outcome: str) -> frozenset[int]:
    """The relays through which M-Pesa has said that this payment completed, or ended unpaid.

    A result counts for the relay that its address was made for. An answer counts for the relay it was asked by, if it
    carries the id that M-Pesa gave the question when it was asked. What spoke for a failure before M-Pesa called the
    payment open, or before two people took the failure back, counts no more.
    """
    after = _failures_count_from(work, attempt) if outcome == ENDED else _LONG_AGO
    found = _SAID.rows(work.session, attempt_id=attempt.id, outcome=outcome, after=after)
    said = {relay_id for (relay_id,) in found}
    by_result = attempt.claim == _CLAIM[outcome] and attempt.claim_code != STATUS_CLAIM
    if by_result and attempt.claimed_at is not None and attempt.claimed_at >= after:
        said.add(attempt.relay_id)
    return frozenset(said)


def _failures_count_from(work: Work, attempt: PayoutAttempt) -> datetime:
    """The last moment at which M-Pesa called the payment open, or two people took a failure back."""
    open_at = work.session.scalar(
        select(func.max(Question.answered_at)).where(
            Question.attempt_id == attempt.id, Question.finding == "open"
        )
    )
    taken_back_at = work.session.scalar(
        select(func.max(PayoutMove.at)).where(
            PayoutMove.payout_id == attempt.payout_id,
            PayoutMove.attempt_id == attempt.id,
            PayoutMove.old == AttemptStatus.FAILED.value,
            PayoutMove.new == AttemptStatus.UNKNOWN.value,
        )
    )
    return max(open_at or _LONG_AGO, taken_back_at or _LONG_AGO)


def prove_paid(work: Work, attempt: PayoutAttempt) -> bool:
    """Call a booked payment proven as soon as two relays say that it was paid; whether it is so now."""
    said = relays_that_said(work, attempt, COMPLETED)
    if attempt.status != AttemptStatus.PAID.value or len(said) < 2:
        return False
    payout = load_payout(work, attempt.payout_id)
    if payout.evidence != Evidence.VERIFIED.value:
        raise_evidence(
            work, payout, f"M-Pesa says so through two relays, {names_of(work, sorted(said))}."
        )
    return True


def names_of(work: Work, relay_ids: Sequence[int]) -> str:
    """The names of relays in a sentence."""
    rows = work.session.scalars(select(Relay).where(Relay.id.in_(relay_ids)).order_by(Relay.id))
    return " and ".join(row.name for row in rows)


def better_relay(work: Work, attempt: PayoutAttempt, offered: Sequence[int]) -> int:
    """Through which of the offered relays to ask about an attempt: one that has not spoken of it, if there is any."""
    spoken = relays_that_said(work, attempt, COMPLETED) | relays_that_said(work, attempt, ENDED)
    not_these = spoken or {attempt.relay_id}
    return next((relay for relay in offered if relay not in not_these), offered[0])
