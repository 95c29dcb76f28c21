"""Listens to the relays: holds a line to each, and reads the feeds as soon as one of them has something."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

from callback_relay.protocol.chain import Position
from sacco_desktop.domain.errors import SaccoError
from sacco_desktop.operations.office import Office
from sacco_desktop.operations.sync_relays import SyncOutcome, sync_all
from sacco_desktop.services.relays.relays import RelayRow

# A relay answers within this time whatever happens, so silence beyond it means that the line is dead.
_WAIT_SECONDS = 25
_SHORTEST_PAUSE, _LONGEST_PAUSE = 1.0, 60.0


async def listen(office: Office, tell: Callable[[SyncOutcome], None]) -> None:
    """Read and wait for ever, until cancelled; `tell` hears how each round went. An outage is tried again,
    ever slower.
    """
    pause = _SHORTEST_PAUSE
    while True:
        outcome = await sync_all(office)
        tell(outcome)
        if outcome.trouble:
            pause = min(pause * 2, _LONGEST_PAUSE)
            await asyncio.sleep(pause)
            continue
        pause = _SHORTEST_PAUSE
        await _until_news(office)


async def wait_for_first(
    office: Office, is_over: Callable[[], Awaitable[bool]], seconds: float | None = None
) -> None:
    """Read the feeds as news come until `is_over`, at most for the time that a first result is waited for.

    The result of the first of several requests shows whether M-Pesa accepts our user. It comes after the request was
    taken, and a few more with a wrong password would lock the user.
    """
    loop = asyncio.get_running_loop()
    end = loop.time() + (office.result_seconds if seconds is None else seconds)
    while True:
        outcome = await sync_all(office)
        left = end - loop.time()
        if outcome.trouble or left <= 0 or await is_over():
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(left):
                await _until_news(office)


async def _until_news(office: Office) -> None:
    # A relay at rest that is away would end the waiting at once, again and again.
    rows = [row for row in await office.relays() if row.is_used or not row.trouble]
    if not rows:
        await asyncio.sleep(_LONGEST_PAUSE)
        return
    waiting = [asyncio.ensure_future(_wait_on(office, row)) for row in rows]
    try:
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)


async def _wait_on(office: Office, row: RelayRow) -> None:
    """Hold the line; what comes is only a sign, and the next round reads, verifies and applies it."""
    place = Position(row.epoch, row.sequence, row.chain_hash)
    try:
        await office.relay(row).fetch(place, wait_seconds=_WAIT_SECONDS, limit=1)
    except SaccoError:
        # The next round meets the same trouble and says so; the pause keeps this from spinning.
        await asyncio.sleep(_SHORTEST_PAUSE)
