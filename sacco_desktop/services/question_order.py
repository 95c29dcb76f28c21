"""What came first, a question to M-Pesa or what it is compared with: told by the history's own order, for the clock of
the PC may have been put back in between.
"""

from __future__ import annotations

from sqlalchemy import select

from sacco_desktop.db.tables import PayoutAttempt, PayoutMove, Question
from sacco_desktop.domain.payouts import AttemptStatus
from sacco_desktop.services.work import Work

ASKED = "We ask M-Pesa what became of it."


def was_asked_after_sending(work: Work, question: Question, attempt: PayoutAttempt) -> bool:
    """Whether the question was asked after the last time that the request went out."""
    sent = [move.id for move in _history(work, attempt) if _is_sending(move)]
    return _asked(work, question, attempt) > max(sent, default=0)


def was_asked_after_claim(work: Work, question: Question, attempt: PayoutAttempt) -> bool:
    """Whether the question was asked after M-Pesa's word that the attempt failed."""
    claimed = [move.id for move in _history(work, attempt) if move.at == attempt.claimed_at]
    return bool(claimed) and _asked(work, question, attempt) > min(claimed)


def _asked(work: Work, question: Question, attempt: PayoutAttempt) -> int:
    """The number of the line that was written with the question."""
    asked = [
        move.id
        for move in _history(work, attempt)
        if move.at == question.asked_at and move.why == ASKED
    ]
    return max(asked, default=0)


def _is_sending(move: PayoutMove) -> bool:
    return move.new == AttemptStatus.SENDING.value


def _history(work: Work, attempt: PayoutAttempt) -> list[PayoutMove]:
    lines = select(PayoutMove).where(PayoutMove.attempt_id == attempt.id).order_by(PayoutMove.id)
    return list(work.session.scalars(lines))
