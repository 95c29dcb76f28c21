"""The hash chain that ties each entry of a feed to the one before, and the position in it."""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass

from callback_relay.protocol.encoding import Malformed

_CURSOR = re.compile(r"c1\.(\d{1,9})\.(\d{1,15})\.([0-9a-f]{32})", re.ASCII)


def genesis_hash(tenant: str) -> bytes:
    """The hash before the first entry of a tenant's feed."""
    return hashlib.sha256(f"callback-relay/v1 genesis\n{tenant}\n".encode()).digest()


def link(previous: bytes, header: bytes, box: bytes) -> bytes:
    """The hash of an entry: it covers the hash before it, the header bytes and the box bytes."""
    parts = hashlib.sha256(header).digest() + hashlib.sha256(box).digest()
    return hashlib.sha256(b"\x01" + previous + parts).digest()


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in a feed as it travels: epoch, sequence and half of the hash, so that a restored
    relay cannot pass other entries off under numbers that were read before."""

    epoch: int
    sequence: int
    half_hash: bytes

    def __str__(self) -> str:
        return f"c1.{self.epoch}.{self.sequence}.{self.half_hash.hex()}"

    @classmethod
    def parse(cls, text: object) -> Cursor:
        """Read a cursor; anything that is not exactly one is Malformed."""
        match = _CURSOR.fullmatch(text) if isinstance(text, str) else None
        if match is None:
            raise Malformed("this is not a cursor")
        return cls(int(match[1]), int(match[2]), bytes.fromhex(match[3]))

    def fits(self, chain_hash: bytes) -> bool:
        """Whether the hash at this place is the one the cursor was made from."""
        return hmac.compare_digest(self.half_hash, chain_hash[:16])


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a feed as it is kept: epoch, sequence and the full hash that the next entry must
    link to."""

    epoch: int
    sequence: int
    chain_hash: bytes

    @property
    def cursor(self) -> Cursor:
        """The same place as it travels."""
        return Cursor(self.epoch, self.sequence, self.chain_hash[:16])

    @classmethod
    def start(cls, tenant: str) -> Position:
        """Before the first entry of the feed."""
        return cls(1, 0, genesis_hash(tenant))
