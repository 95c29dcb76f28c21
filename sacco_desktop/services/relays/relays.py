"""The relays of this office: where their feeds are read from, and how far they have been read."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select

from sacco_desktop.db.tables import Relay, RelayEntry, RelayRest
from sacco_desktop.domain.errors import InvalidInput, NotFound, WrongState
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.books import audit
from sacco_desktop.services.books.work import Topic, Work

# So many of the newest places are named one by one, because most restores lose only the last few minutes.
_CLOSE_POINTS = 10


@dataclass(frozen=True, slots=True)
class NewRelay:
    """A relay that this office has just been paired with, and the start of its feed."""

    name: str
    api_url: str
    callback_url: str
    host: str
    tenant: str
    token: str = field(repr=False)
    epoch: int
    sequence: int
    chain_hash: bytes


@dataclass(frozen=True, slots=True)
class RelayRow:
    """A relay with our position in its feed. `trouble` is empty while all is well."""

    relay_id: int
    name: str
    api_url: str
    callback_url: str
    host: str
    tenant: str
    token: str = field(repr=False)
    epoch: int
    sequence: int
    chain_hash: bytes
    checkpoint: str
    read_to_head_at: datetime | None
    trouble: str
    rests_since: datetime | None = None
    rest_reason: str = ""

    @property
    def is_used(self) -> bool:
        """Whether payments go out by it; nobody lets it rest."""
        return self.rests_since is None


@dataclass(frozen=True, slots=True)
class RelayTrouble:
    """A relay cannot be reached or does not prove itself; empty words mean that it is well again."""

    relay_id: int
    words: str


def add(work: Work, new: NewRelay) -> int:
    """Write a relay down; it is used from now on, beside those that are there already."""
    work.allow(Act.MANAGE_CONNECTIONS)
    check_new(work, new.name)
    relay = Relay(
        name=new.name,
        api_url=new.api_url,
        callback_url=new.callback_url,
        host=new.host,
        tenant=new.tenant,
        token=new.token,
        epoch=new.epoch,
        sequence=new.sequence,
        chain_hash=new.chain_hash,
    )
    work.session.add(relay)
    work.session.flush()
    audit.record(work, "enrolled at a relay", new.name)
    work.changed(Topic.RELAYS)
    return relay.id


def check_new(work: Work, name: str) -> None:
    """Whether the actor may enrol at a relay of this name. Raises InvalidInput under `name`, or WrongState."""
    work.allow(Act.MANAGE_CONNECTIONS)
    if not name.strip():
        raise InvalidInput("Give the relay a name that people here know it by.", "name")
    if work.session.scalar(select(Relay.id).where(Relay.name == name)) is not None:
        raise WrongState(f"This office is enrolled at {name} already.")


def list_relays(work: Work, _nothing: None = None) -> tuple[RelayRow, ...]:
    """The relays of this office, the first one enrolled first; those at rest are among them."""
    rows = work.session.scalars(select(Relay).where(Relay.is_active).order_by(Relay.id))
    resting = {
        rest.relay_id: rest
        for rest in work.session.scalars(select(RelayRest).where(RelayRest.until.is_(None)))
    }
    return tuple(
        RelayRow(
            row.id,
            row.name,
            row.api_url,
            row.callback_url,
            row.host,
            row.tenant,
            row.token,
            row.epoch,
            row.sequence,
            row.chain_hash,
            row.checkpoint or "",
            row.read_to_head_at,
            row.trouble,
            resting[row.id].since if row.id in resting else None,
            resting[row.id].reason if row.id in resting else "",
        )
        for row in rows
    )


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a relay's feed: epoch, sequence, and the hash that the next entry must link to."""

    epoch: int
    sequence: int
    chain_hash: bytes


def points(work: Work, relay_id: int) -> tuple[Place, ...]:
    """Places of a feed that we have read, newest first and ever further apart, to find the last common one by."""
    found = work.session.execute(
        select(RelayEntry.epoch, RelayEntry.sequence, RelayEntry.hash)
        .where(RelayEntry.relay_id == relay_id)
        .order_by(RelayEntry.sequence.desc(), RelayEntry.epoch.desc())
    ).all()
    chosen, step = [], 1
    at = 0
    while at < len(found):
        chosen.append(Place(found[at].epoch, found[at].sequence, found[at].hash))
        at, step = at + step, step * 2 if len(chosen) > _CLOSE_POINTS else 1
    return tuple(chosen)


def note_trouble(work: Work, trouble: RelayTrouble) -> None:
    """Keep in words what is wrong with a relay, or that nothing is."""
    relay = work.session.get(Relay, trouble.relay_id)
    if relay is None:
        raise NotFound("There is no such relay.")
    if relay.trouble != trouble.words:
        relay.trouble = trouble.words
        work.changed(Topic.RELAYS)
