"""One society's relay as the desktop uses it: every answer is verified before anybody sees it."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx

from callback_relay.protocol.chain import Cursor, Position
from callback_relay.protocol.checkpoint import (
    Checkpoint,
    NotSigned,
    SignedText,
    verify_checkpoint,
)
from callback_relay.protocol.encoding import Malformed, object_field, text_field, to_base64
from callback_relay.protocol.note import LONGEST_NOTE, note_fingerprint, seal_note
from callback_relay.protocol.page import EntryNotVerified, FeedPage, VerifiedPage, verify_page
from callback_relay.protocol.tag import callback_path, new_callback_token, request_tag, token_hash
from callback_relay.protocol.validation import Policy
from sacco_desktop.domain.errors import OutsideUnavailable
from sacco_desktop.gateways.relay.connection import RelayConnection
from sacco_desktop.gateways.relay.errors import DamagedBytes, FeedNotVerified, RelayNotProven
from sacco_desktop.gateways.relay.transport import CONNECT_SECONDS, Call, Transport, unreachable

SMALLEST_PAGE = 16 * 1024
USUAL_PAGE = 128 * 1024
LARGEST_PAGE = 1024 * 1024
MOST_POINTS = 64
_SUCCESSES_TO_GROW = 3


@dataclass(frozen=True, slots=True)
class NewToken:
    """A callback token. The token itself is a secret of ours; people and logs use the public id."""

    token: str = field(repr=False)
    public_id: str


@dataclass(frozen=True, slots=True)
class RelayStatus:
    """What the relay says about our feed. `head` is proven by its signature; `details` is its word
    alone."""

    head: Position
    time: datetime
    details: dict[str, Any]


@dataclass(frozen=True, slots=True)
class SelfTest:
    """One callback of our own went out over the internet and came back through the feed, verified.

    Times are seconds from the start: until the relay had accepted it, and until we had read it.
    """

    accepted_seconds: float
    fetched_seconds: float
    source: str | None
    was_listed: bool


class RelayClient:
    """Talks to one relay over one connection. Every method raises OutsideUnavailable for an outage.

    A definite refusal is a child of RelayRefused. The httpx client belongs to the caller, who also
    closes it.
    """

    def __init__(
        self, connection: RelayConnection, http: httpx.AsyncClient, now: Callable[[], datetime]
    ) -> None:
        self.connection = connection
        self._http = http
        self._now = now
        self._transport = Transport(connection, http, now)
        self._keys = connection.feed_keys()
        self._page_bytes = USUAL_PAGE
        self._successes = 0

    @property
    def clock_offset(self) -> timedelta:
        """How far the relay's clock is ahead of this computer's; more than a few minutes deserves a
        warning."""
        return self._transport.clock_offset

    def callback_address(self, kind: str, token: str, tag: str | None = None) -> str:
        """The address that Safaricom is told to post to."""
        return self.connection.callback_url + callback_path(kind, token, tag)

    def tag_for(self, kind: str, intent_id: str) -> str:
        """The tag of one request of ours; commit it with the intent before the request goes out."""
        host = urlsplit(self.connection.callback_url).netloc
        return request_tag(self.connection.society.tag_key, host, kind, intent_id)

    async def new_token(self, purpose: str) -> NewToken:
        """A new callback token. It is made here, and the relay is told only its hash."""
        token = new_callback_token()
        message = {"purpose": purpose, "hash": token_hash(token).hex()}
        answer = await self._transport.send(Call("POST", "/v1/tokens", message=message))
        return NewToken(token, self._text(answer, "id"))

    async def retire_token(self, public_id: str) -> None:
        """Replace a token: late callbacks are still taken for 30 days, and marked."""
        await self._transport.send(Call("DELETE", f"/v1/tokens/{public_id}"))

    async def fetch(
        self,
        after: Position,
        *,
        wait_seconds: int = 0,
        limit: int = 200,
        max_bytes: int | None = None,
    ) -> VerifiedPage:
        """The verified entries after a position; with `wait_seconds` (at most 55) the relay waits
        for one to come.

        An empty page is a proof of life: its checkpoint is fresh. Without `max_bytes` the size of a
        page follows the line: halved after a failure, doubled after three successes. Store entries,
        effects, `next` and `signed` in one transaction. Raises Diverged, Pruned and
        FeedNotVerified.
        """
        size = max_bytes or self._page_bytes
        search = urlencode({"after": str(after.cursor), "limit": limit, "max_bytes": size})
        try:
            answer = await self._transport.send(
                Call("GET", "/v1/feed", search, wait_seconds=wait_seconds)
            )
        except OutsideUnavailable:
            self._page_bytes, self._successes = max(SMALLEST_PAGE, self._page_bytes // 2), 0
            raise
        self._note_success()
        try:
            page = FeedPage.from_message(answer)
        except Malformed as error:
            raise unreachable(self._now()) from error
        try:
            return verify_page(page, after=after, keys=self._keys)
        except EntryNotVerified as error:
            raise FeedNotVerified.from_entry(error, self._damaged(page, after)) from error

    def _damaged(self, page: FeedPage, after: Position) -> DamagedBytes | None:
        """The entry of a page that holds no other, if the relay's signature names the place behind it: with that place
        the feed can be read on once people have skipped the entry.
        """
        if len(page.entries) != 1:
            return None
        try:
            signed = verify_checkpoint(page.checkpoint, self._keys.relay, self.connection.tenant)
        except (NotSigned, Malformed):
            return None
        if signed.position.sequence != after.sequence + 1 or signed.position.epoch < after.epoch:
            return None
        return DamagedBytes(page.entries[0].header, page.entries[0].box, signed.position)

    async def acknowledge(self, position: Position) -> None:
        """Allow the relay to delete what lies up to here; only after it has been stored with its
        effects."""
        message = {"cursor": str(position.cursor)}
        await self._transport.send(Call("PUT", "/v1/cursor", message=message))

    async def locate(
        self, points: Sequence[Position], checkpoint: SignedText | None = None
    ) -> Position:
        """The newest of our positions that the relay's feed also has, after Diverged.

        `points` are ours, newest first, at growing distances; the start of the feed is always
        added. `checkpoint` is the last one we stored: with it a relay that has not noticed its own
        restore finds out.
        """
        asked = [*points[: MOST_POINTS - 1], Position.start(self.connection.tenant)]
        message: dict[str, Any] = {"points": [str(point.cursor) for point in asked]}
        if checkpoint is not None:
            message["checkpoint"] = checkpoint.as_message()
        answer = await self._transport.send(Call("POST", "/v1/locate", message=message))
        common = self._text(answer, "common")
        for point in asked:
            if str(point.cursor) == common:
                return point
        raise RelayNotProven("The relay named a common point that we never read.")

    async def lay_down_note(self, note_id: str, content: bytes) -> Cursor:
        """Lay down a note in our own feed, at most 32 KiB, under an id of 32 hex digits; return its
        place.

        The relay cannot read, change or invent it. The same note again returns the first place;
        another one under the same id raises NoteReused. When this returns, the note is on the
        relay's disk and its signature says so.
        """
        if len(content) > LONGEST_NOTE:
            raise ValueError("a note has at most 32 KiB")
        tenant, society = self.connection.tenant, self.connection.society
        public = society.current_inbox_key().public_key()
        message = {
            "id": note_id,
            "fingerprint": note_fingerprint(society.tag_key, tenant, note_id, content),
            "note": to_base64(seal_note(public, society.tag_key, tenant, note_id, content)),
        }
        answer = await self._transport.send(Call("POST", "/v1/notes", message=message))
        proven = self._proven(answer)
        try:
            place = Cursor.parse(answer.get("cursor"))
        except Malformed as error:
            raise unreachable(self._now()) from error
        if proven.position.sequence < place.sequence:
            raise RelayNotProven("The relay did not sign for the note that it says it has stored.")
        return place

    async def set_validation(self, policy: Policy | None) -> None:
        """Let the relay refuse payments by these rules until they expire; without any it accepts every payment."""
        message = {} if policy is None else policy.as_message()
        await self._transport.send(Call("PUT", "/v1/validation", message=message))

    async def status(self) -> RelayStatus:
        """Head of the feed, tokens, devices and unread counts."""
        answer = await self._transport.send(Call("GET", "/v1/status"))
        proven = self._proven(answer)
        return RelayStatus(proven.position, proven.time, answer)

    async def self_test(self, token: str, *, patience_seconds: int = 30) -> SelfTest:
        """Post to our own public callback address and wait until it comes back, verified, through
        the feed.

        It reads from the head on its own and moves no cursor of the books.
        """
        place = (await self.status()).head
        tag = secrets.token_hex(16)
        began = time.monotonic()
        await self._post_callback(self.callback_address("selftest", token, tag))
        accepted = time.monotonic() - began
        while (left := patience_seconds - (time.monotonic() - began)) > 0:
            page = await self.fetch(place, wait_seconds=max(1, min(25, int(left))))
            for entry in page.entries:
                if entry.kind == "selftest" and entry.tag == tag:
                    seen = time.monotonic() - began
                    return SelfTest(accepted, seen, entry.envelope.source, entry.envelope.listed)
            place = page.next
        raise OutsideUnavailable(
            "relay",
            "Our own test callback was accepted but did not come back in time.",
            self._now(),
        )

    async def _post_callback(self, address: str) -> None:
        timeout = httpx.Timeout(10.0, connect=CONNECT_SECONDS)
        try:
            response = await self._http.post(address, content=b"{}", timeout=timeout)
        except httpx.HTTPError as error:
            raise unreachable(self._now()) from error
        if response.status_code != 200:
            raise OutsideUnavailable(
                "relay",
                f"The callback address answered {response.status_code} to our own test.",
                self._now(),
            )

    def _proven(self, answer: dict[str, Any]) -> Checkpoint:
        try:
            signed = SignedText.from_message(object_field(answer, "checkpoint"))
            return verify_checkpoint(signed, self._keys.relay, self.connection.tenant)
        except (Malformed, NotSigned) as error:
            raise RelayNotProven(
                "An answer of the relay is not signed by the relay we know."
            ) from error

    def _text(self, answer: dict[str, Any], name: str) -> str:
        try:
            return text_field(answer, name)
        except Malformed as error:
            raise unreachable(self._now()) from error

    def _note_success(self) -> None:
        self._successes += 1
        if self._successes >= _SUCCESSES_TO_GROW:
            self._page_bytes, self._successes = min(LARGEST_PAGE, self._page_bytes * 2), 0
