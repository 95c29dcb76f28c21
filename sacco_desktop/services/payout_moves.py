"""The only way in which a payout or an attempt changes its state: checked against the table of moves, with its
reason kept.
"""

from __future__ import annotations

from sqlalchemy import bindparam, insert, select

from sacco_desktop.db.tables import Payout, PayoutAttempt, PayoutMove
from sacco_desktop.domain.errors import NotFound
from sacco_desktop.domain.payouts import (
    AttemptStatus,
    PayoutStatus,
    check_attempt_move,
    check_payout_move,
)
from sacco_desktop.services.work import Topic, Work

# Made once: a payout says each of these several times, and putting a statement together costs more than running it.
_KEEP_MOVE = insert(PayoutMove.__table__)  # type: ignore[arg-type]
_LAST_ATTEMPT = (
    select(PayoutAttempt)
    .where(PayoutAttempt.payout_id == bindparam("payout_id"))
    .order_by(PayoutAttempt.number.desc())
    .limit(1)
)


def load_payout(work: Work, payout_id: int) -> Payout:
    """The payout's row. Raises NotFound."""
    payout = work.session.get(Payout, payout_id)
    if payout is None:
        raise NotFound("There is no such payout.")
    return payout


def load_attempt(work: Work, attempt_id: int) -> PayoutAttempt:
    """The attempt's row. Raises NotFound."""
    attempt = work.session.get(PayoutAttempt, attempt_id)
    if attempt is None:
        raise NotFound("There is no such attempt.")
    return attempt


def last_attempt(work: Work, payout_id: int) -> PayoutAttempt | None:
    """The newest attempt of a payout, or None when it was never sent."""
    return work.session.scalar(_LAST_ATTEMPT, {"payout_id": payout_id})


def move_payout(work: Work, payout: Payout, new: PayoutStatus, why: str) -> None:
    """Move a payout. Raises WrongState for a move that the table does not know."""
    old = PayoutStatus(payout.status)
    check_payout_move(old, new)
    payout.status = new.value
    payout.version += 1
    work.session.flush()
    _note(work, payout.id, None, f"payout {old.value}", f"payout {new.value}", why)
    work.changed(Topic.PAYOUTS)


def move_attempt(work: Work, attempt: PayoutAttempt, new: AttemptStatus, why: str) -> None:
    """Move an attempt. Staying in a state is no move but keeps the reason; a wrong move raises WrongState."""
    old = AttemptStatus(attempt.status)
    if old is not new:
        check_attempt_move(old, new)
        attempt.status = new.value
    attempt.reason = why
    attempt.version += 1
    if new in (AttemptStatus.PAID, AttemptStatus.FAILED):
        attempt.settled_at, attempt.next_question_at = work.now, None
    work.session.flush()
    _note(work, attempt.payout_id, attempt.id, old.value, new.value, why)
    work.changed(Topic.PAYOUTS)


def note(work: Work, attempt: PayoutAttempt, what: str) -> None:
    """Keep something that was learnt about an attempt and moved nothing."""
    _note(work, attempt.payout_id, attempt.id, attempt.status, attempt.status, what)
    work.changed(Topic.PAYOUTS)


def note_payout(work: Work, payout: Payout, why: str) -> None:
    """Keep what a person decided about a payout that moves nowhere by it."""
    _note(work, payout.id, None, f"payout {payout.status}", f"payout {payout.status}", why)
    work.changed(Topic.PAYOUTS)


def note_evidence(work: Work, payout_id: int, evidence: str, why: str) -> None:
    """Keep by what a payout is proven; no state moves."""
    _note(work, payout_id, None, "evidence", evidence, why)


# What stands in the history of a payout when an independent source proves it.
PROVEN = "evidence verified"


def proven_by(work: Work, payout_id: int) -> str:
    """By what a paid payout is proven, in a sentence; empty while it is not."""
    return (
        work.session.scalar(
            select(PayoutMove.why)
            .where(PayoutMove.payout_id == payout_id, PayoutMove.new == PROVEN)
            .order_by(PayoutMove.id.desc())
            .limit(1)
        )
        or ""
    )


def _note(work: Work, payout_id: int, attempt_id: int | None, old: str, new: str, why: str) -> None:
    move = {
        "payout_id": payout_id,
        "attempt_id": attempt_id,
        "at": work.now,
        "by": work.actor.user_id,
        "old": old,
        "new": new,
        "why": why,
    }
    work.session.execute(_KEEP_MOVE, move)
