"""What a paired device can ask for, one function a request."""

from __future__ import annotations

import asyncio
import re

from starlette.requests import Request
from starlette.responses import Response

from callback_relay import changes, pairings
from callback_relay.answers import Problem, good, place_problem, problem
from callback_relay.database import Connection
from callback_relay.device_requests import DeviceRequest, read_body
from callback_relay.feeds import Feeds
from callback_relay.protocol.chain import Cursor, Position
from callback_relay.protocol.checkpoint import Checkpoint, NotSigned, SignedText, verify_checkpoint
from callback_relay.protocol.encoding import (
    Malformed,
    from_base64,
    list_field,
    object_field,
    text_field,
    to_base64,
    to_json,
    to_moment,
)
from callback_relay.protocol.page import FeedPage
from callback_relay.protocol.problems import ProblemType
from callback_relay.protocol.request_signature import RELAY_VERSION
from callback_relay.protocol.tag import is_hex_32
from callback_relay.protocol.validation import Policy
from callback_relay.reading import (
    OutOfFeed,
    PageRead,
    Standing,
    ends_of,
    feed_state,
    last_common,
    place_of,
    read_page,
)
from callback_relay.relay import Relay
from callback_relay.writer import Refusal, StoreBusy, StoreFailed

LONGEST_WAIT = 55
MOST_ENTRIES = 500
USUAL_ENTRIES = 200
USUAL_BYTES = 128 * 1024
LARGEST_BYTES = 4 * 1024 * 1024
MOST_POINTS = 64
LARGEST_SEALED_NOTE = 64 * 1024
_PURPOSE = re.compile(r"[a-z0-9][a-z0-9-]{0,29}", re.ASCII)
_HASH = re.compile(r"[0-9a-f]{64}", re.ASCII)
_WAIT = re.compile(r"wait=(\d{1,4})", re.ASCII)


async def discover(relay: Relay) -> Response:
    """Who this relay is; the only answer besides pairing that anybody gets."""
    settings = relay.settings
    return good(
        relay,
        {
            "versions": [RELAY_VERSION],
            "min_client": "1.0",
            "relay": settings.name,
            "keys": relay.keys.public(),
            "time": to_moment(settings.now()),
            "limits": {"body": settings.body_limit, "entries": MOST_ENTRIES, "wait": LONGEST_WAIT},
            "retention": {
                "acked_days": settings.retention.acknowledged.days,
                "max_days": settings.retention.longest.days,
            },
        },
    )


async def pair(relay: Relay, request: Request) -> Response:
    """Enrol a computer that knows a pairing code. Every failure looks the same."""
    source = request.client.host if request.client else ""
    try:
        if not await relay.turnstile.admits_pairing(source):
            raise Problem(ProblemType.RATE)
        asked = pairings.PairingRequest.parse(await read_body(request))
        now = relay.settings.now()
        answer = await relay.change(
            lambda feeds: pairings.pair(
                feeds,
                relay.keys,
                asked,
                lambda t, d: _introduction(relay, t, d, feeds.head(t)),
                now,
            )
        )
        if answer is None:
            raise Problem(ProblemType.PAIRING_REFUSED)
    except Problem as error:
        return problem(relay, error)
    except Malformed as error:
        return problem(relay, Problem(ProblemType.MALFORMED, str(error)))
    except changes.Refused as error:
        return problem(relay, Problem(error.problem, error.detail))
    except (Refusal, StoreBusy, StoreFailed):
        return problem(relay, Problem(ProblemType.BUSY))
    return good(relay, {"payload": to_base64(answer.payload), "mac": answer.proof})


def _introduction(relay: Relay, tenant: str, device: str, head: Position) -> bytes:
    """What a freshly paired device is told about us; the bytes leave only after the commit."""
    return to_json(
        {
            "tenant": tenant,
            "device_id": device,
            "relay": relay.settings.name,
            "relay_keys": relay.keys.public(),
            "callback_url": relay.public_url,
            "checkpoint": relay.checkpoint(tenant, head).as_message(),
        }
    )


async def feed(relay: Relay, asked: DeviceRequest) -> Response:
    """Entries after a cursor, or a wait for them. The checkpoint speaks of the page's end, so every
    page is signed."""
    options = asked.http.query_params
    cursor = Cursor.parse(options.get("after"))
    limit = _bounded(options.get("limit"), USUAL_ENTRIES, MOST_ENTRIES)
    max_bytes = _bounded(options.get("max_bytes"), USUAL_BYTES, LARGEST_BYTES)
    tenant = asked.device.tenant
    relay.counts["feed_requests"] += 1
    relay.note_visit(asked.device.id)
    until = asyncio.get_running_loop().time() + _wait_seconds(asked.http)
    with relay.waiting.seat(tenant, asked.device.id) as seat:
        while True:
            seat.grown.clear()
            page = await _page(relay, tenant, cursor, limit, max_bytes)
            left = until - asyncio.get_running_loop().time()
            if page.entries or left <= 0 or seat.is_over:
                break
            try:
                async with asyncio.timeout(left):
                    await seat.grown.wait()
            except TimeoutError:
                break
    signed = relay.checkpoint(tenant, page.end)
    return good(relay, FeedPage(tenant, page.entries, page.more, signed).as_message(page.end))


async def acknowledge(relay: Relay, asked: DeviceRequest) -> Response:
    """The device has stored everything up to a cursor."""
    cursor = Cursor.parse(asked.message.get("cursor"))
    now = relay.settings.now()
    noted = await relay.change(lambda feeds: changes.acknowledge(feeds, asked.device, cursor, now))
    return good(relay, {"acknowledged": noted})


async def locate(relay: Relay, asked: DeviceRequest) -> Response:
    """The newest of the device's positions that this feed has too.

    If the device shows a checkpoint that we signed ourselves and that our feed does not fit, we
    were rolled back without noticing: that is proof, and a new epoch is opened for everybody.
    """
    points = list_field(asked.message, "points")
    if len(points) > MOST_POINTS:
        raise Malformed("too many points")
    cursors = [Cursor.parse(point) for point in points]
    tenant = asked.device.tenant
    if "checkpoint" in asked.message:
        await _heed_proof(relay, asked)
    common = await relay.read(last_common, tenant, cursors)
    if common is None:
        ends = await relay.read(ends_of, tenant)
        raise place_problem(relay, ProblemType.PRUNED, tenant, ends)
    return good(relay, {"common": str(common)})


async def status(relay: Relay, asked: DeviceRequest) -> Response:
    """State of the society's feed, tokens and devices."""
    tenant = asked.device.tenant
    ends, message = await relay.read(feed_state, tenant)
    signed = relay.checkpoint(tenant, ends.head)
    return good(relay, {**message, "checkpoint": signed.as_message()})


async def add_token(relay: Relay, asked: DeviceRequest) -> Response:
    """Take a token into use. The device made it and tells only its hash: we first see it when a
    callback comes."""
    purpose, hashed = text_field(asked.message, "purpose"), text_field(asked.message, "hash")
    if not _PURPOSE.fullmatch(purpose) or not _HASH.fullmatch(hashed):
        raise Malformed("a token needs a purpose and its hash")
    now, tenant = relay.settings.now(), asked.device.tenant
    public_id = await relay.change(
        lambda feeds: changes.add_token(feeds, tenant, purpose, bytes.fromhex(hashed), now)
    )
    return good(relay, {"id": public_id})


async def retire_token(relay: Relay, asked: DeviceRequest) -> Response:
    """Put a token on its way out."""
    now, tenant = relay.settings.now(), asked.device.tenant
    public_id = str(asked.http.path_params["token"])
    await relay.change(lambda feeds: changes.retire_token(feeds, tenant, public_id, now))
    return good(relay, {"id": public_id})


async def set_validation(relay: Relay, asked: DeviceRequest) -> Response:
    """What this society wants refused from now on; an empty message lets everything be accepted."""
    tenant = asked.device.tenant
    if not asked.message:
        relay.policies.pop(tenant, None)
    else:
        relay.policies[tenant] = Policy.from_message(asked.message)
    return good(relay, {"is_set": tenant in relay.policies})


async def lay_down_note(relay: Relay, asked: DeviceRequest) -> Response:
    """Append a note of the device to its own feed; the answer proves that it is on the disk."""
    note_id = text_field(asked.message, "id")
    fingerprint = text_field(asked.message, "fingerprint")
    sealed = from_base64(asked.message.get("note"), "the note")
    if not is_hex_32(note_id) or not _HASH.fullmatch(fingerprint):
        raise Malformed("a note needs an id of 32 and a fingerprint of 64 hex digits")
    if len(sealed) > LARGEST_SEALED_NOTE:
        raise Problem(ProblemType.TOO_LARGE)
    note = changes.NewNote(note_id, fingerprint, sealed)
    now, device = relay.settings.now(), asked.device
    place = await relay.change(lambda feeds: changes.lay_down_note(feeds, device, note, now))
    signed = relay.checkpoint(device.tenant, place)
    return good(relay, {"cursor": str(place.cursor), "checkpoint": signed.as_message()})


async def _page(relay: Relay, tenant: str, cursor: Cursor, limit: int, max_bytes: int) -> PageRead:
    try:
        return await relay.read(read_page, tenant, cursor, limit, max_bytes)
    except OutOfFeed as error:
        is_pruned = error.standing is Standing.PRUNED
        relay.counts["pruned" if is_pruned else "diverged"] += 1
        kind = ProblemType.PRUNED if is_pruned else ProblemType.DIVERGED
        raise place_problem(relay, kind, tenant, error.ends) from error


async def _heed_proof(relay: Relay, asked: DeviceRequest) -> None:
    tenant = asked.device.tenant
    signed = SignedText.from_message(object_field(asked.message, "checkpoint"))
    own_keys = {key_id: key.public_key() for key_id, key in relay.keys.signing.items()}
    try:
        shown = verify_checkpoint(signed, own_keys, tenant)
    except NotSigned:
        return
    if not await relay.read(_is_contradicted, tenant, shown):
        return
    now = relay.settings.now()
    least = max(shown.position.epoch, relay.highest_epoch()) + 1

    def begin(feeds: Feeds) -> int:
        # Two devices may show the same proof at once; one epoch is enough.
        if not _is_contradicted(feeds.connection, tenant, shown):
            return 0
        return changes.open_epoch(feeds, least, "rollback", now)

    number = await relay.change(begin)
    if number:
        relay.tell_epoch(number, "a device holds our signature for entries that we lack")


def _is_contradicted(connection: Connection, tenant: str, shown: Checkpoint) -> bool:
    """Whether our feed does not fit a checkpoint of ours. One of an older epoch beyond its end has
    been explained."""
    ends = ends_of(connection, tenant)
    if shown.position.epoch < ends.head.epoch:
        return False
    place = place_of(connection, tenant, shown.position.cursor, ends)
    return place is Standing.DIVERGED


def _bounded(text: str | None, usual: int, most: int) -> int:
    if text is None:
        return usual
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise Malformed("a limit is not a number")
    return max(1, min(int(text), most))


def _wait_seconds(request: Request) -> int:
    match = _WAIT.search(request.headers.get("prefer", ""))
    return min(int(match[1]), LONGEST_WAIT) if match else 0
