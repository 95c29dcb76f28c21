"""The only way in which a payout or an attempt changes its state: checked against the table of moves, with its
reason kept.
"""

from __future__ import annotations

from sqlalchemy import bindparam, select

from sacco_desktop.db.standing import ById, Change
from sacco_desktop.db.tables import Loan, Payout, PayoutAttempt, PayoutMove
from sacco_desktop.domain.errors import NotFound
from sacco_desktop.domain.payouts import (
    AttemptStatus,
    PayoutStatus,
    check_attempt_move,
    check_payout_move,
)
from sacco_desktop.services.books.work import Topic, Work

# Made once: a payout says each of these several times, and putting a statement together costs more than running it.
_PAYOUTS = ById(Payout, beside=(Loan, Loan.id == Payout.loan_id))
_ATTEMPTS = ById(PayoutAttempt)
_KEEP_MOVE = Change.new_row(PayoutMove)
_LAST_ATTEMPT = (
    select(PayoutAttempt)
    .where(PayoutAttempt.payout_id == bindparam("payout_id"))
    .order_by(PayoutAttempt.number.desc())
    .limit(1)
)


def load_payout(work: Work, payout_id: int) -> Payout:
    """The payout's row. Raises NotFound."""
    payout = _PAYOUTS.find(work.session, payout_id)
    if payout is None:
        raise NotFound("There is no such payout.")
    return payout


def load_attempt(work: Work, attempt_id: int) -> PayoutAttempt:
    """The attempt's row. Raises NotFound."""
    attempt = _ATTEMPTS.find(work.session, attempt_id)
    if attempt is None:
        raise NotFound("There is no such attempt.")
    return attempt


def last_attempt(work: Work, payout_id: int) -> PayoutAttempt | None:
    """The newest attempt of a payout, or None when it was never sent."""
    return work.session.scalar(_LAST_ATTEMPT, {"payout_id": payout_id})


def move_payout(work: Work, payout: Payout, new: PayoutStatus, why: str, **also: object) -> None:
    """Move a payout, with the columns in `also`. Raises WrongState for a move that the table does not know."""
    old = PayoutStatus(payout.status)
    check_payout_move(old, new)
    version = payout.version + 1
    _PAYOUTS.change(work.session, payout, status=new.value, version=version, **also)
    _note(work, payout.id, None, f"payout {old.value}", f"payout {new.value}", why)
    work.changed(Topic.PAYOUTS)


def move_attempt(
    work: Work, attempt: PayoutAttempt, new: AttemptStatus, why: str, **also: object
) -> None:
    """Move an attempt, with the columns in `also`. Staying in a state is no move but keeps the reason; a wrong move
    raises WrongState.
    """
    old = AttemptStatus(attempt.status)
    if old is not new:
        check_attempt_move(old, new)
    if new in (AttemptStatus.PAID, AttemptStatus.FAILED):
        also |= {"settled_at": work.now, "next_question_at": None}
    moved = {"status": new.value, "reason": why, "version": attempt.version + 1}
    _ATTEMPTS.change(work.session, attempt, **moved, **also)
    _note(work, attempt.payout_id, attempt.id, old.value, new.value, why)
    work.changed(Topic.PAYOUTS)


def learn(work: Work, attempt: PayoutAttempt, **new: object) -> None:
    """Keep what was learnt of an attempt, in these columns, and moved nothing."""
    _ATTEMPTS.change(work.session, attempt, **new)


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
    _KEEP_MOVE.make(
        work.session,
        payout_id=payout_id,
        attempt_id=attempt_id,
        at=work.now,
        by=work.actor.user_id,
        old=old,
        new=new,
        why=why,
    )
