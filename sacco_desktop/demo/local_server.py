"""Serves an ASGI app over real HTTP, in a thread with an event loop of its own.

For the practice office and for tests; it stops at once, also while requests hang.
"""

from __future__ import annotations

import asyncio
import os
import socket
import threading
from collections.abc import Callable, Coroutine
from types import TracebackType
from typing import Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

START_SECONDS = 10.0
STOP_SECONDS = 5.0


class LocalServer:
    """One app on one port. `port=0` takes a free one; the address is known before the start."""

    def __init__(
        self, app: Callable[..., Any], *, host: str = "127.0.0.1", port: int = 0, name: str = "http"
    ) -> None:
        """Raises `OSError` when the port is taken."""
        self._socket = _listening(host, port)
        self._name = name
        self._ready = threading.Event()
        self._failure: BaseException | None = None
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        config = uvicorn.Config(
            app,
            http=H11Protocol,
            ws="none",
            loop="asyncio",
            lifespan="on",
            log_config=None,
            access_log=False,
            timeout_graceful_shutdown=1,
        )
        self._server = _Server(config, self._note_start)

    @property
    def base_url(self) -> str:
        """`http://host:port`, without a slash at the end."""
        host, port = self._socket.getsockname()[:2]
        return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"

    def __enter__(self) -> LocalServer:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Begin serving and return when the app answers. Raises what kept the app from starting."""
        self._thread = threading.Thread(target=self._serve, name=self._name, daemon=True)
        self._thread.start()
        started = self._ready.wait(START_SECONDS)
        if self._failure is not None or not started:
            raise RuntimeError(f"The local server {self._name} did not start.") from self._failure

    def stop(self) -> None:
        """Break off what still hangs, end the thread, close the port. May be called twice."""
        self._server.should_exit = True
        if self._thread is not None:
            self._thread.join(STOP_SECONDS)
            if self._thread.is_alive():
                raise RuntimeError(f"The local server {self._name} did not stop.")
            self._thread = None
        self._socket.close()

    def run(self) -> None:
        """Serve in this thread until Ctrl-C or a terminate signal."""
        try:
            self._serve()
        except KeyboardInterrupt:
            return
        finally:
            self._socket.close()
        if self._failure is not None:
            raise self._failure

    def call_soon(self, action: Callable[[], object]) -> None:
        """Run a quick action on the server's loop; nothing happens when it is not serving."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(action)

    def call(self, action: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Run an action on the server's loop and wait for its end; nothing when not serving."""
        if self._loop is not None and not self._loop.is_closed():
            asyncio.run_coroutine_threadsafe(action(), self._loop).result(STOP_SECONDS)

    def drop(self, client: tuple[str, int]) -> None:
        """Cut the connection of this client without an answer. Only to be called on the loop."""
        for connection in list(self._server.server_state.connections):
            if isinstance(connection, H11Protocol) and connection.client == client:
                connection.transport.abort()

    def _serve(self) -> None:
        try:
            self._server.run(sockets=[self._socket])
        except (OSError, RuntimeError, SystemExit) as failure:
            self._failure = failure
        finally:
            self._loop = None
            self._ready.set()

    def _note_start(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._ready.set()


def _listening(host: str, port: int) -> socket.socket:
    """A bound socket that is openly TCP: only then does asyncio switch off Nagle's algorithm, which
    together with delayed acknowledgements costs 40 ms for each request on a kept connection.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if os.name == "posix":
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(512)
    except OSError:
        listening.close()
        raise
    return listening


class _Server(uvicorn.Server):
    """Tells when it serves, and does not wait for requests that hang on purpose."""

    def __init__(self, config: uvicorn.Config, started: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_start = started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._on_start()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            if isinstance(connection, H11Protocol):
                connection.transport.abort()
        await super().shutdown(sockets)
