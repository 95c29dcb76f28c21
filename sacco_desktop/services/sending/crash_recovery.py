"""What a start finds of a program that stopped while sending: a doubt, never a failure and never paid twice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select

from sacco_desktop.db.tables import AuditRow, Payout, PayoutAttempt
from sacco_desktop.domain.payouts import AttemptStatus
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.payouts.payout_moves import move_attempt


@dataclass(frozen=True, slots=True)
class Recovery:
    """What a start after a crash found: how many payments were under way, and when the last of them was written."""

    under_way: int
    stopped_at: datetime | None


# Far longer than any call may take, so what still says SENDING then is nobody's any more.
_LONGEST_CALL = timedelta(minutes=10)


def recover(work: Work, _nothing: None = None) -> Recovery:
    """At the start: every attempt left in SENDING is UNKNOWN from now on, and M-Pesa is asked about it first."""
    return _recover(work, PayoutAttempt.last_sent_at.is_not(None))


def recover_of_this_pc(work: Work, _nothing: None = None) -> Recovery:
    """The same where several PCs share the books: only what this one was sending, as the audit row of it says."""
    sending = work.session.execute(
        select(PayoutAttempt.id, Payout.number, PayoutAttempt.last_sent_at)
        .join(Payout, Payout.id == PayoutAttempt.payout_id)
        .where(PayoutAttempt.status == AttemptStatus.SENDING.value)
    ).all()
    mine = [row.id for row in sending if _sent_here(work, row.number, row.last_sent_at)]
    return _recover(work, PayoutAttempt.id.in_(mine))


def _sent_here(work: Work, payout_number: str, sent_at: datetime) -> bool:
    row = work.session.scalar(
        select(AuditRow.id)
        .where(
            AuditRow.subject == payout_number,
            AuditRow.at == sent_at,
            AuditRow.pc_name == work.pc_name,
        )
        .limit(1)
    )
    return row is not None


def recover_stale(work: Work, _nothing: None = None) -> Recovery:
    """While the program runs: the same for an attempt whose call must have ended long ago.

    One that lies far ahead was sent before the clock of the PC was put back; it must not wait until that day comes. A
    doubt too early does no harm: the answer of a call that still runs is kept all the same.
    """
    long_ago = PayoutAttempt.last_sent_at <= work.now - _LONGEST_CALL
    return _recover(work, long_ago | (PayoutAttempt.last_sent_at > work.now + _LONGEST_CALL))


def _recover(work: Work, which: ColumnElement[bool]) -> Recovery:
    work.allow(Act.FOLLOW_UP)
    found = work.session.scalars(
        select(PayoutAttempt).where(PayoutAttempt.status == AttemptStatus.SENDING.value, which)
    ).all()
    last = max((attempt.last_sent_at for attempt in found), default=None)
    for attempt in found:
        attempt.next_question_at = work.now
        move_attempt(
            work,
            attempt,
            AttemptStatus.UNKNOWN,
            "The program stopped while sending, so it is not known whether M-Pesa got the request.",
        )
    return Recovery(len(found), last)
