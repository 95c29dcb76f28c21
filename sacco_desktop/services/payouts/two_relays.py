"""What two relays say of one payment: each alone could lie, so only both together prove an outcome without a person."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import bindparam, select

from sacco_desktop.db.standing import Lookup
from sacco_desktop.db.tables import PayoutAttempt, Question, Relay
from sacco_desktop.domain.payouts import AttemptStatus, Evidence
from sacco_desktop.services.books import question_order
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.payouts.payout_moves import load_payout
from sacco_desktop.services.payouts.payout_settling import raise_evidence

COMPLETED, ENDED = "completed", "ended"
_CLAIM = {COMPLETED: "paid", ENDED: "failed"}
# The claim was made by the answer to a question and not by a result.
STATUS_CLAIM = "status"


_SAID = Lookup(
    select(Question.id, Question.relay_id).where(
        Question.attempt_id == bindparam("attempt_id"), Question.finding == bindparam("outcome")
    )
)


def relays_that_said(work: Work, attempt: PayoutAttempt, outcome: str) -> frozenset[int]:
    """The relays through which M-Pesa has said that this payment completed, or ended unpaid.

    A result counts for the relay that its address was made for. An answer counts for the relay it was asked by, if it
    carries the id that M-Pesa gave the question when it was asked. What spoke for a failure before M-Pesa called the
    payment open, or before two people took the failure back, counts no more; that is told by the order of the history.
    """
    said = {
        relay_id
        for question_id, relay_id in _SAID.rows(
            work.session, attempt_id=attempt.id, outcome=outcome
        )
        if outcome != ENDED or _counts(work, question_id, attempt)
    }
    by_result = attempt.claim == _CLAIM[outcome] and attempt.claim_code != STATUS_CLAIM
    if by_result and (outcome != ENDED or question_order.was_claimed_after_open(work, attempt)):
        said.add(attempt.relay_id)
    return frozenset(said)


def _counts(work: Work, question_id: int, attempt: PayoutAttempt) -> bool:
    question = work.session.get_one(Question, question_id)
    return question_order.was_asked_after_open(work, question, attempt)


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
