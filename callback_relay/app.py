"""The public face of the relay: the callback door and, for everything else, the devices'
requests."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from callback_relay import device_api
from callback_relay.device_requests import Handler, for_devices
from callback_relay.ingress import Ingress
from callback_relay.relay import Relay

CALLBACKS_UNDER = "/c/"


def public_app(relay: Relay) -> ASGIApp:
    """Everything that may be reached from the internet."""
    ingress = Ingress(relay)
    devices = _device_app(relay)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith(CALLBACKS_UNDER):
            await ingress(scope, receive, send)
        else:
            await devices(scope, receive, send)

    return app


def _device_app(relay: Relay) -> Starlette:
    def signed(path: str, handler: Handler, method: str) -> Route:
        return Route(path, for_devices(relay, handler), methods=[method])

    return Starlette(
        routes=[
            Route(
                "/.well-known/callback-relay", _open(relay, device_api.discover), methods=["GET"]
            ),
            Route("/v1/pair", _pairing(relay), methods=["POST"]),
            signed("/v1/feed", device_api.feed, "GET"),
            signed("/v1/cursor", device_api.acknowledge, "PUT"),
            signed("/v1/locate", device_api.locate, "POST"),
            signed("/v1/status", device_api.status, "GET"),
            signed("/v1/tokens", device_api.add_token, "POST"),
            signed("/v1/tokens/{token}", device_api.retire_token, "DELETE"),
            signed("/v1/validation", device_api.set_validation, "PUT"),
            signed("/v1/notes", device_api.lay_down_note, "POST"),
        ],
        # Boxes do not shrink, but their base64 does by a quarter, and lines are slow.
        middleware=[Middleware(GZipMiddleware, minimum_size=2048, compresslevel=1)],
        exception_handlers={404: _nothing_here},
    )


def _open(
    relay: Relay, handler: Callable[[Relay], Awaitable[Response]]
) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(_: Request) -> Response:
        return await handler(relay)

    return endpoint


def _pairing(relay: Relay) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        return await device_api.pair(relay, request)

    return endpoint


async def _nothing_here(_request: Request, _error: Exception) -> Response:
    return Response(status_code=404)
