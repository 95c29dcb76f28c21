"""A gap in a relay's feed: it no longer holds what we had read, or what we had still to read, so news may be lost."""

from __future__ import annotations

from sqlalchemy import select

from sacco_desktop.db.tables import PayoutAttempt, Relay
from sacco_desktop.domain.errors import NotFound
from sacco_desktop.domain.payouts import AttemptStatus
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.books.work import Topic, Work
from sacco_desktop.services.sending import queue_stops


def open_gap(work: Work, relay_id: int) -> None:
    """Ask M-Pesa about every open payment at once, and stop the queue until a person has compared with the statement.

    Written before the position moves on: a crash in between tells of the gap twice, never not at all.
    """
    work.allow(Act.FOLLOW_UP)
    relay = work.session.get(Relay, relay_id)
    if relay is None:
        raise NotFound("There is no such relay.")
    waiting = (AttemptStatus.ACCEPTED.value, AttemptStatus.UNKNOWN.value)
    for attempt in work.session.scalars(
        select(PayoutAttempt).where(PayoutAttempt.status.in_(waiting))
    ):
        attempt.next_question_at = work.now
    queue_stops.stop(
        work,
        "relay gap",
        f"The relay {relay.name} was restored from a copy or has forgotten entries, so news from M-Pesa may be lost."
        " M-Pesa is asked about every open payment. Compare the days since with M-Pesa's statement.",
    )
    work.changed(Topic.RELAYS, Topic.PAYOUTS)
