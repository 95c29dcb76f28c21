"""A second click on the icon: the window that is open comes to the front; where there is none, the refusal stays."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from sacco_desktop.operations.books_lock import hold_books
from sacco_desktop.settings import Settings, system_clock
from sacco_desktop.ui.first_window import FirstWindow, call_first_window
from sacco_desktop.ui.main_window import MainWindow


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[Settings]:
    """Books of this folder, which this process has open."""
    settings = Settings(tmp_path / "books", "FRONTDESK-PC", "file", "a practice passphrase")
    with hold_books(settings, system_clock, "the window"):
        yield settings


def test_a_second_start_brings_the_first_window_to_the_front(
    window: MainWindow, qtbot: QtBot, settings: Settings
) -> None:
    """The second one is the real program, started as by its icon; it ends at once and touches nothing."""
    first = FirstWindow(window, settings)
    window.lock()
    window.showMinimized()
    command = [sys.executable, "-m", "sacco_desktop", "--data-dir", str(settings.data_dir)]
    second = subprocess.Popen(command, env={**os.environ, "QT_QPA_PLATFORM": "offscreen"})
    try:
        qtbot.waitUntil(lambda: not window.isMinimized(), timeout=60_000)
        qtbot.waitUntil(lambda: second.poll() is not None, timeout=60_000)
    finally:
        second.kill()
        second.wait()
        first.close()
    assert second.returncode == 0
    assert window.isVisible()
    assert window.windowState() & Qt.WindowState.WindowActive
    assert window.office_lock.is_locked
    window.unlock()


def test_what_a_crash_left_does_not_keep_the_next_one_from_listening(
    window: MainWindow, qtbot: QtBot, settings: Settings
) -> None:
    before = FirstWindow(window, settings)
    again = FirstWindow(window, settings)
    assert again._server.isListening()
    before.close()
    again.close()


def test_where_nobody_listens_the_refusal_stays(settings: Settings) -> None:
    assert not call_first_window(settings)
