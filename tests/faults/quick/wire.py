"""The network of the town: requests are handed to the real applications in the same thread, with everything that a line
can do to them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextvars import copy_context
from typing import Any
from urllib.parse import urlsplit

import httpx

from tests.faults.quick.virtual_time import IS_PROGRAM

Application = Callable[..., Any]
OnPoint = Callable[[str], None]

_SERVER = copy_context()
_SERVER.run(IS_PROGRAM.set, False)


class NoNetwork(httpx.AsyncBaseTransport):
    """What a client gets before it is put on the wire: nothing leaves this process."""

    def __init__(self, **_options: object) -> None:
        pass

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        raise AssertionError(f"a client that is not on the wire asked for {request.url}")


class Wire:
    """Who is behind which port, and which connections were cut."""

    def __init__(self) -> None:
        self.behind: dict[int, Application] = {}
        # Of so many requests to the relay the answer is lost although it was done; a seed decides.
        self.loses: Callable[[str], bool] = lambda _path: False
        # Sees each request for money as it leaves.
        self.witness: Callable[[httpx.Request], None] = lambda _request: None
        self._gone: dict[int, asyncio.Event] = {}
        self._cut: set[int] = set()
        self._next = 40_000

    def line(self, on_point: OnPoint = lambda _point: None) -> Line:
        """A transport for one client; its owner may die at each point."""
        return Line(self, on_point)

    def drop(self, client: tuple[str, int]) -> None:
        """Cut a connection without an answer."""
        self._cut.add(client[1])
        if client[1] in self._gone:
            self._gone[client[1]].set()

    def take_port(self) -> int:
        """The port of a caller, never the same again."""
        self._next += 1
        return self._next

    async def ask(self, request: httpx.Request, port: int) -> httpx.Response:
        """Let the application behind a port answer; the caller's going away ends a request that hangs."""
        application = self.behind.get(request.url.port or 80)
        if application is None:
            raise httpx.ConnectError("nobody is there", request=request)
        gone = self._gone[port] = asyncio.Event()
        answer = _Answer()
        serving = asyncio.get_running_loop().create_task(
            application(_scope(request, port), _receiver(request, gone), answer.take),
            context=_SERVER,
        )
        try:
            await asyncio.shield(serving)
        except asyncio.CancelledError:
            gone.set()
            if not serving.done():
                await serving
            raise
        finally:
            del self._gone[port]
        if port in self._cut or self.loses(request.url.path):
            raise httpx.ReadError("the connection was cut", request=request)
        return answer.response(request)


class Line(httpx.AsyncBaseTransport):
    """One client's way onto the wire."""

    def __init__(self, wire: Wire, on_point: OnPoint) -> None:
        self._wire = wire
        self._on_point = on_point

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        where = f"{request.method} {request.url.path}"
        self._on_point(f"call {where} before sending")
        if request.url.path.endswith("/paymentrequest"):
            self._wire.witness(request)
        seconds = request.extensions.get("timeout", {}).get("read")
        try:
            async with asyncio.timeout(seconds):
                response = await self._wire.ask(request, self._wire.take_port())
        except TimeoutError as error:
            raise httpx.ReadTimeout("no answer in time", request=request) from error
        finally:
            self._on_point(f"call {where} answer read")
        return response


class _Answer:
    """Collects what an application sends."""

    def __init__(self) -> None:
        self._status = 500
        self._headers: list[tuple[bytes, bytes]] = []
        self._body = b""

    async def take(self, message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self._status, self._headers = message["status"], list(message["headers"])
        else:
            self._body += message.get("body", b"")

    def response(self, request: httpx.Request) -> httpx.Response:
        return httpx.Response(
            self._status, headers=self._headers, content=self._body, request=request
        )


def _scope(request: httpx.Request, port: int) -> dict[str, Any]:
    parts = urlsplit(str(request.url))
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": parts.scheme,
        "path": parts.path,
        "raw_path": request.url.raw_path,
        "query_string": parts.query.encode("ascii"),
        "root_path": "",
        "headers": [(name.lower(), value) for name, value in request.headers.raw],
        "client": ("127.0.0.1", port),
        "server": (parts.hostname, parts.port),
    }


def _receiver(request: httpx.Request, gone: asyncio.Event) -> Callable[[], Any]:
    pieces = [{"type": "http.request", "body": request.content, "more_body": False}]

    async def receive() -> dict[str, Any]:
        if pieces:
            return pieces.pop()
        await gone.wait()
        return {"type": "http.disconnect"}

    return receive
