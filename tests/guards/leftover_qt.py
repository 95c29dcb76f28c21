"""A window or a running timer that outlives its test fails that test: it would disturb the next."""

import functools
import gc
import sys
import traceback
import weakref
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

# Qt keeps the window of the last tool tip for itself.
QT_KEEPS = {"QTipLabel"}

_started_at: "weakref.WeakKeyDictionary[Any, str]" = weakref.WeakKeyDictionary()


@functools.cache
def _note_where_timers_start() -> None:
    core = sys.modules["PySide6.QtCore"]
    start = core.QTimer.start

    def noted_start(self: Any, *args: Any) -> None:
        caller = traceback.extract_stack(limit=2)[0]
        _started_at[self] = f"{caller.filename}:{caller.lineno}"
        start(self, *args)

    core.QTimer.start = noted_start


def running_timers() -> dict[Any, str]:
    """Each active timer that Python started, with the file and line of its start."""
    from shiboken6 import isValid

    return {
        timer: where
        for timer, where in list(_started_at.items())
        if isValid(timer) and timer.isActive()
    }


def open_windows() -> "list[QWidget]":
    """Top-level widgets without a parent; a child goes with its parent, which is listed itself."""
    from PySide6.QtWidgets import QApplication

    return [
        widget
        for widget in QApplication.topLevelWidgets()
        if widget.parent() is None and widget.metaObject().className() not in QT_KEEPS
    ]


def _application_exists() -> bool:
    widgets = sys.modules.get("PySide6.QtWidgets")
    return widgets is not None and widgets.QApplication.instance() is not None


def _leftovers(windows_before: set[int], timers_before: set[Any]) -> list[str]:
    from shiboken6 import getCppPointer

    found = [
        f"window {window.objectName() or type(window).__name__}"
        for window in open_windows()
        if getCppPointer(window)[0] not in windows_before
    ]
    for timer, where in running_timers().items():
        if timer not in timers_before:
            found.append(f"timer started at {where}")
    return found


@pytest.fixture(autouse=True)
def _fail_on_leftover_windows_and_timers() -> Iterator[None]:
    if "PySide6.QtCore" in sys.modules:
        _note_where_timers_start()
    windows: set[int] = set()
    timers: set[Any] = set()
    if _application_exists():
        from shiboken6 import getCppPointer

        windows = {getCppPointer(window)[0] for window in open_windows()}
        timers = set(running_timers())
    yield
    if not _application_exists():
        return
    from PySide6.QtCore import QCoreApplication, QEvent

    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    if _leftovers(windows, timers):
        # Only now is a collection worth its time: a window may hang in a reference cycle.
        gc.collect()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    if found := _leftovers(windows, timers):
        pytest.fail(f"Left behind by the test: {', '.join(found)}", pytrace=False)
