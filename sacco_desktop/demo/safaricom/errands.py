"""What the simulated Safaricom does after it has answered: posting callbacks, in time or late."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import httpx

from sacco_desktop.demo.safaricom.world import World

CALLBACK_SECONDS = 5.0

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class HeldBack:
    """Something that waits: what it is about, and when it happens by itself."""

    number: int
    about: str
    due: datetime


class Errands:
    """Background tasks on the server's loop. Held ones wait for their time or for `release`."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._tasks: set[asyncio.Task[None]] = set()
        self._waiting: dict[asyncio.Event, HeldBack | None] = {}
        self._numbers = itertools.count(1)
        self._http: httpx.AsyncClient | None = None
        self.busy = 0
        self.held = 0

    async def open(self) -> None:
        # A relay's certificate is checked as anywhere; proxies of this PC are not used.
        self._http = httpx.AsyncClient(timeout=CALLBACK_SECONDS, trust_env=False)

    async def close(self) -> None:
        """Drop what has not been done: nobody keeps a result for a closed door."""
        await self.forget()
        if self._http is not None:
            await self._http.aclose()
            self._http = None

    async def forget(self) -> None:
        """Cancel every errand, held or not."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        with self._world.changed:
            # A task that was cancelled before its first step never counted itself out.
            self.busy = self.held = 0
            self._world.changed.notify_all()

    def release(self, number: int = 0) -> None:
        """Do now what was put off, or only the one with this number. Only to be called on the loop."""
        for event, held_back in list(self._waiting.items()):
            if not number or (held_back and held_back.number == number):
                event.set()

    @property
    def held_back(self) -> tuple[HeldBack, ...]:
        """What waits for its time or for a release, in the order in which it was put off."""
        waiting = list(self._waiting.items())
        return tuple(held for event, held in waiting if held and not event.is_set())

    def run(
        self,
        action: Callable[[], Awaitable[None]],
        after_seconds: float = 0.0,
        *,
        held: bool = False,
        about: str = "",
    ) -> None:
        """Do something after so many seconds. `held` ones do not count as work under way; for a
        person they are listed by what they are about.
        """
        with self._world.changed:
            self._count(held, +1)
        held_back = None
        if held:
            due = self._world.now() + timedelta(seconds=after_seconds)
            held_back = HeldBack(next(self._numbers), about, due)
        task = asyncio.create_task(self._errand(action, after_seconds, held_back))
        self._tasks.add(task)
        task.add_done_callback(self._done)

    async def ask(self, name: str, url: str, body: bytes) -> dict[str, object] | None:
        """POST a question and read its answer; None when there is none in time that can be read."""
        assert self._http is not None
        answer: object = None
        try:
            heard = await self._http.post(
                url, content=body, headers={"Content-Type": "application/json"}
            )
            outcome = f"HTTP {heard.status_code}"
            answer = heard.json() if heard.status_code == 200 else None
        except (httpx.RequestError, httpx.InvalidURL, ValueError) as error:
            outcome = f"no answer: {type(error).__name__}"
        self._world.log("callback", name, url, _readable(body), outcome)
        return answer if isinstance(answer, dict) else None

    async def post(self, name: str, url: str, body: bytes) -> None:
        """POST a callback once. It is never sent again: a closed door loses it."""
        assert self._http is not None
        try:
            answer = await self._http.post(
                url, content=body, headers={"Content-Type": "application/json"}
            )
            outcome = f"HTTP {answer.status_code}"
        except (httpx.RequestError, httpx.InvalidURL) as error:
            outcome = f"dropped: {type(error).__name__}"
        self._world.log("callback", name, url, _readable(body), outcome)

    async def _errand(
        self,
        action: Callable[[], Awaitable[None]],
        after_seconds: float,
        held_back: HeldBack | None,
    ) -> None:
        is_held = held_back is not None
        try:
            if after_seconds > 0:
                await self._wait(after_seconds, held_back)
            if is_held:
                with self._world.changed:
                    self._count(True, -1)
                    self._count(False, +1)
                is_held = False
            await action()
        finally:
            with self._world.changed:
                self._count(is_held, -1)

    async def _wait(self, seconds: float, held_back: HeldBack | None) -> None:
        event = asyncio.Event()
        self._waiting[event] = held_back
        try:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(event.wait(), seconds)
        finally:
            del self._waiting[event]

    def _count(self, held: bool, step: int) -> None:
        if held:
            self.held += step
        else:
            self.busy += step
        self._world.changed.notify_all()

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.error("An errand of the simulated Safaricom failed.", exc_info=error)


def _readable(body: bytes) -> object:
    try:
        return json.loads(body)
    except ValueError:
        return f"[{len(body)} bytes that are no JSON]"
