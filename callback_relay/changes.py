"""Everything that changes what the relay keeps, apart from callbacks coming in. Each function runs
inside the writer's transaction and either completes or raises Refusal and leaves nothing."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from callback_relay.directory import ACTIVE, REVOKED, Device
from callback_relay.feeds import Feeds
from callback_relay.protocol.chain import Cursor, Position, genesis_hash
from callback_relay.protocol.encoding import to_moment
from callback_relay.protocol.messages import NOTE_KIND, Envelope
from callback_relay.protocol.problems import ProblemType
from callback_relay.reading import Standing, ends_of, place_of
from callback_relay.settings import Retention
from callback_relay.writer import Refusal

MOST_DEVICES = 20
MOST_TOKENS = 500
PRUNE_SLICE = 2000
_NAME_LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"


class Refused(Refusal):
    """A rule of the contract says no; the problem type tells the device which."""

    def __init__(self, problem: ProblemType, detail: str) -> None:
        super().__init__(detail)
        self.problem = problem
        self.detail = detail


class NotInFeed(Refusal):
    """A cursor that does not lie in the feed."""


def add_tenant(feeds: Feeds, label: str, now: datetime) -> str:
    """Take in a society under a label for the operator; return its id."""
    taken = feeds.connection.execute("SELECT 1 FROM tenant WHERE label = ?", (label,)).fetchone()
    if taken or not label.strip() or len(label) > 100:
        raise Refusal("the label is empty, too long or taken")
    tenant = "t_" + _random_name(10)
    start = genesis_hash(tenant)
    feeds.connection.execute(
        "INSERT INTO tenant"
        " (id, label, created, epoch, seq, h, last_at, tail_epoch, tail_seq, tail_h)"
        " VALUES (?,?,?,1,0,?,'',1,0,?)",
        (tenant, label, to_moment(now), start, start),
    )
    return tenant


@dataclass(frozen=True, slots=True)
class NewDevice:
    """What a desktop says of itself when it pairs."""

    name: str
    sign_pub: bytes = field(repr=False)
    inbox_id: str
    inbox_pub: bytes = field(repr=False)
    inbox_suite: str


def add_device(feeds: Feeds, tenant: str, new: NewDevice, now: datetime) -> str:
    """Enrol a paired computer, and take its inbox key into use if it is a new one; return the
    device's id."""
    connection = feeds.connection
    count = connection.execute(
        "SELECT count(*) FROM device WHERE tenant = ? AND state = ?", (tenant, ACTIVE)
    ).fetchone()[0]
    if count >= MOST_DEVICES:
        raise Refused(ProblemType.PRECONDITION, "the society has as many devices as it may have")
    device = "d_" + _random_name(12)
    connection.execute(
        "INSERT INTO device (id, tenant, name, sign_pub, state, created, last_seen)"
        " VALUES (?,?,?,?,?,?,?)",
        (device, tenant, new.name, new.sign_pub, ACTIVE, to_moment(now), to_moment(now)),
    )
    _use_inbox_key(feeds, tenant, new, now)
    feeds.append_system(tenant, {"type": "device-added", "device": device}, now)
    return device


def revoke_device(feeds: Feeds, device: str, now: datetime) -> None:
    """Stop accepting a device."""
    row = feeds.connection.execute("SELECT tenant FROM device WHERE id = ?", (device,)).fetchone()
    if row is None:
        raise Refusal("there is no such device")
    feeds.connection.execute("UPDATE device SET state = ? WHERE id = ?", (REVOKED, device))
    feeds.append_system(row[0], {"type": "device-removed", "device": device}, now)


def add_token(feeds: Feeds, tenant: str, purpose: str, token_hash: bytes, now: datetime) -> str:
    """Take a token's hash into use and return its public id. The same hash again returns the same
    id."""
    connection = feeds.connection
    row = connection.execute(
        "SELECT tenant, public_id FROM token WHERE hash = ?", (token_hash,)
    ).fetchone()
    if row is not None:
        if row[0] != tenant:
            raise Refused(ProblemType.PRECONDITION, "this token cannot be taken into use")
        return str(row[1])
    made = connection.execute("SELECT tokens_made FROM tenant WHERE id = ?", (tenant,)).fetchone()[
        0
    ]
    if made >= MOST_TOKENS:
        raise Refused(ProblemType.PRECONDITION, "the society has had as many tokens as it may have")
    public_id = f"tk_{made + 1:02d}"
    connection.execute("UPDATE tenant SET tokens_made = ? WHERE id = ?", (made + 1, tenant))
    connection.execute(
        "INSERT INTO token (hash, tenant, purpose, public_id, created) VALUES (?,?,?,?,?)",
        (token_hash, tenant, purpose, public_id, to_moment(now)),
    )
    told = {"type": "token-added", "token": public_id, "purpose": purpose}
    feeds.append_system(tenant, told, now)
    return public_id


def retire_token(feeds: Feeds, tenant: str, public_id: str, now: datetime) -> None:
    """Put a token on its way out. Doing it again changes nothing."""
    row = feeds.connection.execute(
        "SELECT retired_at FROM token WHERE tenant = ? AND public_id = ?", (tenant, public_id)
    ).fetchone()
    if row is None:
        raise Refused(ProblemType.NOT_FOUND, "there is no such token")
    if row[0] is None:
        feeds.connection.execute(
            "UPDATE token SET retired_at = ? WHERE tenant = ? AND public_id = ?",
            (to_moment(now), tenant, public_id),
        )
        feeds.append_system(tenant, {"type": "token-retired", "token": public_id}, now)


def acknowledge(feeds: Feeds, device: Device, cursor: Cursor, now: datetime) -> int:
    """Note that a device has stored everything up to the cursor; it never goes back. Returns the
    sequence noted."""
    feeds.flush()
    ends = ends_of(feeds.connection, device.tenant)
    place = place_of(feeds.connection, device.tenant, cursor, ends)
    if place is Standing.DIVERGED:
        raise NotInFeed("the cursor is not in this feed")
    feeds.connection.execute(
        "UPDATE device SET ack_seq = max(ack_seq, ?), last_seen = ? WHERE id = ?",
        (cursor.sequence, to_moment(now), device.id),
    )
    row = feeds.connection.execute(
        "SELECT ack_seq FROM device WHERE id = ?", (device.id,)
    ).fetchone()
    return int(row[0])


def touch_device(feeds: Feeds, device: str, now: datetime) -> None:
    """Note that a device was here, because only devices seen lately hold deletion back."""
    feeds.connection.execute(
        "UPDATE device SET last_seen = ? WHERE id = ?", (to_moment(now), device)
    )


@dataclass(frozen=True, slots=True)
class NewNote:
    """A note as it is laid down: sealed by the device, with a fingerprint that tells repeats from
    other notes."""

    id: str
    fingerprint: str
    sealed: bytes = field(repr=False)


def lay_down_note(feeds: Feeds, device: Device, note: NewNote, now: datetime) -> Position:
    """Append a note as an ordinary entry, once for each id; return its place."""
    connection, tenant = feeds.connection, device.tenant
    row = connection.execute(
        "SELECT fingerprint, epoch, seq, h FROM note WHERE tenant = ? AND id = ?", (tenant, note.id)
    ).fetchone()
    if row is not None:
        if row[0] != note.fingerprint:
            raise Refused(ProblemType.NOTE_REUSED, "another note was laid down under this id")
        return Position(row[1], row[2], bytes(row[3]))
    envelope = Envelope(kind=NOTE_KIND, body=note.sealed, tag=note.id, source=device.id)
    place = feeds.append(tenant, envelope, now)
    connection.execute(
        "INSERT INTO note VALUES (?,?,?,?,?,?)",
        (tenant, note.id, note.fingerprint, place.epoch, place.sequence, place.chain_hash),
    )
    return place


def open_epoch(feeds: Feeds, least: int, reason: str, now: datetime) -> int:
    """Begin a new epoch in every feed, with a number never used before and at least `least`; return
    the number.

    Its first entry names the window in which entries may be missing: from the last one kept until
    now.
    """
    connection = feeds.connection
    used = connection.execute("SELECT coalesce(max(epoch), 1) FROM tenant").fetchone()[0]
    number = int(max(used + 1, least))
    connection.execute(
        "INSERT INTO meta VALUES ('epoch', ?) ON CONFLICT (k) DO UPDATE SET v = excluded.v",
        (number,),
    )
    for (tenant,) in connection.execute("SELECT id FROM tenant").fetchall():
        window = [feeds.last_entry_at(tenant), to_moment(now)]
        feeds.open_epoch(tenant, number, {"reason": reason, "window": window}, now)
    return number


def prune(feeds: Feeds, tenant: str, retention: Retention, now: datetime) -> int:
    """Delete the oldest entries that need not be kept, at most a slice of them, and move the tail;
    return how many."""
    connection = feeds.connection
    feeds.flush()
    tail = ends_of(connection, tenant).tail
    counts_from = to_moment(now - retention.device_counts_for)
    acknowledged = connection.execute(
        "SELECT min(ack_seq) FROM device WHERE tenant = ? AND state = ? AND last_seen >= ?",
        (tenant, ACTIVE, counts_from),
    ).fetchone()[0]
    last = None
    for epoch, sequence, chain_hash, at in connection.execute(
        "SELECT epoch, seq, h, at FROM entry WHERE tenant = ? AND seq > ? ORDER BY seq LIMIT ?",
        (tenant, tail.sequence, PRUNE_SLICE),
    ):
        is_read = acknowledged is not None and sequence <= acknowledged
        age_needed = retention.acknowledged if is_read else retention.longest
        if at >= to_moment(now - age_needed):
            break
        last = Position(epoch, sequence, bytes(chain_hash))
    if last is None:
        return 0
    connection.execute("DELETE FROM entry WHERE tenant = ? AND seq <= ?", (tenant, last.sequence))
    connection.execute("DELETE FROM note WHERE tenant = ? AND seq <= ?", (tenant, last.sequence))
    connection.execute(
        "UPDATE tenant SET tail_epoch = ?, tail_seq = ?, tail_h = ? WHERE id = ?",
        (last.epoch, last.sequence, last.chain_hash, tenant),
    )
    return last.sequence - tail.sequence


def _use_inbox_key(feeds: Feeds, tenant: str, new: NewDevice, now: datetime) -> None:
    connection = feeds.connection
    known = connection.execute(
        "SELECT pub FROM inbox_key WHERE tenant = ? AND kid = ?", (tenant, new.inbox_id)
    ).fetchone()
    if known is not None:
        if bytes(known[0]) != new.inbox_pub:
            raise Refused(ProblemType.PRECONDITION, "another inbox key has this name")
        return
    from_sequence = feeds.head(tenant).sequence + 1
    connection.execute(
        "INSERT INTO inbox_key VALUES (?,?,?,?,?)",
        (tenant, new.inbox_id, new.inbox_suite, new.inbox_pub, from_sequence),
    )
    told: dict[str, Any] = {"type": "inbox-key", "kid": new.inbox_id}
    feeds.append_system(tenant, told, now)


def _random_name(length: int) -> str:
    return "".join(secrets.choice(_NAME_LETTERS) for _ in range(length))
