"""The hands of the guided tour: they find widgets by name, type and click as a person does, and wait for what
must appear.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar, overload

from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtGui import QColor, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from sacco_desktop.ui.main_window import MainWindow

W = TypeVar("W", bound=QWidget)

_PATIENCE_SECONDS = 40.0


def let_work(milliseconds: int) -> None:
    """Let the window work for a while. QTest.qWait would do it too, but holds Python back from all other threads
    meanwhile.
    """
    loop, timer = QEventLoop(), QTimer()
    timer.setSingleShot(True)
    timer.timeout.connect(loop.quit)
    timer.start(milliseconds)
    loop.exec()


class NotSeen(Exception):
    """What the tour waited for did not happen; the tour has failed."""


class Hands:
    """Works on the visible windows of one application."""

    def __init__(self, app: QApplication, pictures: Path) -> None:
        self._app = app
        self._pictures = pictures
        self._shown = 0

    def wait_for(self, what: str, happens: Callable[[], bool]) -> None:
        """Let the window work until something is so. Raises NotSeen, naming it."""
        end = time.monotonic() + _PATIENCE_SECONDS
        while not happens():
            if time.monotonic() > end:
                raise NotSeen(f"Waited in vain: {what}")
            let_work(10)

    @overload
    def find(self, name: str) -> QWidget: ...

    @overload
    def find(self, name: str, kind: type[W]) -> W: ...

    def find(self, name: str, kind: type[QWidget] = QWidget) -> QWidget:
        """The visible widget of this name, once it is there. A dialog in front comes before the window behind it."""
        self.wait_for(f"a visible {name}", lambda: self._seen(name, kind) is not None)
        found = self._seen(name, kind)
        assert found is not None
        return found

    def is_seen(self, name: str) -> bool:
        """Whether a widget of this name is visible now."""
        return self._seen(name, QWidget) is not None

    def _seen(self, name: str, kind: type[QWidget]) -> QWidget | None:
        windows = [self._app.activeModalWidget(), *reversed(self._app.topLevelWidgets())]
        for window in windows:
            if window is None or not window.isVisible():
                continue
            if window.objectName() == name and isinstance(window, kind):
                return window
            for widget in window.findChildren(kind, name):
                if widget.isVisible():
                    return widget
        return None

    def type_into(self, name: str, text: str) -> None:
        """Click into a field, empty it and type."""
        field = self.find(name)
        field.setFocus(Qt.FocusReason.TabFocusReason)
        QTest.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        QTest.keyClick(field, Qt.Key.Key_Delete)
        QTest.keyClicks(field, text)

    def press(self, name: str, key: Qt.Key, *modifiers: Qt.KeyboardModifier) -> None:
        """Press one key in a widget."""
        held = Qt.KeyboardModifier.NoModifier
        for modifier in modifiers:
            held |= modifier
        QTest.keyClick(self.find(name), key, held)

    def click(self, name: str) -> None:
        """Click a button once it can be clicked."""
        button = self.find(name, QAbstractButton)
        self.wait_for(f"{name} to be ready", button.isEnabled)
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    def touch(self, window: MainWindow) -> None:
        """Somebody is here, although buttons are clicked without a mouse: the window does not lock for want of a hand,
        as it would after some minutes.
        """
        if window.idle_watch.is_watching():
            window.idle_watch.start()

    def gone(self, name: str) -> None:
        """Wait until a dialog has closed."""
        self.wait_for(f"{name} to close", lambda: not self.is_seen(name))

    def picture(self, name: str, window: QWidget) -> Path:
        """Keep a screenshot, numbered in the order of the tour, with the dialog in front of the window drawn on it."""
        let_work(30)
        self._shown += 1
        shot = window.grab()
        dialog = self._app.activeModalWidget()
        if dialog is not None and dialog is not window:
            # A grab of the window holds no dialog, which is a window of its own; a person sees both.
            painter = QPainter(shot)
            painter.fillRect(shot.rect(), QColor(0, 0, 0, 70))
            left = max(0, (window.width() - dialog.width()) // 2)
            top = max(0, (window.height() - dialog.height()) // 2)
            painter.drawPixmap(left, top, dialog.grab())
            painter.end()
        path = self._pictures / f"{self._shown:02d}-{name}.png"
        shot.save(str(path))
        return path
