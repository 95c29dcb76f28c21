"""Reads the feeds of the relays into the books: fetch, take in slice by slice, and tell the relay what it may
forget.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from callback_relay.protocol.chain import Position
from callback_relay.protocol.checkpoint import SignedText
from callback_relay.protocol.page import OpenedEntry, VerifiedPage
from sacco_desktop.domain.errors import SaccoError
from sacco_desktop.gateways.relay.client import RelayClient
from sacco_desktop.gateways.relay.errors import Diverged, FeedNotVerified, Pruned
from sacco_desktop.operations.news_reading import read_entry, read_news
from sacco_desktop.operations.office import Office
from sacco_desktop.services.feed import damaged_entries, relay_feed, relay_gaps
from sacco_desktop.services.feed.damaged_entries import FoundDamaged
from sacco_desktop.services.feed.relay_feed import FeedSlice, Retry
from sacco_desktop.services.relays import relays
from sacco_desktop.services.relays.relays import Place, RelayRow, RelayTrouble

# What one transaction may take, so that a person's write always goes next: so much of anything, or five times as many
# payments to the paybill, which go in together.
_SLICE, _OF_A_PAYMENT, _OF_ANYTHING = 100, 1, 5
# Entries asked for at once.
_PAGE = 200


@dataclass(frozen=True, slots=True)
class SyncOutcome:
    """What a round over all relays did. `trouble` is empty when every relay in use was read to its head."""

    taken: int
    parked: int
    trouble: str

    @property
    def words(self) -> str:
        """One line for the job's history."""
        said = f"{self.taken} taken in, {self.parked} parked"
        return f"{said}. {self.trouble}" if self.trouble else f"{said}."


async def sync_all(office: Office) -> SyncOutcome:
    """Read every relay to its head. Never waits for news, so that a payment about to go out need not wait either."""
    taken = parked = 0
    troubles: list[str] = []
    async with office.feed_lock:
        for row in await office.relays():
            try:
                done = await _read_to_head(office, row)
            except SaccoError as trouble:
                # Away, revoked or not proven: it is written down at that relay, and the others are read all the same.
                office.read_to_head.discard(row.relay_id)
                if row.is_used:
                    troubles.append(trouble.message)
                await office.write(relays.note_trouble, RelayTrouble(row.relay_id, trouble.message))
                if isinstance(trouble, FeedNotVerified):
                    await _keep_damaged(office, row.relay_id, trouble)
                continue
            taken, parked = taken + done[0], parked + done[1]
    return SyncOutcome(taken, parked, " ".join(troubles))


async def _keep_damaged(office: Office, relay_id: int, trouble: FeedNotVerified) -> None:
    """The raw bytes of the entry at which the feed stands, for the people who may skip it."""
    damaged = trouble.damaged
    if damaged is not None:
        found = FoundDamaged(
            relay_id, _place(damaged.place), trouble.reason, damaged.header, damaged.box
        )
        await office.write(damaged_entries.keep, found)


async def _read_to_head(office: Office, row: RelayRow) -> tuple[int, int]:
    client = office.relay(row)
    place = Position(row.epoch, row.sequence, row.chain_hash)
    taken, parked, limit = 0, 0, _PAGE
    while True:
        try:
            page = await _fetch(office, row, client, place, limit)
        except FeedNotVerified:
            # A page is proven as a whole. Smaller ones end before the entry that is not what it must be, so what came
            # before it need not wait behind it.
            if limit == 1:
                raise
            limit //= 2
            continue
        if isinstance(page, Position):
            await _resume_at(office, row, place, page)
            place = page
            continue
        done = await _take_in(office, row.relay_id, place, page)
        taken, parked = taken + done[0], parked + done[1]
        place = page.next
        if not page.more:
            break
    office.read_to_head.add(row.relay_id)
    if taken:
        await client.acknowledge(place)
    return taken, parked


async def _fetch(
    office: Office, row: RelayRow, client: RelayClient, place: Position, limit: int
) -> VerifiedPage | Position:
    """The next page, or the place to resume at when the relay was restored or has pruned what we had not read."""
    try:
        return await client.fetch(place, limit=limit)
    except Diverged:
        # The last signed checkpoint proves to a relay that does not know it that it was restored.
        points = await office.read(relays.points, row.relay_id)
        signed = SignedText.from_message(json.loads(row.checkpoint)) if row.checkpoint else None
        return await client.locate([_position(point) for point in points], signed)
    except Pruned as gone:
        return gone.tail


async def _resume_at(office: Office, row: RelayRow, old: Position, new: Position) -> None:
    """Move the position to where the relay's feed and ours meet; what may have been lost between is a gap."""
    await office.write(relay_gaps.open_gap, row.relay_id)
    piece = FeedSlice(row.relay_id, _place(old), (), _place(new), row.checkpoint, is_head=False)
    await office.write(relay_feed.take_in, piece)


async def _take_in(
    office: Office, relay_id: int, after: Position, page: VerifiedPage
) -> tuple[int, int]:
    taken = parked = 0
    pieces = slices(page.entries)
    for number, piece in enumerate(pieces or [()], 1):
        end = piece[-1].position if piece else page.next
        is_last = number == max(len(pieces), 1)
        done = await office.write(
            relay_feed.take_in,
            _slice(relay_id, after, piece, end, page, is_head=is_last and not page.more),
        )
        if done.was_stale:
            break
        after, taken, parked = end, taken + done.applied + done.parked, parked + done.parked
    return taken, parked


def slices(entries: Sequence[OpenedEntry]) -> list[Sequence[OpenedEntry]]:
    """The entries of a page in the pieces that go into one transaction each."""
    found: list[list[OpenedEntry]] = []
    room = 0
    for entry in entries:
        cost = _OF_A_PAYMENT if entry.kind == "c2b-confirm" else _OF_ANYTHING
        if not found or cost > room:
            found.append([])
            room = _SLICE
        found[-1].append(entry)
        room -= cost
    return [*found]


def _slice(
    relay_id: int,
    after: Position,
    entries: Sequence[OpenedEntry],
    end: Position,
    page: VerifiedPage,
    *,
    is_head: bool,
) -> FeedSlice:
    return FeedSlice(
        relay_id,
        _place(after),
        tuple(read_entry(entry) for entry in entries),
        _place(end),
        json.dumps(page.signed.as_message()),
        is_head,
    )


def _position(place: Place) -> Position:
    return Position(place.epoch, place.sequence, place.chain_hash)


def _place(position: Position) -> Place:
    return Place(position.epoch, position.sequence, position.chain_hash)


async def retry_parked(office: Office) -> int:
    """Try every parked entry again; returns how many of them no longer wait."""
    waiting = await office.read(relay_feed.list_parked, None)
    for entry in waiting:
        try:
            await office.write(
                relay_feed.retry, Retry(entry.entry_id, read_news(entry.kind, entry.body))
            )
        except SaccoError:
            # Somebody dealt with it meanwhile, which is what this is for.
            continue
    return len(waiting) - len(await office.read(relay_feed.list_parked, None))
