"""The writer: one thread with the only writing connection, which commits whatever waits as one
group.

Answers leave only after COMMIT has returned, and COMMIT returns when the disk has the bytes. An
error of the storage is final: the writer answers nobody with success any more and the process ends,
to be started afresh.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from callback_relay.database import (
    IntegrityError,
    StorageError,
    open_for_writing,
    read_meta,
    tidy_wal,
)
from callback_relay.directory import Directory
from callback_relay.feeds import Feeds

GROUP = 256
MOST_WAITING = 20_000
MOST_WAITING_BYTES = 64 * 1024 * 1024
log = logging.getLogger("callback_relay")


class Refusal(Exception):
    """A change that a rule forbids; it is rolled back alone and told to whoever asked for it."""


class StoreBusy(Exception):
    """Too much waits to be committed, or it waited too long; nothing was promised."""


class StoreFailed(Exception):
    """The storage failed or is closed; nothing was promised."""


@dataclass(slots=True, eq=False)
class Job:
    """A piece of work for the writer. `resolve` receives the answer, or the exception that came
    instead.

    `is_change` work runs under a savepoint of its own and renews the directory; appends of
    callbacks need neither. `deadline` is a time of the monotonic clock after which nobody waits for
    it any more.
    """

    work: Callable[[Feeds], Any]
    resolve: Callable[[Any, Exception | None], None]
    deadline: float
    is_change: bool = False
    weight: int = 0


@dataclass(frozen=True, slots=True)
class Committed:
    """What a group brought about: each job with its answer or error, the feeds that grew, who is
    known now."""

    outcomes: tuple[tuple[Job, Any, Exception | None], ...]
    touched: frozenset[str]
    directory: Directory | None
    commits: int


class Writer(threading.Thread):
    """Takes jobs from any thread. `announce` is called on the writer's thread after each commit."""

    def __init__(
        self, path: Path, announce: Callable[[Committed], None], failed: Callable[[], None]
    ) -> None:
        super().__init__(name="relay-writer")
        self._path = path
        self._announce = announce
        self._failed = failed
        self._waiting: deque[Job] = deque()
        self._waiting_bytes = 0
        self._wake = threading.Condition()
        self._closing = False
        self.is_dead = False
        self._connection = open_for_writing(path)
        self._feeds = Feeds(self._connection)
        self.commits = read_meta(self._connection, "commits")
        self.epoch = max(1, read_meta(self._connection, "epoch"))
        self.directory = Directory.load(self._connection)

    def put(self, job: Job) -> None:
        """Hand over a job. Raises StoreBusy when too much waits, StoreFailed when the writer is
        gone."""
        with self._wake:
            if self.is_dead or self._closing:
                raise StoreFailed("the store is closed")
            is_full = self._waiting_bytes + job.weight > MOST_WAITING_BYTES
            if is_full or len(self._waiting) >= MOST_WAITING:
                raise StoreBusy("too many callbacks wait for the disk")
            self._waiting.append(job)
            self._waiting_bytes += job.weight
            self._wake.notify()

    @property
    def depth(self) -> int:
        """How many jobs wait."""
        return len(self._waiting)

    def close(self) -> None:
        """Finish what waits, then close the file. Call once, from another thread."""
        with self._wake:
            self._closing = True
            self._wake.notify()
        if self.is_alive():
            self.join()
        self._connection.close()

    def run(self) -> None:
        """The thread: one group after the other until it is closed or the storage fails."""
        while jobs := self._take():
            try:
                self._commit_group(jobs)
            except StorageError as error:
                # Never retried: after a failed commit nobody knows what the disk holds until it is
                # opened afresh.
                log.critical("the storage failed, the relay stops: %s", type(error).__name__)
                self._die(jobs)
                return
            except BaseException:
                # A bug of ours: nobody may be left waiting, and it must be seen.
                self._die(jobs)
                raise

    def _take(self) -> list[Job]:
        with self._wake:
            while not self._waiting and not self._closing:
                self._wake.wait()
            jobs = [self._waiting.popleft() for _ in range(min(GROUP, len(self._waiting)))]
            self._waiting_bytes -= sum(job.weight for job in jobs)
            return jobs

    def _commit_group(self, jobs: list[Job]) -> None:
        self._connection.execute("BEGIN IMMEDIATE")
        outcomes = tuple(self._perform(job) for job in jobs)
        self._feeds.flush()
        self._connection.execute("UPDATE meta SET v = v + 1 WHERE k = 'commits'")
        self._commit()
        self.commits += 1
        if any(job.is_change for job in jobs):
            self.directory = Directory.load(self._connection)
            self.epoch = max(1, read_meta(self._connection, "epoch"))
        touched, self._feeds.touched = frozenset(self._feeds.touched), set()
        self._announce(Committed(outcomes, touched, self.directory, self.commits))
        tidy_wal(self._connection, self._path)

    def _commit(self) -> None:
        self._connection.execute("COMMIT")

    def _perform(self, job: Job) -> tuple[Job, Any, Exception | None]:
        if time.monotonic() > job.deadline:
            return job, None, StoreBusy("it waited too long")
        if not job.is_change:
            return self._append(job)
        self._feeds.flush()
        self._connection.execute("SAVEPOINT change")
        try:
            answer = job.work(self._feeds)
            self._feeds.flush()
        except (Refusal, IntegrityError, LookupError, ValueError) as error:
            self._connection.execute("ROLLBACK TO change")
            self._connection.execute("RELEASE change")
            self._feeds.forget()
            return job, None, error
        self._connection.execute("RELEASE change")
        self._feeds.forget()
        return job, answer, None

    def _append(self, job: Job) -> tuple[Job, Any, Exception | None]:
        try:
            return job, job.work(self._feeds), None
        except (LookupError, ValueError) as error:
            # An append checks before it writes, so the rest of the group is not touched by this.
            return job, None, error

    def _die(self, jobs: list[Job]) -> None:
        with self._wake:
            self.is_dead = True
            jobs = [*jobs, *self._waiting]
            self._waiting.clear()
        failure = StoreFailed("the storage failed")
        outcomes = tuple((job, None, failure) for job in jobs)
        self._announce(Committed(outcomes, frozenset(), None, self.commits))
        self._failed()
