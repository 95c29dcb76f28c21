"""The relay's signed word about a place in a feed: it cannot later deny what it showed, nor show
others another feed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from callback_relay.protocol.chain import Position
from callback_relay.protocol.encoding import (
    Malformed,
    from_base64,
    from_moment,
    list_field,
    text_field,
    to_base64,
    to_moment,
)

_LABEL = "callback-relay/v1 "
_TIME_LABEL = "callback-relay/v1 time\n"


class NotSigned(Exception):
    """No signature by a pinned relay key was found, or it does not fit the text."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """At `time`, entry `position.sequence` of the tenant's feed had this epoch and this hash."""

    origin: str
    tenant: str
    position: Position
    time: datetime

    def text(self) -> str:
        """The text that is signed, last newline included."""
        place = self.position
        lines = (
            _LABEL + self.origin,
            self.tenant,
            str(place.epoch),
            str(place.sequence),
            to_base64(place.chain_hash),
            to_moment(self.time),
        )
        return "\n".join(lines) + "\n"

    @classmethod
    def parse(cls, text: str) -> Checkpoint:
        """Read a checkpoint whose signature has been verified."""
        lines = text.split("\n")
        if len(lines) != 7 or lines[6] or not lines[0].startswith(_LABEL):
            raise Malformed("this is not a checkpoint")
        chain_hash = from_base64(lines[4], "the hash of the checkpoint")
        numbers = (lines[2], lines[3])
        if len(chain_hash) != 32 or not all(_is_number(number) for number in numbers):
            raise Malformed("this is not a checkpoint")
        position = Position(int(lines[2]), int(lines[3]), chain_hash)
        return cls(lines[0][len(_LABEL) :], lines[1], position, from_moment(lines[5], "its time"))


@dataclass(frozen=True, slots=True)
class SignedText:
    """A text with one signature for each relay key in use; during a change of key there are two."""

    text: str
    signatures: Mapping[str, bytes]

    def as_message(self) -> dict[str, Any]:
        """The form in which it travels."""
        sigs = [{"key": key, "sig": to_base64(sig)} for key, sig in self.signatures.items()]
        return {"text": self.text, "sigs": sigs}

    @classmethod
    def from_message(cls, message: Mapping[str, Any]) -> SignedText:
        """Read that form; nothing is verified yet."""
        signatures: dict[str, bytes] = {}
        for item in list_field(message, "sigs"):
            if not isinstance(item, dict):
                raise Malformed("a signature is not an object")
            signatures[text_field(item, "key")] = from_base64(item.get("sig"), "a signature")
        return cls(text_field(message, "text", longest=2000), signatures)

    def verify(self, relay_keys: Mapping[str, Ed25519PublicKey]) -> str:
        """The text, once a pinned key has signed it. A pinned key whose signature is wrong is
        refused at once."""
        found = False
        for key_id, key in relay_keys.items():
            signature = self.signatures.get(key_id)
            if signature is None:
                continue
            try:
                key.verify(signature, self.text.encode())
            except InvalidSignature as error:
                raise NotSigned("the relay's signature does not fit") from error
            found = True
        if not found:
            raise NotSigned("no key of this relay that we know has signed this")
        return self.text


def sign_checkpoint(checkpoint: Checkpoint, keys: Mapping[str, Ed25519PrivateKey]) -> SignedText:
    """Sign a checkpoint with every key of the relay that is in use."""
    return sign_text(checkpoint.text(), keys)


def verify_checkpoint(
    signed: SignedText, relay_keys: Mapping[str, Ed25519PublicKey], tenant: str
) -> Checkpoint:
    """The checkpoint, if a pinned key signed it and it speaks of this tenant; NotSigned or
    Malformed if not."""
    checkpoint = Checkpoint.parse(signed.verify(relay_keys))
    if checkpoint.tenant != tenant:
        raise NotSigned("the checkpoint speaks of another tenant")
    return checkpoint


def sign_text(text: str, keys: Mapping[str, Ed25519PrivateKey]) -> SignedText:
    """Sign any text of the relay; each kind of text begins with a label of its own."""
    return SignedText(text, {key_id: key.sign(text.encode()) for key_id, key in keys.items()})


def time_text(origin: str, now: datetime, request_signature: str) -> str:
    """What the relay signs to correct a wrong clock. The request's own signature is in it, so that
    an old answer cannot be played again."""
    return f"{_TIME_LABEL}{origin}\n{to_moment(now)}\n{request_signature}\n"


def read_time_text(text: str, request_signature: str) -> datetime:
    """The relay's time out of a verified text; NotSigned when it answers another request."""
    lines = text.removeprefix(_TIME_LABEL).split("\n")
    if not text.startswith(_TIME_LABEL) or len(lines) != 4 or lines[2] != request_signature:
        raise NotSigned("the signed time answers another request")
    return from_moment(lines[1], "the time of the relay")


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 15
