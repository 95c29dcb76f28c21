"""The writer's side of all feeds: the next number, the seal, the chain and the row, inside one
transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey

from callback_relay.database import Connection
from callback_relay.protocol.box import seal
from callback_relay.protocol.chain import Position, link
from callback_relay.protocol.encoding import to_moment
from callback_relay.protocol.messages import Envelope, Header


@dataclass(slots=True)
class _Head:
    """The end of one feed as the running transaction sees it. `dirty` means that the tenant's row
    is behind."""

    position: Position
    key_id: str | None
    key: X25519PublicKey | None
    last_at: str = ""
    dirty: bool = False


class Feeds:
    """Appends to feeds on the writing connection. Heads are kept in memory and written once per
    group commit."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.touched: set[str] = set()
        self._heads: dict[str, _Head] = {}

    def append(self, tenant: str, envelope: Envelope, at: datetime) -> Position:
        """Seal an envelope to the society's inbox key and make it the next entry of its feed."""
        head = self._head(tenant)
        if head.key is None:
            raise LookupError(
                "a society without an inbox key has no tokens, so nothing can come in"
            )
        header = self._next_header(tenant, head, at, key_id=head.key_id)
        return self._store(tenant, head, header, at, seal(head.key, header, envelope.encode()))

    def append_system(self, tenant: str, message: Mapping[str, Any], at: datetime) -> Position:
        """Let the relay itself tell something; this makes the feed the society's audit log as
        well."""
        head = self._head(tenant)
        return self._store(
            tenant, head, self._next_header(tenant, head, at, system=message), at, b""
        )

    def open_epoch(self, tenant: str, epoch: int, message: Mapping[str, Any], at: datetime) -> None:
        """Begin a new epoch with its first entry, which says why and from where it goes on."""
        head = self._head(tenant)
        place = head.position
        told = {"type": "epoch", "parent": str(place.cursor), **message}
        self.connection.execute(
            "INSERT INTO epoch VALUES (?,?,?,?,?,?,?)",
            (
                tenant,
                epoch,
                place.sequence + 1,
                place.chain_hash,
                message["reason"],
                *message["window"],
            ),
        )
        head.position = Position(epoch, place.sequence, place.chain_hash)
        self.append_system(tenant, told, at)

    def head(self, tenant: str) -> Position:
        """The end of a feed."""
        return self._head(tenant).position

    def last_entry_at(self, tenant: str) -> str:
        """When the newest entry was taken in."""
        return self._head(tenant).last_at

    def flush(self) -> None:
        """Write the heads of all feeds that grew."""
        for tenant, head in self._heads.items():
            if head.dirty:
                place = head.position
                self.connection.execute(
                    "UPDATE tenant SET epoch = ?, seq = ?, h = ?, last_at = ? WHERE id = ?",
                    (place.epoch, place.sequence, place.chain_hash, head.last_at, tenant),
                )
                head.dirty = False

    def forget(self) -> None:
        """Drop what memory holds after a rollback or a change of keys; the rows say what is
        true."""
        self._heads.clear()

    def _head(self, tenant: str) -> _Head:
        head = self._heads.get(tenant)
        if head is None:
            row = self.connection.execute(
                "SELECT epoch, seq, h, last_at FROM tenant WHERE id = ?", (tenant,)
            ).fetchone()
            key = self.connection.execute(
                "SELECT kid, pub FROM inbox_key WHERE tenant = ?"
                " ORDER BY from_seq DESC, rowid DESC LIMIT 1",
                (tenant,),
            ).fetchone()
            head = _Head(
                Position(row[0], row[1], bytes(row[2])),
                key[0] if key else None,
                X25519PublicKey.from_public_bytes(key[1]) if key else None,
                row[3],
            )
            self._heads[tenant] = head
        return head

    def _next_header(
        self,
        tenant: str,
        head: _Head,
        at: datetime,
        *,
        key_id: str | None = None,
        system: Mapping[str, Any] | None = None,
    ) -> bytes:
        place = head.position
        return Header(tenant, place.epoch, place.sequence + 1, at, key_id, system).encode()

    def _store(self, tenant: str, head: _Head, header: bytes, at: datetime, box: bytes) -> Position:
        before = head.position
        chain_hash = link(before.chain_hash, header, box)
        head.position = Position(before.epoch, before.sequence + 1, chain_hash)
        head.last_at = to_moment(at)
        head.dirty = True
        self.touched.add(tenant)
        self.connection.execute(
            "INSERT INTO entry (tenant, epoch, seq, at, hdr, h, box) VALUES (?,?,?,?,?,?,?)",
            (tenant, before.epoch, before.sequence + 1, head.last_at, header, chain_hash, box),
        )
        return head.position
