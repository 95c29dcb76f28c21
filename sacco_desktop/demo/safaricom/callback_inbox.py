"""A door for callbacks that only keeps what it was sent: for trying M-Pesa without a relay."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sacco_desktop.demo.local_server import LocalServer
from sacco_desktop.demo.safaricom.replies import gone


@dataclass(frozen=True, slots=True)
class Callback:
    """One body as it came, and the path it came to."""

    path: str
    body: bytes


class CallbackInbox:
    """`with CallbackInbox() as inbox:` answers each POST as M-Pesa wants it answered."""

    def __init__(self, *, name: str = "callback inbox") -> None:
        self._came = threading.Condition()
        self._callbacks: list[Callback] = []
        app = Starlette(
            routes=[Route("/{rest:path}", self._keep, methods=["POST"])],
            exception_handlers={ClientDisconnect: gone},
        )
        self._server = LocalServer(app, name=name)

    def __enter__(self) -> CallbackInbox:
        self._server.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.stop()

    def address(self, path: str) -> str:
        """A callback address with this path."""
        return f"{self._server.base_url}/{path}"

    @property
    def callbacks(self) -> tuple[Callback, ...]:
        """All that came, in order."""
        with self._came:
            return tuple(self._callbacks)

    def bodies(self, path: str) -> list[bytes]:
        """What came to this path, in order."""
        return [c.body for c in self.callbacks if c.path == path]

    def clear(self) -> None:
        """Forget what came."""
        with self._came:
            self._callbacks.clear()

    def wait_for(self, condition: Callable[[], bool], seconds: float = 5.0) -> bool:
        """Wait until something that came makes the condition true; False when time ran out."""
        with self._came:
            return self._came.wait_for(condition, seconds)

    async def _keep(self, request: Request) -> Response:
        body = await request.body()
        with self._came:
            self._callbacks.append(Callback(request.path_params["rest"], body))
            self._came.notify_all()
        return JSONResponse({"ResultCode": 0, "ResultDesc": "Accepted"})
