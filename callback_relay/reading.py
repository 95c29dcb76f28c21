"""Reading feeds on a connection that cannot write: pages, places, the last common point and the
state of a feed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from callback_relay.database import Connection
from callback_relay.protocol.chain import Cursor, Position
from callback_relay.protocol.page import RawEntry


class Standing(Enum):
    """Where a cursor lies in relation to a feed."""

    IN_FEED = auto()
    DIVERGED = auto()
    PRUNED = auto()


@dataclass(frozen=True, slots=True)
class Ends:
    """Both ends of what is kept of a feed: the place before the oldest entry and the place of the
    newest."""

    tail: Position
    head: Position


class OutOfFeed(Exception):
    """A cursor that does not lie in the feed as it is kept."""

    def __init__(self, standing: Standing, ends: Ends) -> None:
        super().__init__(standing.name)
        self.standing = standing
        self.ends = ends


@dataclass(frozen=True, slots=True)
class PageRead:
    """Entries after a cursor, the place after them, and whether more are kept."""

    entries: tuple[RawEntry, ...]
    end: Position
    more: bool


@contextmanager
def one_view(connection: Connection) -> Iterator[None]:
    """Everything read inside belongs to one moment."""
    connection.execute("BEGIN")
    try:
        yield
    finally:
        connection.execute("ROLLBACK")


def ends_of(connection: Connection, tenant: str) -> Ends:
    """Both ends of a feed."""
    row = connection.execute(
        "SELECT epoch, seq, h, tail_epoch, tail_seq, tail_h FROM tenant WHERE id = ?", (tenant,)
    ).fetchone()
    return Ends(Position(row[3], row[4], bytes(row[5])), Position(row[0], row[1], bytes(row[2])))


def place_of(
    connection: Connection, tenant: str, cursor: Cursor, ends: Ends
) -> Position | Standing:
    """The full position of a cursor, or how it lies outside. A number alone proves nothing: the
    hash must fit."""
    if cursor.sequence > ends.head.sequence:
        return Standing.DIVERGED
    if cursor.sequence < ends.tail.sequence:
        return Standing.PRUNED
    place = ends.tail
    if cursor.sequence > ends.tail.sequence:
        epoch, chain_hash = connection.execute(
            "SELECT epoch, h FROM entry WHERE tenant = ? AND seq = ?", (tenant, cursor.sequence)
        ).fetchone()
        place = Position(epoch, cursor.sequence, bytes(chain_hash))
    if place.epoch != cursor.epoch or not cursor.fits(place.chain_hash):
        return Standing.DIVERGED
    return place


def read_page(
    connection: Connection, tenant: str, cursor: Cursor, limit: int, max_bytes: int
) -> PageRead:
    """Entries after the cursor, as many as fit and at least one; raises OutOfFeed."""
    with one_view(connection):
        ends = ends_of(connection, tenant)
        place = place_of(connection, tenant, cursor, ends)
        if isinstance(place, Standing):
            raise OutOfFeed(place, ends)
        entries: list[RawEntry] = []
        size = 0
        rows = connection.execute(
            "SELECT epoch, seq, h, hdr, box FROM entry WHERE tenant = ? AND seq > ?"
            " ORDER BY seq LIMIT ?",
            (tenant, cursor.sequence, limit),
        )
        for epoch, sequence, chain_hash, header, box in rows:
            size += (len(header) + len(box)) * 4 // 3 + 20
            if entries and size > max_bytes:
                break
            entries.append(RawEntry(bytes(header), bytes(box)))
            place = Position(epoch, sequence, bytes(chain_hash))
        return PageRead(tuple(entries), place, place.sequence < ends.head.sequence)


def last_common(connection: Connection, tenant: str, cursors: Sequence[Cursor]) -> Cursor | None:
    """The first of the cursors that lies in the feed; they come newest first."""
    with one_view(connection):
        ends = ends_of(connection, tenant)
        for cursor in cursors:
            if isinstance(place_of(connection, tenant, cursor, ends), Position):
                return cursor
        return None


def feed_state(connection: Connection, tenant: str) -> tuple[Ends, dict[str, Any]]:
    """Ends of the feed, and devices, tokens and epochs as a message."""
    with one_view(connection):
        ends = ends_of(connection, tenant)
        devices = [
            {
                "id": row[0],
                "name": row[1],
                "state": row[2],
                "last_seen": row[3],
                "unread": ends.head.sequence - max(row[4], ends.tail.sequence),
            }
            for row in connection.execute(
                "SELECT id, name, state, last_seen, ack_seq FROM device"
                " WHERE tenant = ? ORDER BY created",
                (tenant,),
            )
        ]
        tokens = [
            {"id": row[0], "purpose": row[1], "created": row[2], "retired_at": row[3]}
            for row in connection.execute(
                "SELECT public_id, purpose, created, retired_at FROM token WHERE tenant = ?"
                " ORDER BY created, public_id",
                (tenant,),
            )
        ]
        row = connection.execute("SELECT last_at FROM tenant WHERE id = ?", (tenant,)).fetchone()
        message = {
            "tenant": tenant,
            "epoch": ends.head.epoch,
            "head": str(ends.head.cursor),
            "tail": str(ends.tail.cursor),
            "last_entry_at": row[0] or None,
            "devices": devices,
            "tokens": tokens,
        }
        return ends, message
