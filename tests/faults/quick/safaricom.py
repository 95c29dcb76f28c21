"""The simulated Safaricom on the town's loop, without a server and without waiting."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime

import httpx

from sacco_desktop.demo.safaricom.simulator import SimulatedSafaricom
from tests.faults.quick.virtual_time import VirtualLoop
from tests.faults.quick.wire import Wire

_MOST_TURNS = 100_000


class QuickSafaricom(SimulatedSafaricom):
    """The simulated Safaricom on the town's loop; its server never serves."""

    def __init__(self, now: Callable[[], datetime], loop: VirtualLoop, wire: Wire) -> None:
        super().__init__(now)
        self._loop = loop
        self._server.drop = wire.drop  # type: ignore[method-assign]
        self._errands._http = httpx.AsyncClient(transport=wire.line())

    @property
    def port(self) -> int:
        """The port that the books of the town name."""
        return int(self.base_url.rsplit(":", 1)[1])

    def begin(self, seed: int) -> None:
        """An empty ledger; ids come from the seed."""
        self._loop.run_until_complete(self._errands.forget())
        self._world.seed = seed
        self._world.reset()

    def release_callbacks(self) -> None:
        """Do now what was put off."""
        self._errands.release()
        self.wait_until_quiet()

    def wait_for(self, condition: Callable[[], bool], seconds: float = 5.0) -> bool:
        """Let everybody take turns until the condition is true; no time passes but what they sleep."""
        for _ in range(_MOST_TURNS):
            if condition():
                return True
            self._loop.run_until_complete(asyncio.sleep(0))
        return False
