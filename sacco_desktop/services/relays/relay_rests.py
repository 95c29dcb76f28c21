"""Letting a relay rest that cannot be reached, so that sending goes on through the others; a person's decision."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from sacco_desktop.db.tables import Relay, RelayRest
from sacco_desktop.domain.errors import InvalidInput, NotFound, WrongState
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.books import audit
from sacco_desktop.services.books.work import Topic, Work

# How the audit names it.
LET_REST = "let a relay rest"


@dataclass(frozen=True, slots=True)
class LetRest:
    """Let this relay rest, and why."""

    relay_id: int
    reason: str


@dataclass(frozen=True, slots=True)
class Waking:
    """Take this relay back into use."""

    relay_id: int


def rest_of(work: Work, relay_id: int) -> RelayRest | None:
    """The rest that lasts, or None while the relay is in use."""
    return work.session.scalar(
        select(RelayRest).where(RelayRest.relay_id == relay_id, RelayRest.until.is_(None))
    )


def let_rest(work: Work, given: LetRest) -> None:
    """Send without this relay from now on. Its feed is still read when it answers. Raises InvalidInput, WrongState.

    What was laid down only there is not known to sending, which is why no program decides this and one relay stays.
    """
    work.allow(Act.SETTLE_PAYOUT)
    relay = _load(work, given.relay_id)
    if not given.reason.strip():
        raise InvalidInput("Write why it rests, and who is told.", "reason")
    if rest_of(work, relay.id) is not None:
        raise WrongState(f"{relay.name} rests already.")
    others = [
        row.id
        for row in work.session.scalars(select(Relay).where(Relay.is_active, Relay.id != relay.id))
        if rest_of(work, row.id) is None
    ]
    if not others:
        raise WrongState(
            f"{relay.name} is the only relay in use. Without one, M-Pesa's results would be lost, so it cannot rest."
        )
    work.session.add(
        RelayRest(
            relay_id=relay.id,
            since=work.now,
            rested_by=work.actor.user_id,
            reason=given.reason.strip(),
        )
    )
    # Only what is read from now on counts when it is taken back into use; no clock is asked when that was.
    relay.read_to_head_at = None
    work.session.flush()
    audit.record(work, LET_REST, relay.name, {"why": given.reason.strip()})
    work.changed(Topic.RELAYS, Topic.PAYOUTS)


def wake(work: Work, given: Waking) -> None:
    """Take a relay back into use, once its feed has been read to its head again. Raises WrongState."""
    work.allow(Act.SETTLE_PAYOUT)
    relay, rest = _load(work, given.relay_id), rest_of(work, given.relay_id)
    if rest is None:
        raise WrongState(f"{relay.name} is in use already.")
    if relay.trouble or relay.read_to_head_at is None:
        raise WrongState(f"{relay.name} has not been read to its end since it rests. Try again.")
    rest.until, rest.woken_by = work.now, work.actor.user_id
    work.session.flush()
    audit.record(work, "took a relay back into use", relay.name)
    work.changed(Topic.RELAYS, Topic.PAYOUTS)


def _load(work: Work, relay_id: int) -> Relay:
    relay = work.session.get(Relay, relay_id)
    if relay is None or not relay.is_active:
        raise NotFound("There is no such relay.")
    return relay
