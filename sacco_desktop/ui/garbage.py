"""Clears away what Python no longer needs on the GUI thread alone, a little at a time.

By itself Python does it on whatever thread happens to allocate: there it could take a Qt object apart off the GUI
thread, and a search of everything that the program ever imported stood the window still for a fifth of a second.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QBasicTimer, QObject, QTimerEvent

_EVERY_MS = 250
# Python's own proportion: the older half every tenth time, all that is younger than the window every hundredth.
_OLDER_EVERY = 10


@contextmanager
def cleared_on_gui_thread() -> Iterator[None]:
    """Within the block Python clears away only when the event loop of this thread gets to it.

    What was there before the block, such as modules and styles, is not searched: it stays anyhow.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    gc.freeze()
    clearing = ClearAway()
    clearing.start()
    try:
        yield
    finally:
        clearing.stop()
        gc.unfreeze()
        if was_enabled:
            gc.enable()


class ClearAway(QObject):
    """Clears some away, four times a second while it runs. Python's own clearing away must be off meanwhile."""

    def __init__(self) -> None:
        super().__init__()
        self._timer = QBasicTimer()

    def start(self) -> None:
        """From now on, whenever the event loop of this thread has time."""
        self._timer.start(_EVERY_MS, self)

    def stop(self) -> None:
        """No more."""
        self._timer.stop()

    def timerEvent(self, _event: QTimerEvent) -> None:
        _clear_some()


def _clear_some() -> None:
    young, middle, old = gc.get_count()
    if old >= _OLDER_EVERY:
        gc.collect(2)
    elif middle >= _OLDER_EVERY:
        gc.collect(1)
    elif young > gc.get_threshold()[0]:
        gc.collect(0)
