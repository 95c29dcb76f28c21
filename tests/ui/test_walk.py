"""The walk through the window ends, whatever a dialog does, and says what held it."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QVBoxLayout

from sacco_desktop.demo.tour import hands
from sacco_desktop.demo.tour.hands import Hands, NotSeen
from sacco_desktop.demo.walk import Walk
from sacco_desktop.ui.main_window import MainWindow


class Stubborn(QDialog):
    """Stays in front whoever wants to leave it, as the lock screen does."""

    def reject(self) -> None:
        """Not by Esc."""


def test_a_dialog_that_stays_ends_the_walk_and_is_named(
    window: MainWindow, qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hands, "_PATIENCE_SECONDS", 0.1)
    dialog = Stubborn(window)
    dialog.setObjectName("stubborn")
    QVBoxLayout(dialog).addWidget(QLabel("Grace is away"))
    dialog.open()
    walk = Walk(window, Hands(qapp, tmp_path), lambda _root, _where: None)
    with pytest.raises(NotSeen, match=r"stubborn .*Grace is away.* to close"):
        walk.leave(dialog)
    dialog.accept()


def test_who_walks_keeps_the_window_open(
    window: MainWindow, qapp: QApplication, tmp_path: Path
) -> None:
    walker = Hands(qapp, tmp_path)
    window.idle_watch.start()
    walker.touch(window)
    assert window.idle_watch.is_watching()
    window.idle_watch.stop()
    walker.touch(window)
    assert not window.idle_watch.is_watching()
