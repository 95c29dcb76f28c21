"""The clock of the open window: a tick each minute on the GUI thread hands the jobs that are due to the lanes."""

from __future__ import annotations

from apscheduler.executors.debug import DebugExecutor
from apscheduler.schedulers.qt import QtScheduler
from PySide6.QtCore import QObject, Signal

from sacco_desktop.operations.office import Office
from sacco_desktop.operations.run_jobs import run_due
from sacco_desktop.services.office.job_list import JobEnd
from sacco_desktop.ui.background import Background

_TICK_SECONDS = 60


class Clock(QObject):
    """Ticks while the window is open. Which jobs are due is decided by the books, so nothing is missed or doubled.

    The scheduler keeps no jobs of its own but the tick: a stored job would neither catch up nor be safe to load.
    """

    ticked = Signal(object)

    def __init__(
        self, background: Background, office: Office, *, seconds: float = _TICK_SECONDS
    ) -> None:
        super().__init__()
        self.setObjectName("clock")
        self._background = background
        self._office = office
        self._seconds = seconds
        self._is_running = False
        # The scheduler's own choice is a pool of threads, and only the GUI thread may start work.
        executors = {"default": DebugExecutor()}
        self._scheduler = QtScheduler(timezone="UTC", executors=executors)

    def start(self) -> None:
        """Tick now and then every minute."""
        # A tick that comes late, because the PC was busy or slept, is made up and not left out.
        self._scheduler.add_job(
            self.tick, "interval", seconds=self._seconds, misfire_grace_time=None
        )
        self._scheduler.start()
        self.tick()

    def stop(self) -> None:
        """Tick no more; a run under way goes on to its end."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    def tick(self) -> None:
        """Run what is due, unless the round before still runs."""
        if self._is_running:
            return
        self._is_running = True
        self._background.operate(
            lambda: run_due(self._office), owner=self, done=self._ended, failed=self._broke
        )

    def _ended(self, ends: tuple[JobEnd, ...]) -> None:
        self._is_running = False
        self.ticked.emit(ends)

    def _broke(self, error: BaseException) -> None:
        self._is_running = False
        raise error
