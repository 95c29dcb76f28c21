"""Tests with a window clear garbage away as the program does: on the GUI thread, when its event loop gets to it.

By itself Python does it at any allocation, on any thread: in the middle of a change of colours, where Qt holds on to
what is being cleared away, or on a lane. Both have ended a test process with a crash that no user could meet.
"""

import gc
import sys
from collections.abc import Iterator

import pytest

WINDOWS = {"qapp", "qtbot"}


@pytest.fixture(autouse=True, scope="module")
def _clear_away_after_the_windows_of_a_module() -> Iterator[None]:
    yield
    if "PySide6.QtWidgets" in sys.modules:
        gc.collect()


@pytest.fixture(autouse=True)
def _clear_away_on_the_gui_thread(request: pytest.FixtureRequest) -> Iterator[None]:
    if not WINDOWS & set(request.fixturenames):
        yield
        return
    from sacco_desktop.ui.garbage import ClearAway

    gc.disable()
    clearing = ClearAway()
    clearing.start()
    try:
        yield
    finally:
        clearing.stop()
        gc.collect(1)
        gc.enable()
        if (
            not gc.get_freeze_count()
        ):  # a window that was run whole has thawed what the whole run keeps
            gc.freeze()
