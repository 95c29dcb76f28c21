"""What came first, a question to M-Pesa or what it is compared with: told by the history's own order, for the clock of
the PC may have been put back in between.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from sacco_desktop.db.tables import PayoutAttempt, PayoutMove, Question
from sacco_desktop.domain.payouts import AttemptStatus
from sacco_desktop.services.books.work import Work

ASKED = "We ask M-Pesa what became of it."
MAY_STILL_PAY = "M-Pesa may still pay"


def was_asked_after_sending(work: Work, question: Question, attempt: PayoutAttempt) -> bool:
    """Whether the question was asked after the last time that the request went out."""
    sent = [move.id for move in _history(work, attempt) if _is_sending(move)]
    return _asked(work, question, attempt) > max(sent, default=0)


def was_asked_after_claim(work: Work, question: Question, attempt: PayoutAttempt) -> bool:
    """Whether the question was asked after M-Pesa's word that the attempt failed."""
    claimed = [move.id for move in _history(work, attempt) if move.at == attempt.claimed_at]
    return bool(claimed) and _asked(work, question, attempt) > min(claimed)


def was_asked_after_open(work: Work, question: Question, attempt: PayoutAttempt) -> bool:
    """Whether the question was asked after M-Pesa last called the payment open, or two people took its failure back."""
    return _asked(work, question, attempt) > _last_open(work, attempt)


def was_claimed_after_open(work: Work, attempt: PayoutAttempt) -> bool:
    """Whether M-Pesa's word about the attempt came after that."""
    claimed = [move.id for move in _history(work, attempt) if move.at == attempt.claimed_at]
    return not (last := _last_open(work, attempt)) or max(claimed, default=0) > last


def questions_since_paid(work: Work, attempt: PayoutAttempt) -> tuple[int, datetime | None]:
    """How many questions were asked since the attempt was booked as paid, and when the last of them or that was."""
    lines = _history(work, attempt)
    paid = [move for move in lines if move.new == AttemptStatus.PAID.value != move.old]
    if not paid:
        return 0, None
    asked = [move for move in lines if move.why == ASKED and move.id > paid[-1].id]
    return len(asked), (asked or paid)[-1].at


def _last_open(work: Work, attempt: PayoutAttempt) -> int:
    return max((move.id for move in _history(work, attempt) if _is_open(move)), default=0)


def _is_open(move: PayoutMove) -> bool:
    taken_back = (move.old, move.new) == (AttemptStatus.FAILED.value, AttemptStatus.UNKNOWN.value)
    return taken_back or move.why.startswith(MAY_STILL_PAY)


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
