"""Verifying a page of the feed: the only way from what a relay sent to entries that the books may
act on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from callback_relay.protocol.box import BoxNotOpened, unseal
from callback_relay.protocol.chain import Position, link
from callback_relay.protocol.checkpoint import Checkpoint, NotSigned, SignedText, verify_checkpoint
from callback_relay.protocol.encoding import (
    Malformed,
    from_base64,
    list_field,
    object_field,
    text_field,
    to_base64,
)
from callback_relay.protocol.messages import NOTE_KIND, SYSTEM_KIND, Envelope, Header
from callback_relay.protocol.note import open_note


@dataclass(frozen=True, slots=True)
class FeedKeys:
    """What a device needs to verify its feed. `inbox` maps key ids to private keys, old ones
    included."""

    tenant: str
    relay: Mapping[str, Ed25519PublicKey] = field(repr=False)
    inbox: Mapping[str, X25519PrivateKey] = field(repr=False)
    tag_key: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class RawEntry:
    """One entry as it travels."""

    header: bytes
    box: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class FeedPage:
    """One answer of the feed as it travels; nothing in it is verified. The checkpoint speaks of the
    page's end."""

    tenant: str
    entries: tuple[RawEntry, ...]
    more: bool
    checkpoint: SignedText

    def as_message(self, end: Position) -> dict[str, Any]:
        """The form in which it travels, with the cursor of its end for people who read along."""
        entries = [{"h": to_base64(e.header), "b": to_base64(e.box)} for e in self.entries]
        return {
            "tenant": self.tenant,
            "epoch": end.epoch,
            "entries": entries,
            "next": str(end.cursor),
            "more": self.more,
            "checkpoint": self.checkpoint.as_message(),
        }

    @classmethod
    def from_message(cls, message: Mapping[str, Any]) -> FeedPage:
        """Read that form."""
        entries = []
        for item in list_field(message, "entries"):
            if not isinstance(item, dict):
                raise Malformed("an entry is not an object")
            header = from_base64(item.get("h"), "a header")
            entries.append(RawEntry(header, from_base64(item.get("b"), "a box")))
        signed = SignedText.from_message(object_field(message, "checkpoint"))
        return cls(
            text_field(message, "tenant"), tuple(entries), message.get("more") is True, signed
        )


@dataclass(frozen=True, slots=True)
class OpenedEntry:
    """A verified entry. `position` names it in the feed, `header` and `box` are kept as received.

    For kind `system` the relay speaks and `system` holds what it says; for kind `note` the body is
    what a device laid down and the tag is the note's id; otherwise the body is the callback's
    untouched bytes.
    """

    position: Position
    at: datetime
    header: bytes = field(repr=False)
    box: bytes = field(repr=False)
    envelope: Envelope
    system: Mapping[str, Any] | None = None

    @property
    def kind(self) -> str:
        """What sort of entry this is."""
        return self.envelope.kind

    @property
    def tag(self) -> str | None:
        """The tag of our request that this answers, or a note's id."""
        return self.envelope.tag

    @property
    def body(self) -> bytes:
        """The callback as Safaricom sent it, or the content of a note."""
        return self.envelope.body


@dataclass(frozen=True, slots=True)
class VerifiedPage:
    """Entries that may be acted on, in order and without a gap, and the place after them."""

    entries: tuple[OpenedEntry, ...]
    next: Position
    more: bool
    checkpoint: Checkpoint
    signed: SignedText = field(repr=False)


class EntryNotVerified(Exception):
    """The feed stops here: an entry, or the page around it, is not what it must be.

    `sequence` names the first bad entry (the one after the position when the page as a whole is
    bad) and `reason` says what is wrong. `good` are the entries before it, if the relay's signature
    covers them; they may be applied, and `good_until` is the place after them. Nothing after may
    be, until a person has looked.
    """

    def __init__(
        self,
        sequence: int,
        reason: str,
        good: tuple[OpenedEntry, ...] = (),
        good_until: Position | None = None,
    ) -> None:
        super().__init__(f"entry {sequence} of the relay's feed is not verified: {reason}")
        self.sequence = sequence
        self.reason = reason
        self.good = good
        self.good_until = good_until


def verify_page(page: FeedPage, *, after: Position, keys: FeedKeys) -> VerifiedPage:
    """Verify a page that follows the position `after`, and open its entries.

    First the chain from the full hash of `after` through every header, then the relay's signature
    over the hash at the page's end, and only then the boxes: nothing is opened that the relay has
    not signed for. Raises EntryNotVerified.
    """
    first = after.sequence + 1
    if page.tenant != keys.tenant:
        raise EntryNotVerified(first, "the page belongs to another tenant")
    places = _follow_chain(page.entries, after, keys.tenant)
    end = places[-1][1] if places else after
    checkpoint = _verified_end(page.checkpoint, keys, first, end)
    opened: list[OpenedEntry] = []
    for raw, (header, position) in zip(page.entries, places, strict=True):
        try:
            opened.append(_open(raw, header, position, keys))
        except (BoxNotOpened, Malformed) as error:
            good_until = opened[-1].position if opened else after
            raise EntryNotVerified(
                position.sequence, str(error), tuple(opened), good_until
            ) from error
    return VerifiedPage(tuple(opened), end, page.more, checkpoint, page.checkpoint)


def _follow_chain(
    entries: tuple[RawEntry, ...], after: Position, tenant: str
) -> list[tuple[Header, Position]]:
    places: list[tuple[Header, Position]] = []
    previous = after
    for raw in entries:
        sequence = previous.sequence + 1
        try:
            header = Header.decode(raw.header)
        except Malformed as error:
            raise EntryNotVerified(sequence, str(error)) from error
        _check_continuity(header, previous, tenant)
        previous = Position(header.epoch, sequence, link(previous.chain_hash, raw.header, raw.box))
        places.append((header, previous))
    return places


def _check_continuity(header: Header, previous: Position, tenant: str) -> None:
    sequence = previous.sequence + 1
    if header.tenant != tenant:
        raise EntryNotVerified(sequence, "its header names another tenant")
    if header.sequence != sequence:
        raise EntryNotVerified(
            sequence, f"its header says {header.sequence}, an entry is missing or repeated"
        )
    if header.epoch == previous.epoch:
        return
    told = header.system or {}
    is_opening = told.get("type") == "epoch" and told.get("parent") == str(previous.cursor)
    if header.epoch < previous.epoch or not is_opening:
        raise EntryNotVerified(sequence, "its epoch changes without saying why")


def _verified_end(signed: SignedText, keys: FeedKeys, first: int, end: Position) -> Checkpoint:
    try:
        checkpoint = verify_checkpoint(signed, keys.relay, keys.tenant)
    except (NotSigned, Malformed) as error:
        raise EntryNotVerified(first, str(error)) from error
    if checkpoint.position != end:
        raise EntryNotVerified(first, "the relay has signed for other entries than these")
    return checkpoint


def _open(raw: RawEntry, header: Header, position: Position, keys: FeedKeys) -> OpenedEntry:
    if header.system is not None:
        if raw.box:
            raise BoxNotOpened("a message of the relay itself carries a box")
        envelope = Envelope(kind=SYSTEM_KIND, body=b"")
        return OpenedEntry(position, header.at, raw.header, raw.box, envelope, header.system)
    inbox_key = keys.inbox.get(header.key_id or "")
    if inbox_key is None:
        raise BoxNotOpened(
            f"it is sealed to the key {header.key_id}, which this device does not hold"
        )
    envelope = Envelope.decode(unseal(inbox_key, raw.header, raw.box))
    if envelope.kind == SYSTEM_KIND:
        raise BoxNotOpened("a box claims to be a message of the relay itself")
    if envelope.kind == NOTE_KIND:
        content = open_note(inbox_key, keys.tag_key, keys.tenant, envelope.tag or "", envelope.body)
        envelope = replace(envelope, body=content)
    return OpenedEntry(position, header.at, raw.header, raw.box, envelope)
