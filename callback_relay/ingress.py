"""The door for callbacks. Nothing is answered with 200 before it is on the disk, and nothing here
is ever logged.

It is a plain ASGI function because its answers must be exact to the byte and it carries all of the
load.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass

from starlette.types import Message, Receive, Scope, Send

from callback_relay.directory import Token
from callback_relay.protocol.messages import CALLBACK_KINDS, Envelope
from callback_relay.protocol.tag import is_hex_32
from callback_relay.protocol.validation import ACCEPTED as ACCEPTED_PAYMENT
from callback_relay.protocol.validation import judged
from callback_relay.relay import Relay
from callback_relay.writer import StoreBusy, StoreFailed

ACCEPTED = b'{"ResultCode":0,"ResultDesc":"Accepted"}'
VALIDATED = b'{"ResultCode":"0","ResultDesc":"Accepted"}'
_LONGEST_MARK = 200
# M-Pesa waits a few seconds, and a refusal that cannot be kept by then is none.
_JUDGING_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class _Address:
    """What a good path says."""

    token: Token
    kind: str
    tag: str | None


class _TooLarge(Exception):
    pass


class _Gone(Exception):
    """The caller hung up before the body was complete."""


class Ingress:
    """Takes callbacks in for all societies."""

    def __init__(self, relay: Relay) -> None:
        self._relay = relay

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request under /c/."""
        try:
            status, body = await self._answer(scope, receive)
        except _Gone:
            self._relay.counts["callbacks_gone"] += 1
            return
        self._relay.counts[f"callbacks_{status}"] += 1
        await _reply(send, status, body)

    async def _answer(self, scope: Scope, receive: Receive) -> tuple[int, bytes]:
        relay = self._relay
        if scope["method"] != "POST":
            return 405, b""
        address = self._address(scope["path"])
        if address is None:
            return 404, b""
        source = scope["client"][0] if scope.get("client") else ""
        listed = relay.sources.lists(source)
        if not listed and not await relay.turnstile.admits_callback(
            address.token.tenant, address.token.public_id, source
        ):
            return 429, b""
        try:
            async with asyncio.timeout(relay.settings.body_seconds):
                body = await _read_body(scope, receive, relay.settings.body_limit)
        except _TooLarge:
            return 413, b""
        except TimeoutError:
            return 503, b""
        envelope = _envelope(address, scope, body, source, listed)
        if address.kind == "c2b-validate":
            return 200, await self._judge(address, envelope)
        return await self._store(address, envelope)

    async def _judge(self, address: _Address, envelope: Envelope) -> bytes:
        """What is accepted is not kept, for its confirmation follows; what is refused is, so that
        somebody can call the member. Whoever is not Safaricom learns nothing here."""
        relay = self._relay
        policy = relay.policies.get(address.token.tenant) if envelope.listed else None
        answer = judged(policy, envelope.body, relay.settings.now())
        if answer == ACCEPTED_PAYMENT:
            return VALIDATED
        try:
            async with asyncio.timeout(_JUDGING_SECONDS):
                status, _body = await self._store(address, envelope)
        except TimeoutError:
            status = 503
        if status != 200:
            return VALIDATED
        relay.counts["validations_refused"] += 1
        return json.dumps(answer, separators=(",", ":")).encode()

    def _address(self, path: str) -> _Address | None:
        parts = path.split("/")
        if len(parts) not in (4, 5) or not is_hex_32(parts[2]) or parts[3] not in CALLBACK_KINDS:
            return None
        tag = parts[4] if len(parts) == 5 else None
        if tag is not None and not is_hex_32(tag):
            return None
        token = self._relay.directory.live_token(parts[2], self._relay.settings.now())
        return None if token is None else _Address(token, parts[3], tag)

    async def _store(self, address: _Address, envelope: Envelope) -> tuple[int, bytes]:
        tenant, at = address.token.tenant, self._relay.settings.now()
        try:
            await self._relay.append(
                lambda feeds: feeds.append(tenant, envelope, at), weight=len(envelope.body)
            )
        except (StoreBusy, StoreFailed):
            return 503, b""
        return 200, ACCEPTED


def _envelope(address: _Address, scope: Scope, body: bytes, source: str, listed: bool) -> Envelope:
    marks = {b"content-type": "", b"user-agent": ""}
    for name, value in scope["headers"]:
        if name in marks:
            marks[name] = value.decode("latin-1")[:_LONGEST_MARK]
    return Envelope(
        kind=address.kind,
        body=body,
        tag=address.tag,
        token=address.token.public_id,
        retiring=address.token.retired_at is not None,
        source=source,
        listed=listed,
        content_type=marks[b"content-type"],
        user_agent=marks[b"user-agent"],
    )


async def _read_body(scope: Scope, receive: Receive, limit: int) -> bytes:
    """The raw bytes, whatever they are. A stated length over the limit is refused without
    reading."""
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit() and int(value) > limit:
            raise _TooLarge
    chunks: list[bytes] = []
    size = 0
    while True:
        message: Message = await receive()
        if message["type"] == "http.disconnect":
            raise _Gone
        chunk = message.get("body", b"")
        size += len(chunk)
        if size > limit:
            raise _TooLarge
        chunks.append(chunk)
        if not message.get("more_body", False):
            return b"".join(chunks)


async def _reply(send: Send, status: int, body: bytes) -> None:
    headers = [(b"content-length", str(len(body)).encode())]
    if body:
        headers.append((b"content-type", b"application/json"))
    if status == 405:
        headers.append((b"allow", b"POST"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
