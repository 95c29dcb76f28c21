"""The clock of the window ticks on the GUI thread, again and again."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from sacco_desktop.operations.open_office import open_office
from sacco_desktop.settings import Settings
from sacco_desktop.ui.background import Background
from sacco_desktop.ui.clock import Clock
from tests.guards.office_clock import OfficeClock
from tests.operations.quick_secrets import weaken_passwords


def test_every_tick_comes_on_the_gui_thread(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, office_clock: OfficeClock
) -> None:
    weaken_passwords(monkeypatch)
    settings = Settings(tmp_path / "office", "PC", "file", "a passphrase of a test")
    ticks: list[bool] = []
    with open_office(settings, office_clock.now) as opened:
        background = Background(opened.office.lanes, opened.office.books, lambda *_: None)
        clock = Clock(background, opened.office, seconds=0.05)
        clock.ticked.connect(
            lambda _ends: ticks.append(threading.current_thread() is threading.main_thread())
        )
        clock.start()
        qtbot.waitUntil(lambda: len(ticks) >= 4, timeout=30_000)
        clock.stop()
        qtbot.waitUntil(lambda: not clock._is_running, timeout=30_000)
    assert all(ticks)
