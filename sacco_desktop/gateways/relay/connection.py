"""Everything a desktop keeps about one relay: where it is, who we are there, and the keys. Private
keys stay out of every repr; the whole is stored as one secret in the keyring of the operating
system."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from callback_relay.protocol.encoding import (
    Malformed,
    from_base64,
    from_json,
    object_field,
    text_field,
    to_base64,
)
from callback_relay.protocol.page import FeedKeys


@dataclass(frozen=True, slots=True)
class SocietyKeys:
    """The secrets that all devices of a society share, and that the relay never learns.

    `inbox` maps key ids to X25519 private keys (32 bytes each, old ones included) and `current`
    names the one that the relay seals to. `tag_key` makes the tags of our requests and the proofs
    of our notes.
    """

    current: str
    inbox: Mapping[str, bytes] = field(repr=False)
    tag_key: bytes = field(repr=False)

    @classmethod
    def generate(cls) -> SocietyKeys:
        """Fresh keys for a society's first device."""
        key_id = "k" + secrets.token_hex(4)
        private = X25519PrivateKey.generate().private_bytes_raw()
        return cls(key_id, {key_id: private}, secrets.token_bytes(32))

    def current_inbox_key(self) -> X25519PrivateKey:
        """The private half of the key that the relay seals to."""
        return X25519PrivateKey.from_private_bytes(self.inbox[self.current])


@dataclass(frozen=True, slots=True)
class RelayConnection:
    """One pairing with one relay. `name` is the relay's own name, which its checkpoints carry."""

    name: str
    api_url: str
    callback_url: str
    tenant: str
    device_id: str
    device_key: bytes = field(repr=False)
    relay_keys: Mapping[str, bytes] = field(repr=False)
    society: SocietyKeys

    def signing_key(self) -> Ed25519PrivateKey:
        """The key with which this device signs its requests."""
        return Ed25519PrivateKey.from_private_bytes(self.device_key)

    def pinned_relay_keys(self) -> dict[str, Ed25519PublicKey]:
        """The relay's public keys as pinned at pairing."""
        return {
            key_id: Ed25519PublicKey.from_public_bytes(raw)
            for key_id, raw in self.relay_keys.items()
        }

    def feed_keys(self) -> FeedKeys:
        """What it takes to verify and open this society's feed."""
        inbox = {
            key_id: X25519PrivateKey.from_private_bytes(raw)
            for key_id, raw in self.society.inbox.items()
        }
        return FeedKeys(self.tenant, self.pinned_relay_keys(), inbox, self.society.tag_key)

    def to_secret(self) -> str:
        """One line of text for the keyring; it holds every private key, so it goes nowhere else."""
        message = {
            "v": 1,
            "name": self.name,
            "api": self.api_url,
            "callbacks": self.callback_url,
            "tenant": self.tenant,
            "device": self.device_id,
            "device_key": to_base64(self.device_key),
            "relay_keys": _encoded(self.relay_keys),
            "current": self.society.current,
            "inbox": _encoded(self.society.inbox),
            "tag_key": to_base64(self.society.tag_key),
        }
        return json.dumps(message, separators=(",", ":"))

    @classmethod
    def from_secret(cls, secret: str) -> RelayConnection:
        """Read what `to_secret` wrote; Malformed when it is not that."""
        message = from_json(secret.encode(), "the stored connection")
        if message.get("v") != 1:
            raise Malformed("the stored connection has an unknown version")
        society = SocietyKeys(
            text_field(message, "current"),
            _decoded(object_field(message, "inbox")),
            from_base64(message.get("tag_key"), "the tag key"),
        )
        return cls(
            name=text_field(message, "name"),
            api_url=text_field(message, "api"),
            callback_url=text_field(message, "callbacks"),
            tenant=text_field(message, "tenant"),
            device_id=text_field(message, "device"),
            device_key=from_base64(message.get("device_key"), "the device key"),
            relay_keys=_decoded(object_field(message, "relay_keys")),
            society=society,
        )


def _encoded(keys: Mapping[str, bytes]) -> dict[str, str]:
    return {key_id: to_base64(raw) for key_id, raw in keys.items()}


def _decoded(keys: Mapping[str, object]) -> dict[str, bytes]:
    return {key_id: from_base64(text, "a stored key") for key_id, text in keys.items()}
