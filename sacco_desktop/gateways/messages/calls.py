"""One call to a gateway over HTTP: what was heard, or whether it may have arrived unheard."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

import httpx

from sacco_desktop.domain.messages.answers import Became, Told
from sacco_desktop.gateways.daraja.outside_json import plain_text

MOST_ANSWER_BYTES = 256 * 1024
_MOST_KEPT = 2_000
_BLANK = "[redacted]"
# These prove that nothing left this PC.
_NO_CONNECTION = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)


@dataclass(frozen=True, slots=True)
class CallTimes:
    """Seconds that a call may take. A connect that runs out leaves no doubt; a read does."""

    connect_seconds: float = 10.0
    read_seconds: float = 30.0


PATIENT = CallTimes()


@dataclass(frozen=True, slots=True)
class GatewayAnswer:
    """What a gateway's answer proves, in words for the office; `cost` in its own words."""

    told: Told
    words: str
    code: str = ""
    gateway_id: str = ""
    cost: str = ""
    http_status: int = 0
    text: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class ReportTold:
    """What a gateway says became of the message that it knows by this id."""

    gateway_id: str
    became: Became
    words: str
    cost: str = ""


@dataclass(frozen=True, slots=True)
class Request:
    """One request; secrets never show in a repr."""

    method: str
    url: str
    form: Mapping[str, str] = field(default_factory=dict, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    basic: tuple[str, str] | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Heard:
    """An answer that came whole."""

    status: int
    raw: bytes = field(repr=False)

    def text(self, *secrets: str) -> str:
        """What of it may be kept: no secret, and not without end."""
        said = plain_text(self.raw.decode("utf-8", errors="replace"))
        for secret in secrets:
            if len(secret) >= 8:
                said = said.replace(secret, _BLANK)
        return said[:_MOST_KEPT]


@dataclass(frozen=True, slots=True)
class Unheard:
    """No answer came; `may_have_arrived` unless no connection was made at all."""

    may_have_arrived: bool


def client(times: CallTimes) -> httpx.AsyncClient:
    """Connections to gateways. None is kept: one that dies as a message is written to it would leave a doubt."""
    return httpx.AsyncClient(
        timeout=httpx.Timeout(times.read_seconds, connect=times.connect_seconds),
        limits=httpx.Limits(max_keepalive_connections=0),
        follow_redirects=False,
        trust_env=False,
    )


async def call(http: httpx.AsyncClient, request: Request, times: CallTimes) -> Heard | Unheard:
    """Make the call once. An answer that drips in without end counts as none."""
    try:
        async with asyncio.timeout(times.connect_seconds + 2 * times.read_seconds):
            async with http.stream(
                request.method,
                request.url,
                data=dict(request.form) or None,
                headers=dict(request.headers),
                auth=request.basic,
            ) as response:
                raw = b""
                async for piece in response.aiter_bytes():
                    raw += piece
                    if len(raw) > MOST_ANSWER_BYTES:
                        break
                return Heard(response.status_code, raw)
    except _NO_CONNECTION:
        return Unheard(may_have_arrived=False)
    except (httpx.RequestError, TimeoutError):
        return Unheard(may_have_arrived=True)


def unheard(who: str, found: Unheard) -> GatewayAnswer:
    """What it means for a message that no answer came."""
    if found.may_have_arrived:
        return GatewayAnswer(Told.DOUBTFUL, f"The connection to {who} broke before an answer.")
    return GatewayAnswer(Told.NOT_SENT, f"{who} cannot be reached.")
