"""Who is known here: a snapshot of tokens, devices and societies in memory, renewed after each
change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from callback_relay.database import Connection
from callback_relay.protocol.encoding import from_moment
from callback_relay.protocol.tag import token_hash

RETIRED_TOKEN_LIVES = timedelta(days=30)
ACTIVE = "active"
REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class Token:
    """One callback token, by its hash. Late results still come to a retired one."""

    tenant: str
    public_id: str
    purpose: str
    retired_at: datetime | None

    def is_dead(self, now: datetime) -> bool:
        """Whether its time after retirement is over."""
        return self.retired_at is not None and now - self.retired_at > RETIRED_TOKEN_LIVES


@dataclass(frozen=True, slots=True)
class Device:
    """One paired computer."""

    id: str
    tenant: str
    name: str
    key: Ed25519PublicKey
    is_active: bool


@dataclass(frozen=True, slots=True)
class Directory:
    """Tokens by hash and devices by id. A look-up by hash takes the same time for a hit and a
    miss."""

    tokens: Mapping[bytes, Token]
    devices: Mapping[str, Device]

    def live_token(self, token: str, now: datetime) -> Token | None:
        """The token as it came in a path, unless it is unknown or dead."""
        found = self.tokens.get(token_hash(token))
        return None if found is None or found.is_dead(now) else found

    @classmethod
    def load(cls, connection: Connection) -> Directory:
        """Read the snapshot."""
        tokens = {
            bytes(hashed): Token(
                tenant, public_id, purpose, from_moment(retired, "retired_at") if retired else None
            )
            for hashed, tenant, public_id, purpose, retired in connection.execute(
                "SELECT hash, tenant, public_id, purpose, retired_at FROM token"
            )
        }
        devices = {
            device_id: Device(
                device_id, tenant, name, Ed25519PublicKey.from_public_bytes(key), state == ACTIVE
            )
            for device_id, tenant, name, key, state in connection.execute(
                "SELECT id, tenant, name, sign_pub, state FROM device"
            )
        }
        return cls(tokens, devices)
