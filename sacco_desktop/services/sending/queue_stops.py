"""The sending queue stands still at the first sign that carrying on would do harm, until a person has looked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from sacco_desktop.db.standing import Lookup
from sacco_desktop.db.tables import QueueStop
from sacco_desktop.domain.errors import InvalidInput, QueueStopped
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.books import audit
from sacco_desktop.services.books.work import Topic, Work
from sacco_desktop.services.payouts import forgotten_payments


@dataclass(frozen=True, slots=True)
class Stop:
    """Why the queue stands still, and since when."""

    stop_id: int
    stopped_at: datetime
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Clearing:
    """What a person put right before the queue may go on."""

    stop_id: int
    words: str


_STANDING = Lookup(
    select(QueueStop.id, QueueStop.stopped_at, QueueStop.code, QueueStop.reason)
    .where(QueueStop.cleared_at.is_(None))
    .order_by(QueueStop.id)
    .limit(1)
)


def standing(work: Work, _nothing: None = None) -> Stop | None:
    """The stop in force, or None when payouts may be sent."""
    row = _STANDING.row(work.session)
    return None if row is None else Stop(*row)


def stop(work: Work, code: str, reason: str) -> None:
    """Stop the queue; a queue that stands already keeps its first reason and notes the next one."""
    work.session.add(QueueStop(stopped_at=work.now, code=code, reason=reason))
    work.session.flush()
    audit.record(work, "stopped sending", code, {"why": reason})
    work.changed(Topic.PAYOUTS)


def check_going(work: Work) -> None:
    """Raise QueueStopped with the reason while the queue stands still."""
    now_standing = standing(work)
    if now_standing is not None:
        raise QueueStopped(
            f"Sending stands still. {now_standing.reason} Nothing was sent."
            " A treasurer lets it go on from the Payouts page once that is put right."
        )


def clear(work: Work, clearing: Clearing) -> None:
    """Let the queue go on, with words on what was put right. All stops are cleared together.

    Raises WrongState while a payment that restored books forgot is not settled, SamePerson for who found one unpaid.
    """
    work.allow(Act.SETTLE_PAYOUT)
    if not clearing.words.strip():
        raise InvalidInput("Write what you put right.", "words")
    forgotten_payments.check_may_go_on(work)
    for row in work.session.scalars(select(QueueStop).where(QueueStop.cleared_at.is_(None))):
        row.cleared_at, row.cleared_by = work.now, work.actor.user_id
        row.clearing_words = clearing.words.strip()
    work.session.flush()
    audit.record(work, forgotten_payments.LET_GO_ON, "", {"why": clearing.words.strip()})
    work.changed(Topic.PAYOUTS)


# M-Pesa's codes for a refused user, password, certificate or role.
_ABOUT_OUR_USER = frozenset({"2001", "8006", "18", "20", "21", "22"})


def is_user_refused(work: Work, _nothing: None = None) -> bool:
    """Whether any stop in force, not only the first, is about our user; then asking anything more would lock it."""
    found = work.session.scalar(
        select(QueueStop.id)
        .where(QueueStop.cleared_at.is_(None), QueueStop.code.in_(_ABOUT_OUR_USER))
        .limit(1)
    )
    return found is not None
