"""Runs work in the lanes and hands every answer back on the GUI thread.

One emitter that lives in the GUI thread serves everything: a slot of an object that was moved to a
worker thread, or a lambda connected to one, would run in the worker without a word from Qt.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar
from weakref import WeakKeyDictionary

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal, Slot

from sacco_desktop.operations.lanes import Lane, Lanes
from sacco_desktop.ui.messages import NOTHING_SAVED, WAS_SAVED
from sacco_desktop.ui.newest_answer import NewestAnswer

A = TypeVar("A")
R = TypeVar("R")

Done = Callable[[R], None]
Failed = Callable[[BaseException], None]


class Books(Protocol):
    """Whatever opens the transaction around a service. `services.work.Books` is one."""

    def write(self, service: Callable[[Any, A], R], argument: A, *, actor: Any) -> R:
        """Run the service in a transaction of its own, commit, and say what changed."""

    def read(self, service: Callable[[Any, A], R], argument: A, *, actor: Any) -> R:
        """Run the service on one unchanging view of the books."""


@dataclass(frozen=True, slots=True)
class _Job:
    lane: Lane
    future: Future[Any]
    owner: QObject
    done: Done[Any]
    failed: Failed | None
    is_counted: bool = True


def _nothing_follows(_answer: None) -> None:
    """What never ends has no answer."""


class Background(QObject):
    """The only way from a page to the lanes and back.

    `done` and `failed` run on the GUI thread, in the order in which the work ended, and only while
    `owner` lives. Without `failed` the error goes to `show`. `actor` is the person signed in; the
    books ask for one.
    """

    changed = Signal(object)
    busy_changed = Signal(str, int)
    progress_told = Signal(str)
    _answered = Signal(object)
    _announced = Signal(object)
    _told = Signal(str)
    _handed = Signal(object)

    def __init__(
        self,
        lanes: Lanes,
        books: Books,
        show: Callable[[BaseException, QObject | None], None],
    ) -> None:
        super().__init__()
        self._lanes = lanes
        self._books = books
        self._show = show
        self._gui_thread = threading.get_ident()
        self._under_way: Counter[Lane] = Counter()
        self._anew: WeakKeyDictionary[QObject, dict[Any, NewestAnswer]] = WeakKeyDictionary()
        self.actor: Any = None
        queued = Qt.ConnectionType.QueuedConnection
        self._answered.connect(self._deliver, queued)
        self._announced.connect(self.changed, queued)
        self._told.connect(self.progress_told, queued)
        self._handed.connect(self._hand_over, queued)

    def write(
        self,
        service: Callable[[Any, A], R],
        argument: A,
        *,
        owner: QObject,
        done: Done[R],
        failed: Failed | None = None,
    ) -> None:
        """Run a service in one transaction. A write is never cut off, whatever becomes of
        `owner`."""
        books, actor = self._books, self.actor
        self._start(
            Lane.WRITE, lambda: books.write(service, argument, actor=actor), owner, done, failed
        )

    def read(
        self,
        service: Callable[[Any, A], R],
        argument: A,
        *,
        owner: QObject,
        done: Done[R],
        failed: Failed | None = None,
    ) -> None:
        """Run a service that only looks."""
        books, actor = self._books, self.actor
        self._start(
            Lane.READ, lambda: books.read(service, argument, actor=actor), owner, done, failed
        )

    def read_anew(
        self,
        service: Callable[[Any, A], R],
        argument: A,
        *,
        owner: QObject,
        done: Done[R],
        failed: Failed | None = None,
    ) -> None:
        """Read what `owner` shows by this service once more. Readings run side by side, so an answer to an older
        question than the one that was answered last is let go, its failure too.
        """
        answers = self._anew.setdefault(owner, {})
        of_service = answers.setdefault(service, NewestAnswer())
        show = failed or (lambda error: self._show(error, owner))
        newest_done, newest_failed = of_service.ask(done, show)
        self.read(service, argument, owner=owner, done=newest_done, failed=newest_failed)

    def render(
        self,
        work: Callable[[], R],
        *,
        owner: QObject,
        done: Done[R],
        failed: Failed | None = None,
    ) -> None:
        """Draw a paper or do other heavy sums, one at a time."""
        self._start(Lane.RENDER, work, owner, done, failed)

    def operate(
        self,
        make_coroutine: Callable[[], Awaitable[R]],
        *,
        owner: QObject,
        done: Done[R],
        failed: Failed | None = None,
    ) -> None:
        """Run an operation that talks to the outside."""
        self._only_on_the_gui_thread()
        self._follow(_Job(Lane.NET, self._lanes.submit_async(make_coroutine), owner, done, failed))

    def keep_running(
        self, make_coroutine: Callable[[], Awaitable[None]], *, owner: QObject
    ) -> None:
        """Run what lives as long as the window, such as listening; nobody is told that it is busy with that."""
        self._only_on_the_gui_thread()
        future = self._lanes.submit_async(make_coroutine)
        self._follow(_Job(Lane.NET, future, owner, _nothing_follows, None, is_counted=False))

    def announce(self, topics: frozenset[Any]) -> None:
        """Pass on what a commit changed. The books call it on the writing thread, delivered as
        `changed` on the GUI thread."""
        self._announced.emit(topics)

    def tell_progress(self, words: str) -> None:
        """Say from any lane how far a long job is: "Statements 120 of 412". Empty when it has
        ended."""
        self._told.emit(words)

    def for_gui(self, do: Callable[[R], None], owner: QObject) -> Callable[[R], None]:
        """A function that any lane may call; `do` then runs on the GUI thread while `owner` lives."""
        return lambda told: self._handed.emit((owner, do, told))

    def close(self, timeout_seconds: float) -> bool:
        """Close the lanes; answers that still come are dropped. False if something would not end in
        time."""
        self._only_on_the_gui_thread()
        self._answered.disconnect(self._deliver)
        return self._lanes.close(timeout_seconds)

    def _start(
        self,
        lane: Lane,
        work: Callable[[], R],
        owner: QObject,
        done: Done[R],
        failed: Failed | None,
    ) -> None:
        self._only_on_the_gui_thread()
        self._follow(_Job(lane, self._lanes.submit(lane, work), owner, done, failed))

    def _follow(self, job: _Job) -> None:
        if job.is_counted:
            self._count(job.lane, 1)
        job.future.add_done_callback(lambda _future: self._answered.emit(job))

    @Slot(object)
    def _deliver(self, job: _Job) -> None:
        if job.is_counted:
            self._count(job.lane, -1)
        if job.future.cancelled():
            return
        error = job.future.exception()
        if error is not None:
            self._deliver_error(job, error)
        elif shiboken6.isValid(job.owner):
            try:
                job.done(job.future.result())
            except Exception as bug:
                if job.lane is Lane.WRITE:
                    bug.add_note(WAS_SAVED)
                raise

    @Slot(object)
    def _hand_over(self, handed: tuple[QObject, Callable[[Any], None], Any]) -> None:
        owner, do, told = handed
        if shiboken6.isValid(owner):
            do(told)

    def _deliver_error(self, job: _Job, error: BaseException) -> None:
        if job.lane is Lane.WRITE:
            error.add_note(NOTHING_SAVED)
        if not shiboken6.isValid(job.owner):
            # Nobody waits for a lost answer, but a person must learn that what he asked for was not
            # written.
            if job.lane is Lane.WRITE:
                self._show(error, None)
        elif job.failed is not None:
            job.failed(error)
        else:
            self._show(error, job.owner)

    def _count(self, lane: Lane, step: int) -> None:
        self._under_way[lane] += step
        self.busy_changed.emit(lane, self._under_way[lane])

    def _only_on_the_gui_thread(self) -> None:
        assert threading.get_ident() == self._gui_thread, "only the GUI thread may start work"
