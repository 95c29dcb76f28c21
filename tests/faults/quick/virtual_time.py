"""An event loop whose clock jumps to the next thing to do, so that thirty days pass in no time and always alike."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import Future
from contextvars import Context, ContextVar
from datetime import datetime, timedelta
from typing import Any, TypeVar
from weakref import WeakSet

from sacco_desktop.operations.lanes import Lane, Lanes

T = TypeVar("T")

# Whether a piece of work is a program's, and not that of a server that only serves one.
IS_PROGRAM: ContextVar[bool] = ContextVar("is_program", default=True)
# Said when everything waits for something that nobody will do.
DEADLOCK = "everybody waits, and nothing will ever happen"


class _Jumping(selectors.DefaultSelector):
    """Instead of waiting for the time that the loop asks for, moves its clock on by it."""

    loop: VirtualLoop

    def select(self, timeout: float | None = None) -> list[Any]:
        if timeout is None:
            raise RuntimeError(DEADLOCK)
        self.loop.moment += max(0.0, timeout)
        return []


class VirtualLoop(asyncio.SelectorEventLoop):
    """Runs coroutines in the calling thread; `moment` is the seconds that have passed for them."""

    def __init__(self) -> None:
        self.moment = 0.0
        self.of_programs: WeakSet[asyncio.Task[Any]] = WeakSet()
        selector = _Jumping()
        selector.loop = self
        super().__init__(selector)
        self.set_task_factory(_note_owner)  # type: ignore[arg-type]  # the factory knows its loop

    def time(self) -> float:
        """The clock by which all sleeping and all time-outs go."""
        return self.moment


def _note_owner(
    loop: VirtualLoop, work: Coroutine[Any, Any, Any], context: Context | None = None
) -> asyncio.Task[Any]:
    task = asyncio.Task(work, loop=loop, context=context)
    if context is None and IS_PROGRAM.get():
        loop.of_programs.add(task)
    return task


class TownClock:
    """The true time of the town: a start, and what has passed on the loop since then."""

    def __init__(self, loop: VirtualLoop, start: datetime) -> None:
        self._loop = loop
        self._start = start

    def now(self) -> datetime:
        """The moment; Safaricom and the relay go by it."""
        return self._start + timedelta(seconds=round(self._loop.moment, 3))


class OneThread(Lanes):
    """The lanes of a program in a single thread: each piece of work runs where it is asked for.

    `pause` is slept before each piece of work of a coroutine, so that two programs take turns as a seed wants it.
    """

    def __init__(self, loop: VirtualLoop, pause: Callable[[], float] | None = None) -> None:
        # Not the parent's: that would start its threads.
        self._one = loop
        self._pause = pause

    def submit(self, lane: Lane, work: Callable[[], T]) -> Future[T]:
        """Do it now."""
        done: Future[T] = Future()
        done.set_result(work())
        return done

    def submit_async(self, make_coroutine: Callable[[], Awaitable[T]]) -> Future[T]:
        """Run it to its end now."""

        async def run() -> T:
            return await make_coroutine()

        done: Future[T] = Future()
        done.set_result(self._one.run_until_complete(run()))
        return done

    async def await_on(self, lane: Lane, work: Callable[[], T]) -> T:
        """Do it now, or after a pause in which the other program may go first."""
        if self._pause is not None:
            await asyncio.sleep(self._pause())
        return work()

    def close(self, timeout_seconds: float) -> bool:
        """Nothing runs by itself here."""
        return True
