"""Counts the points at which a program could die: before each statement and commit of the writer, after each commit,
and at each step of an HTTP call. The product knows nothing of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import httpx
from sqlalchemy import Engine, event

from sacco_desktop.operations.office import Office

# httpcore's own names for the steps of a call, and what we call them.
STEPS = {
    "http11.send_request_headers.started": "before sending",
    "http11.send_request_body.complete": "sent",
    "http11.receive_response_headers.complete": "answer begins",
    "http11.receive_response_body.complete": "answer read",
}

OnPoint = Callable[[str], None]


def install(office: Office, on_point: OnPoint) -> None:
    """Watch one open office; `on_point` is called with the name of each point and may not return."""
    _watch_writer(office.books._database.writer, on_point)
    office.lanes.submit_async(lambda: _watch_calls(office, on_point)).result(10)


def _watch_writer(engine: Engine, on_point: OnPoint) -> None:
    @event.listens_for(engine, "before_cursor_execute")
    def _statement(_c: Any, _cur: Any, statement: str, *_rest: Any) -> None:
        on_point(f"statement {' '.join(statement.split()[:3])}")

    commit = engine.dialect.do_commit

    def do_commit(connection: Any) -> None:
        on_point("commit")
        commit(connection)
        on_point("committed")

    engine.dialect.do_commit = do_commit  # type: ignore[method-assign, assignment]


async def _watch_calls(office: Office, on_point: OnPoint) -> None:
    mpesa = await office.mpesa()
    for client in (office.http(), mpesa._http):
        client._transport = _Watched(client._transport, on_point)


class _Watched(httpx.AsyncBaseTransport):
    """The real transport, with httpcore's trace of each call turned into points."""

    def __init__(self, inner: httpx.AsyncBaseTransport, on_point: OnPoint) -> None:
        self._inner = inner
        self._on_point = on_point

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        where = f"{request.method} {request.url.path}"

        async def trace(name: str, _info: Mapping[str, Any]) -> None:
            if name in STEPS:
                self._on_point(f"call {where} {STEPS[name]}")

        request.extensions = {**request.extensions, "trace": trace}
        return await self._inner.handle_async_request(request)

    async def aclose(self) -> None:
        await self._inner.aclose()
