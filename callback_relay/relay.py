"""The running relay without its network: settings, keys, writer, readers and who waits for what."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

from callback_relay.budgets import SourceList, Turnstile
from callback_relay.changes import open_epoch, touch_device
from callback_relay.database import Connection, open_for_reading
from callback_relay.feeds import Feeds
from callback_relay.high_water import HighWater
from callback_relay.protocol.chain import Position
from callback_relay.protocol.checkpoint import Checkpoint, SignedText, sign_checkpoint
from callback_relay.protocol.validation import Policy
from callback_relay.relay_keys import RelayKeys, load_or_make
from callback_relay.settings import RelaySettings
from callback_relay.waiting import WaitingRoom
from callback_relay.writer import Committed, Job, StoreBusy, StoreFailed, Writer

READERS = 3
_CHANGE_SECONDS = 30.0
_VISITS_NOTED_EVERY = timedelta(hours=1)
log = logging.getLogger("callback_relay")
Answer = TypeVar("Answer")


@dataclass(slots=True)
class _ReaderConnections:
    """Each reading thread keeps one connection; all are closed together at the end."""

    local: threading.local = field(default_factory=threading.local)
    opened: list[Connection] = field(default_factory=list)


class Relay:
    """One relay over one data folder. The caller holds the folder's lock.

    `opening_reason` makes it begin a new epoch at once. Without a loop (the command line while no
    server runs) answers are resolved on the writer's thread; with one, on the loop's thread, so
    that everything an answer wakes lives there.
    """

    def __init__(self, settings: RelaySettings, *, opening_reason: str = "") -> None:
        self.settings = settings
        self.keys: RelayKeys = load_or_make(settings.key_dir)
        self.turnstile = Turnstile(settings.budgets)
        self.sources = SourceList(settings.sources)
        self.waiting = WaitingRoom(settings.budgets.waiting_polls_per_device)
        # What societies want refused is kept in memory alone: after a restart everything is accepted until it comes
        # again, and no backup holds a key by which accounts could be guessed.
        self.policies: dict[str, Policy] = {}
        self.counts: Counter[str] = Counter()
        self.last_commit_at: float | None = None
        self.failed = threading.Event()
        self.loop: asyncio.AbstractEventLoop | None = None
        self.public_url = settings.public_url or ""
        self.writer = Writer(settings.database_file, self._announce, self.failed.set)
        self.directory = self.writer.directory
        self._readers = _all_started(ThreadPoolExecutor(READERS, "relay-reader"))
        self._connections = _ReaderConnections()
        self._marked_commits = -1
        self._visits: dict[str, datetime] = {}
        self.writer.start()
        self._notice_rollback(opening_reason)

    def close(self) -> None:
        """Commit what waits, then close every connection."""
        self._readers.shutdown(wait=True)
        for connection in self._connections.opened:
            connection.close()
        self.mark_high_water()
        self.writer.close()
        self.mark_high_water()

    def checkpoint(self, tenant: str, position: Position) -> SignedText:
        """The relay's signature over a place in a feed that has been committed."""
        now = self.settings.now()
        return sign_checkpoint(
            Checkpoint(self.settings.name, tenant, position, now), self.keys.signing
        )

    async def append(self, work: Callable[[Feeds], Answer], weight: int) -> Answer:
        """Let the writer append; returns when the entry is on the disk. StoreBusy or StoreFailed
        promise nothing."""
        return await self._commit(work, self.settings.commit_seconds, weight=weight)

    async def change(self, work: Callable[[Feeds], Answer]) -> Answer:
        """Let the writer make a change under a savepoint of its own; raises what the change
        raises."""
        return await self._commit(work, self.settings.commit_seconds, is_change=True)

    def change_now(self, work: Callable[[Feeds], Answer]) -> Answer:
        """The same for a thread that is not the loop's."""
        future: Future[Answer] = Future()

        def resolve(answer: Any, error: Exception | None) -> None:
            if error is not None:
                future.set_exception(error)
            else:
                future.set_result(answer)

        self.writer.put(Job(work, resolve, time.monotonic() + _CHANGE_SECONDS, is_change=True))
        return future.result(_CHANGE_SECONDS + 1)

    async def read(self, work: Callable[..., Answer], *arguments: Any) -> Answer:
        """Run a reading function with a connection that cannot write, on a reader's thread."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._readers, self.read_now, work, *arguments)

    def read_now(self, work: Callable[..., Answer], *arguments: Any) -> Answer:
        """The same on the calling thread."""
        local = self._connections.local
        if not hasattr(local, "connection"):
            local.connection = open_for_reading(self.settings.database_file)
            self._connections.opened.append(local.connection)
        return work(local.connection, *arguments)

    async def aside(self, work: Callable[..., Answer], *arguments: Any) -> Answer:
        """Run something that waits, such as an operator's command, on a reader's thread."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._readers, work, *arguments)

    def note_visit(self, device: str) -> None:
        """Remember, about once an hour, that a device was here; nobody waits for it."""
        now = self.settings.now()
        seen = self._visits.get(device)
        if seen is not None and now - seen < _VISITS_NOTED_EVERY:
            return
        self._visits[device] = now
        deadline = time.monotonic() + _CHANGE_SECONDS
        with suppress(StoreBusy, StoreFailed):
            self.writer.put(
                Job(lambda feeds: touch_device(feeds, device, now), lambda _a, _e: None, deadline)
            )

    def highest_epoch(self) -> int:
        """The highest epoch number ever used here, as far as file and high-water mark know."""
        return max(self.writer.epoch, HighWater.read(self.settings.high_water_file).epoch)

    def mark_high_water(self) -> None:
        """Write down how far we are, if we got further."""
        commits = self.writer.commits
        if commits != self._marked_commits and not self.failed.is_set():
            HighWater(commits, self.highest_epoch()).write(self.settings.high_water_file)
            self._marked_commits = commits

    def open_epoch_now(self, reason: str) -> int:
        """Begin a new epoch in all feeds, numbered above every epoch ever used here."""
        least, now = self.highest_epoch() + 1, self.settings.now()
        number = self.change_now(lambda feeds: open_epoch(feeds, least, reason, now))
        self.tell_epoch(number, reason)
        return number

    def tell_epoch(self, number: int, reason: str) -> None:
        """An operator must hear of every new epoch: callbacks may be missing from the relay."""
        log.warning("a new epoch %d was opened in all feeds: %s", number, reason)
        self.counts["epochs"] += 1

    def _notice_rollback(self, opening_reason: str) -> None:
        known = HighWater.read(self.settings.high_water_file)
        is_behind = known.commits > self.writer.commits or known.epoch > self.writer.epoch
        if opening_reason or is_behind:
            self.open_epoch_now(opening_reason or "rollback")
        self.mark_high_water()

    async def _commit(
        self,
        work: Callable[[Feeds], Answer],
        seconds: float,
        *,
        weight: int = 0,
        is_change: bool = False,
    ) -> Answer:
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()

        def resolve(answer: Any, error: Exception | None) -> None:
            if future.done():
                return
            if error is not None:
                future.set_exception(error)
            else:
                future.set_result(answer)

        self.writer.put(Job(work, resolve, time.monotonic() + seconds, is_change, weight))
        try:
            async with asyncio.timeout(seconds):
                return await future
        except TimeoutError as error:
            raise StoreBusy("the disk is too slow") from error

    def _announce(self, committed: Committed) -> None:
        """Called by the writer after a commit, on its own thread."""
        loop = self.loop
        if loop is not None:
            try:
                loop.call_soon_threadsafe(self._settle, committed)
                return
            except RuntimeError:
                # The loop has just ended; whoever still waits is a plain thread.
                self.loop = None
        self._settle(committed)

    def _settle(self, committed: Committed) -> None:
        """Renew who is known, answer, and only then wake those who wait."""
        if committed.directory is not None:
            self.directory = committed.directory
        self.last_commit_at = time.monotonic()
        for job, answer, error in committed.outcomes:
            job.resolve(answer, error)
        self.waiting.wake(committed.touched)


def _all_started(readers: ThreadPoolExecutor) -> ThreadPoolExecutor:
    """All threads at once, so that no request waits for one to be made."""
    together = threading.Barrier(READERS)
    for each in [readers.submit(together.wait) for _ in range(READERS)]:
        each.result()
    return readers
