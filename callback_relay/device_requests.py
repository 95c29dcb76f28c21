"""Who is asking: every request of a device is checked here before anything else looks at it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from starlette.requests import Request
from starlette.responses import Response

from callback_relay.answers import Problem, problem
from callback_relay.changes import NotInFeed, Refused
from callback_relay.directory import Device
from callback_relay.protocol.checkpoint import sign_text, time_text
from callback_relay.protocol.encoding import Malformed, from_json
from callback_relay.protocol.problems import ProblemType
from callback_relay.protocol.request_signature import (
    RELAY_VERSION,
    BadSignature,
    ClockSkew,
    verify_request,
)
from callback_relay.protocol.request_signature import Request as SignedParts
from callback_relay.relay import Relay
from callback_relay.writer import StoreBusy, StoreFailed

LARGEST_BODY = 256 * 1024


@dataclass(frozen=True, slots=True)
class DeviceRequest:
    """A request whose device is known and whose signature is good. `message` is empty when there
    was no body."""

    device: Device
    message: dict[str, Any]
    http: Request


Handler = Callable[[Relay, DeviceRequest], Awaitable[Response]]
Endpoint = Callable[[Request], Awaitable[Response]]


def for_devices(relay: Relay, handler: Handler) -> Endpoint:
    """An endpoint that only a paired device can reach, with every refusal turned into its problem
    answer."""

    async def endpoint(request: Request) -> Response:
        try:
            return await handler(relay, await _recognised(relay, request))
        except Problem as error:
            return problem(relay, error)
        except Refused as error:
            return problem(relay, Problem(error.problem, error.detail))
        except NotInFeed:
            return problem(relay, Problem(ProblemType.DIVERGED))
        except Malformed as error:
            return problem(relay, Problem(ProblemType.MALFORMED, str(error)))
        except (StoreBusy, StoreFailed):
            return problem(relay, Problem(ProblemType.BUSY))

    return endpoint


async def read_body(request: Request) -> bytes:
    """The body, up to the limit."""
    chunks: list[bytes] = []
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > LARGEST_BODY:
            raise Problem(ProblemType.TOO_LARGE)
        chunks.append(chunk)
    return b"".join(chunks)


async def _recognised(relay: Relay, request: Request) -> DeviceRequest:
    if request.headers.get("relay-version") != RELAY_VERSION:
        raise Problem(ProblemType.UNSUPPORTED_VERSION, extra={"versions": [RELAY_VERSION]})
    has_body = request.method in ("POST", "PUT")
    body = await read_body(request) if has_body else None
    device = _signer(relay, request, body)
    if not device.is_active:
        raise Problem(ProblemType.REVOKED)
    admits = (
        relay.turnstile.admits_feed if request.method == "GET" else relay.turnstile.admits_change
    )
    if not await admits(device.id):
        raise Problem(ProblemType.RATE)
    message = {} if body is None else from_json(body, "the request")
    return DeviceRequest(device, message, request)


def _signer(relay: Relay, request: Request, body: bytes | None) -> Device:
    parts = SignedParts(
        request.method,
        request.headers.get("host", ""),
        request.scope.get("raw_path", b"").split(b"?")[0].decode("latin-1"),
        request.scope["query_string"].decode("latin-1"),
        body,
    )
    devices = relay.directory.devices

    def key_of(device_id: str) -> Ed25519PublicKey:
        device = devices.get(device_id)
        if device is None:
            raise Problem(ProblemType.UNKNOWN_DEVICE)
        return device.key

    try:
        return devices[verify_request(parts, request.headers, key_of, relay.settings.now())]
    except ClockSkew as error:
        raise _clock_problem(relay, request.headers["signature"]) from error
    except BadSignature as error:
        raise Problem(ProblemType.BAD_SIGNATURE, str(error)) from error


def _clock_problem(relay: Relay, request_signature: str) -> Problem:
    text = time_text(relay.settings.name, relay.settings.now(), request_signature)
    signed = sign_text(text, relay.keys.signing)
    return Problem(ProblemType.CLOCK_SKEW, extra={"server_time": signed.as_message()})
