"""Signed requests to a relay and the translation of everything that can go wrong with one into our
errors."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import httpx

from callback_relay.protocol.chain import Cursor, Position
from callback_relay.protocol.checkpoint import NotSigned, SignedText, read_time_text
from callback_relay.protocol.encoding import (
    Malformed,
    from_base64,
    from_json,
    object_field,
    text_field,
    to_json,
)
from callback_relay.protocol.problems import ProblemType
from callback_relay.protocol.request_signature import Request, sign_request
from sacco_desktop.domain.errors import OutsideUnavailable
from sacco_desktop.gateways.relay.connection import RelayConnection
from sacco_desktop.gateways.relay.errors import (
    Diverged,
    NoteReused,
    PairingRefused,
    Pruned,
    RelayNotProven,
    RelayRefused,
    Revoked,
)

SERVICE = "relay"
CONNECT_SECONDS = 10.0
ANSWER_SECONDS = 20.0
_DEFAULT_PAUSE = timedelta(seconds=30)
_LONGEST_PAUSE_SECONDS = 3600
_SIMPLE_REFUSALS: dict[str, tuple[type[RelayRefused], str]] = {
    ProblemType.REVOKED: (
        Revoked,
        "This computer's access to the relay has been revoked. Pair it again with a new code.",
    ),
    ProblemType.UNKNOWN_DEVICE: (
        Revoked,
        "The relay does not know this computer. Pair it again with a new code.",
    ),
    ProblemType.BAD_SIGNATURE: (
        Revoked,
        "The relay did not accept this computer's signature. Pair it again with a new code.",
    ),
    ProblemType.PAIRING_REFUSED: (
        PairingRefused,
        "The relay did not accept the pairing code: it is wrong, used or expired. Ask for another.",
    ),
    ProblemType.DIVERGED: (
        Diverged,
        "The relay's records do not continue where ours end; it may come from an old backup.",
    ),
    ProblemType.NOTE_REUSED: (
        NoteReused,
        "Another note already stands at the relay under this number.",
    ),
}


@dataclass(frozen=True, slots=True)
class Call:
    """One request to the relay. `search` is the finished part after the question mark."""

    method: str
    path: str
    search: str = ""
    message: Mapping[str, Any] | None = None
    wait_seconds: int = 0


class Transport:
    """Signs and sends requests for one connection, and keeps how far this computer's clock is
    off."""

    def __init__(
        self, connection: RelayConnection, http: httpx.AsyncClient, now: Callable[[], datetime]
    ) -> None:
        self._connection = connection
        self._http = http
        self._now = now
        self.clock_offset = timedelta(0)

    async def send(self, call: Call) -> dict[str, Any]:
        """The relay's answer. A wrong clock is corrected once, by the relay's signed time.

        Raises OutsideUnavailable, a child of RelayRefused, or RelayNotProven.
        """
        headers = self._signed_headers(call)
        response = await self._request(call, headers)
        if _problem_name(response) == ProblemType.CLOCK_SKEW:
            self._correct_clock(response, headers["Signature"])
            response = await self._request(call, self._signed_headers(call))
        return read_answer(response, self._now())

    def _signed_headers(self, call: Call) -> dict[str, str]:
        body = None if call.message is None else to_json(call.message)
        authority = urlsplit(self._connection.api_url).netloc
        request = Request(call.method, authority, call.path, call.search, body)
        key = self._connection.signing_key()
        moment = self._now() + self.clock_offset
        headers = sign_request(request, self._connection.device_id, key, moment)
        if call.wait_seconds:
            headers["Prefer"] = f"wait={call.wait_seconds}"
        return headers

    async def _request(self, call: Call, headers: dict[str, str]) -> httpx.Response:
        url = self._connection.api_url + call.path + (f"?{call.search}" if call.search else "")
        content = None if call.message is None else to_json(call.message)
        timeout = httpx.Timeout(ANSWER_SECONDS + call.wait_seconds, connect=CONNECT_SECONDS)
        try:
            return await self._http.request(
                call.method, url, content=content, headers=headers, timeout=timeout
            )
        except httpx.HTTPError as error:
            raise unreachable(self._now()) from error

    def _correct_clock(self, response: httpx.Response, our_signature: str) -> None:
        try:
            problem = from_json(response.content, "the answer")
            signed = SignedText.from_message(object_field(problem, "server_time"))
            text = signed.verify(self._connection.pinned_relay_keys())
            server_time = read_time_text(text, our_signature)
        except (Malformed, NotSigned) as error:
            raise RelayNotProven(
                "Something between this computer and the relay answered in its name. Use another "
                "internet connection."
            ) from error
        self.clock_offset = server_time - self._now()


def unreachable(now: datetime, pause: timedelta = _DEFAULT_PAUSE) -> OutsideUnavailable:
    """The relay cannot be reached; the next try is due after the pause."""
    return OutsideUnavailable(
        SERVICE,
        "The relay cannot be reached. Work goes on; it is tried again by itself.",
        now + pause,
    )


def read_answer(response: httpx.Response, now: datetime) -> dict[str, Any]:
    """The message of a good answer, or the error that a bad one means."""
    if response.status_code == 429 or response.status_code >= 500:
        raise unreachable(now, _pause_asked_for(response))
    name = _problem_name(response)
    if name is not None:
        raise _refusal(name, response)
    try:
        if response.status_code != 200:
            raise Malformed("the answer is not one of the relay's")
        return from_json(response.content, "the answer")
    except Malformed as error:
        # A captive portal or a proxy answers in the relay's place; to us the relay is simply away.
        raise unreachable(now) from error


def _problem_name(response: httpx.Response) -> str | None:
    if response.headers.get("content-type", "").split(";")[0] != "application/problem+json":
        return None
    try:
        problem = from_json(response.content, "the answer")
        return text_field(problem, "type", longest=500).rsplit("/", 1)[-1]
    except Malformed:
        return None


def _refusal(name: str, response: httpx.Response) -> RelayRefused:
    if name in _SIMPLE_REFUSALS:
        kind, message = _SIMPLE_REFUSALS[name]
        return kind(message, name)
    if name == ProblemType.PRUNED:
        message = (
            "The relay no longer keeps what followed our last entry. "
            "Reading goes on with the oldest that it keeps."
        )
        return Pruned(message, name, _tail_of(response))
    return RelayRefused(f"The relay refused the request ({name}).", name)


def _tail_of(response: httpx.Response) -> Position:
    try:
        problem = from_json(response.content, "the answer")
        cursor = Cursor.parse(problem.get("tail"))
        full_hash = from_base64(problem.get("tail_hash"), "the hash of the tail")
        if len(full_hash) != 32 or not cursor.fits(full_hash):
            raise Malformed("the tail does not fit its hash")
    except Malformed as error:
        raise RelayNotProven("The relay named a place to go on that cannot be right.") from error
    return Position(cursor.epoch, cursor.sequence, full_hash)


def _pause_asked_for(response: httpx.Response) -> timedelta:
    text = response.headers.get("retry-after", "")
    if text.isascii() and text.isdigit() and len(text) < 6:
        return timedelta(seconds=min(max(int(text), 1), _LONGEST_PAUSE_SECONDS))
    return _DEFAULT_PAUSE
