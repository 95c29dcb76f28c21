"""The rows of attempts: which a payout has, and writing the next one, in SENDING, before anything goes out."""

from __future__ import annotations

from sqlalchemy import bindparam, insert, select

from sacco_desktop.db.standing import Change, Lookup
from sacco_desktop.db.tables import PayoutAttempt
from sacco_desktop.domain.payouts import AttemptStatus
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.payouts.payout_moves import load_attempt

_STATES = Lookup(
    select(PayoutAttempt.id, PayoutAttempt.status)
    .where(PayoutAttempt.payout_id == bindparam("payout_id"))
    .order_by(PayoutAttempt.number)
)
_WRITE = Change(
    insert(PayoutAttempt)
    .values(
        payout_id=bindparam("payout_id"),
        number=bindparam("number"),
        originator_conversation_id=bindparam("originator_conversation_id"),
        b2c_version=bindparam("b2c_version"),
        relay_id=bindparam("relay_id"),
        tag=bindparam("tag"),
        status=AttemptStatus.SENDING.value,
        reason="",
        claim="",
        claim_code="",
        claim_words="",
        not_found_answers=0,
        times_sent=bindparam("times_sent"),
        questions_asked=0,
        sent_by=bindparam("sent_by"),
        first_sent_at=bindparam("sent_at"),
        last_sent_at=bindparam("sent_at"),
        version=1,
    )
    .returning(PayoutAttempt.id)
)


def states_of(work: Work, payout_id: int) -> list[tuple[int, str]]:
    """The id and the status of each attempt of a payout, in their order."""
    return _STATES.rows(work.session, payout_id=payout_id)


def write(work: Work, **columns: object) -> PayoutAttempt:
    """Write an attempt with these columns; the actor sends it now unless they say otherwise."""
    given = {"sent_by": work.actor.user_id, "sent_at": work.now, **columns}
    return load_attempt(work, _WRITE.make_numbered(work.session, **given))
