"""The relay's own listener on loopback: health for the machine's monitor, commands for whoever has
the secret."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from callback_relay.admin import AdminDesk, CannotDo
from callback_relay.protocol.encoding import Malformed, from_json
from callback_relay.relay import Relay
from callback_relay.writer import StoreBusy, StoreFailed

Endpoint = Callable[[Request], Awaitable[Response]]


def admin_app(relay: Relay, desk: AdminDesk, secret: str) -> Starlette:
    """Never served on a public address."""

    async def health(_: Request) -> Response:
        return PlainTextResponse("alive\n")

    async def readiness(_: Request) -> Response:
        try:
            troubles = await relay.aside(desk.readiness)
        except (StoreBusy, StoreFailed):
            troubles = ["the storage does not answer"]
        return JSONResponse({"troubles": troubles}, 503 if troubles else 200)

    async def metrics(_: Request) -> Response:
        lines = [f'relay_events_total{{event="{k}"}} {v}' for k, v in sorted(relay.counts.items())]
        lines.append(f"relay_queue_depth {relay.writer.depth}")
        lines.append(f"relay_waiting_polls {len(relay.waiting)}")
        lines.append(f"relay_commits_total {relay.writer.commits}")
        return PlainTextResponse("\n".join(lines) + "\n")

    async def command(request: Request) -> Response:
        given = request.headers.get("authorization", "")
        if not hmac.compare_digest(given.encode(), f"Bearer {secret}".encode()):
            return Response(status_code=401)
        try:
            arguments = from_json(await request.body(), "the arguments")
            name = str(request.path_params["name"])
            return JSONResponse(await relay.aside(desk.perform, name, arguments))
        except (CannotDo, Malformed) as error:
            return JSONResponse({"error": str(error)}, 400)
        except (TimeoutError, StoreBusy, StoreFailed):
            return JSONResponse({"error": "the storage does not answer"}, 503)

    return Starlette(
        routes=[
            Route("/healthz", health),
            Route("/readyz", readiness),
            Route("/metrics", metrics),
            Route("/admin/{name}", command, methods=["POST"]),
        ]
    )
