"""The relay on the network: it runs in a thread of its own with its own loop, alone or inside
another process."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import secrets
import socket
import threading
from collections.abc import Callable
from contextlib import ExitStack
from types import TracebackType
from typing import Self

import uvicorn
from starlette.types import ASGIApp

from callback_relay.admin import AdminDesk
from callback_relay.admin_app import admin_app
from callback_relay.app import public_app
from callback_relay.folder_lock import FolderLock
from callback_relay.relay import Relay
from callback_relay.relay_keys import write_secret
from callback_relay.settings import RelaySettings

BACKLOG = 4096
_STOP_SECONDS = 2
_START_SECONDS = 10.0
_PRUNE_EVERY_TICKS = 3600
log = logging.getLogger("callback_relay")


class RelayServer:
    """A relay with its sockets. Use it as a context manager, or call `start` and `stop`.

    It listens on `settings.host` and `settings.port`; `api_url` and `callback_url` say where it can
    be reached, and `desk` takes the operator's commands, for instance
    `server.desk.add_tenant("Umoja SACCO")["code"]`.
    """

    def __init__(self, settings: RelaySettings) -> None:
        self.settings = settings
        self.api_url = ""
        self.admin_url = ""
        self._ready = threading.Event()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="relay-server")

    @property
    def callback_url(self) -> str:
        """Where Safaricom posts to."""
        return self.relay.public_url

    def start(self) -> Self:
        """Open the data folder and the sockets; returns when requests are answered. Raises
        FolderInUse, OSError."""
        with ExitStack() as undo:
            self._lock = FolderLock(self.settings.lock_file)
            undo.callback(self._lock.release)
            self._socket = self._public_socket()
            undo.callback(self._socket.close)
            self._admin_socket = _listen("127.0.0.1", 0)
            undo.callback(self._admin_socket.close)
            self.relay = Relay(self.settings)
            undo.pop_all()
        host, port = self._socket.getsockname()[:2]
        self.api_url = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
        self.admin_url = f"http://127.0.0.1:{self._admin_socket.getsockname()[1]}"
        self.relay.public_url = self.settings.public_url or self.api_url
        self.desk = AdminDesk(self.relay)
        self._secret = secrets.token_hex(32)
        self._thread.start()
        if not self._ready.wait(_START_SECONDS):
            raise RuntimeError("the relay did not start in time")
        told = {"url": self.admin_url, "secret": self._secret, "pid": os.getpid()}
        write_secret(self.settings.admin_file, json.dumps(told).encode())
        return self

    def stop(self) -> None:
        """Answer what is under way, send waiting polls home, commit what waits and close
        everything."""
        self.settings.admin_file.unlink(missing_ok=True)
        loop = self.relay.loop
        if loop is not None and self._thread.is_alive():
            loop.call_soon_threadsafe(self._begin_stop)
        self._thread.join()
        self.relay.loop = None
        self.relay.close()
        self._lock.release()

    def wait(self, seconds: float | None = None) -> bool:
        """Wait until the relay has ended by itself, which it does only when the storage fails."""
        return self._ended.wait(seconds)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _public_socket(self) -> socket.socket:
        if self.settings.listening_fd is not None:
            # The socket outlives this process, so a restart refuses nobody.
            return socket.socket(fileno=self.settings.listening_fd)
        return _listen(self.settings.host, self.settings.port)

    def _serve(self) -> None:
        config = self._config(public_app(self.relay))
        with asyncio.Runner(loop_factory=config.get_loop_factory()) as runner:
            runner.run(self._main(config))
        self._ended.set()

    async def _main(self, config: uvicorn.Config) -> None:
        self.relay.loop = asyncio.get_running_loop()
        self._public = _TellingServer(config, self._count_start)
        admin = admin_app(self.relay, self.desk, self._secret)
        self._admin = _TellingServer(self._config(admin), self._count_start)
        self._starts_left = 2
        async with asyncio.TaskGroup() as group:
            ticking = group.create_task(self._tick())
            served = [
                group.create_task(self._public.serve([self._socket])),
                group.create_task(self._admin.serve([self._admin_socket])),
            ]
            await asyncio.wait(served)
            ticking.cancel()

    def _count_start(self) -> None:
        self._starts_left -= 1
        if self._starts_left == 0:
            self._ready.set()

    async def _tick(self) -> None:
        """Each second the high-water mark, each hour the old entries; and the end, if the storage
        has failed."""
        ticks = 0
        while True:
            await asyncio.sleep(1)
            ticks += 1
            self.relay.mark_high_water()
            if ticks % _PRUNE_EVERY_TICKS == 0:
                await self.relay.aside(self.desk.prune)
            if self.relay.failed.is_set():
                self._begin_stop()

    def _begin_stop(self) -> None:
        self.relay.waiting.close()
        self._public.should_exit = True
        self._admin.should_exit = True

    def _config(self, app: ASGIApp) -> uvicorn.Config:
        proxies = list(self.settings.trusted_proxies)
        return uvicorn.Config(
            app,
            lifespan="off",
            ws="none",
            log_config=None,
            access_log=False,
            server_header=False,
            backlog=BACKLOG,
            proxy_headers=bool(proxies),
            forwarded_allow_ips=proxies,
            timeout_graceful_shutdown=_STOP_SECONDS,
        )


class _TellingServer(uvicorn.Server):
    """Says when it has started to answer."""

    def __init__(self, config: uvicorn.Config, started: Callable[[], None]) -> None:
        super().__init__(config)
        self._tell_started = started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._tell_started()


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    if os.name == "posix":
        # On Windows this option would let two relays share a port.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(BACKLOG)
    except OSError:
        listener.close()
        raise
    return listener
