"""The threads on which all slow work runs: one writes, two read, one renders, and one talks to the
outside.

No Qt here: the window bridges these futures to signals (`ui/background.py`), `run-jobs` uses them
bare.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from enum import StrEnum
from typing import Any, TypeVar

T = TypeVar("T")


class Lane(StrEnum):
    """Where work runs; the value is also the name of the thread."""

    WRITE = "write"
    READ = "read"
    RENDER = "render"
    NET = "net"


# One writer, because a ledger is one line of entries. One renderer, because Python threads that
# draw PDFs at the same time hold the interpreter lock between them and freeze the window.
_THREADS = {Lane.WRITE: 1, Lane.READ: 2, Lane.RENDER: 1}


class LanesClosed(RuntimeError):
    """Work came after the program began to close."""


class Lanes:
    """Runs plain functions on thread pools and coroutines on one asyncio loop; every answer is a
    `Future`."""

    def __init__(self) -> None:
        self._pools = {
            lane: ThreadPoolExecutor(size, f"lane-{lane}") for lane, size in _THREADS.items()
        }
        self._guard = threading.Lock()
        self._unfinished: set[Future[Any]] = set()
        self._is_closed = False
        self._is_net_closed = False
        self._loop = asyncio.new_event_loop()
        # Names are looked up in threads of the loop; theirs says so, because a hanging lookup
        # outlives the loop.
        self._loop.set_default_executor(ThreadPoolExecutor(2, "lane-net-lookup"))
        # A daemon, so that a network task which refuses to be cancelled can't keep the program
        # alive.
        self._net_thread = threading.Thread(
            target=self._run_net, name=f"lane-{Lane.NET}", daemon=True
        )
        self._net_thread.start()

    def submit(self, lane: Lane, work: Callable[[], T]) -> Future[T]:
        """Queue `work` on the write, read or render lane. Raises LanesClosed when the program is
        closing."""
        with self._guard:
            if self._is_closed:
                raise LanesClosed(f"The {lane} lane is closed.")
            future = self._pools[lane].submit(work)
            self._unfinished.add(future)
        future.add_done_callback(self._forget)
        return future

    def submit_async(self, make_coroutine: Callable[[], Awaitable[T]]) -> Future[T]:
        """Run the coroutine made by `make_coroutine` on the net loop; cancelling the future cancels
        the request."""

        async def run() -> T:
            return await make_coroutine()

        # The guard makes every accepted coroutine reach the loop before `stop` does, so that none
        # is left unawaited.
        with self._guard:
            if self._is_net_closed:
                raise LanesClosed("The net lane is closed.")
            return asyncio.run_coroutine_threadsafe(run(), self._loop)

    async def await_on(self, lane: Lane, work: Callable[[], T]) -> T:
        """Inside a net coroutine: run `work` on another lane and wait for its answer.

        If the coroutine is cancelled, work that has begun still runs to its end; work that has not
        begun never runs.
        """
        return await asyncio.wrap_future(self.submit(lane, work))

    def close(self, timeout_seconds: float) -> bool:
        """Cancel the net tasks, drop what only reads, and let every write that a person asked for
        finish.

        Returns False when something still ran after `timeout_seconds`; writes that had not begun by
        then never run. May be called again.
        """
        self._stop_net(timeout_seconds)
        with self._guard:
            self._is_closed = True
        for lane, pool in self._pools.items():
            pool.shutdown(wait=False, cancel_futures=lane is not Lane.WRITE)
        with self._guard:
            unfinished = set(self._unfinished)
        still_running = wait(unfinished, timeout_seconds).not_done
        for pool in self._pools.values():
            pool.shutdown(wait=not still_running, cancel_futures=True)
        return not still_running and not self._net_thread.is_alive()

    def _forget(self, future: Future[Any]) -> None:
        with self._guard:
            self._unfinished.discard(future)

    def _stop_net(self, timeout_seconds: float) -> None:
        """Before the other lanes close, so that a cancelled task can still write down in what state
        it leaves."""
        with self._guard:
            if not self._is_net_closed:
                self._is_net_closed = True
                self._loop.call_soon_threadsafe(self._loop.stop)
        self._net_thread.join(timeout_seconds)

    def _run_net(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_forever()
            self._loop.run_until_complete(self._cancel_all())
            self._loop.run_until_complete(self._loop.shutdown_asyncgens())
        finally:
            self._loop.close()

    @staticmethod
    async def _cancel_all() -> None:
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
