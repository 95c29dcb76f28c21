"""Notices when nobody has touched the program for some minutes.

It listens at the windows and not at the application: a Python filter there would see every event of every widget.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication, QWindow

_TOUCH = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.InputMethod,
    }
)


class IdleWatch(QObject):
    """`touched` tells of each touch, `idle` once when the time has passed without a key, the mouse or a touch."""

    idle = Signal()
    touched = Signal()

    def __init__(self, app: QGuiApplication, minutes: float, parent: QObject) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(round(minutes * 60_000))
        self._timer.timeout.connect(self.idle)
        app.focusWindowChanged.connect(self._listen)

    def start(self) -> None:
        """Somebody has signed in."""
        self._timer.start()

    def stop(self) -> None:
        """Nobody is in, so nothing needs covering."""
        self._timer.stop()

    def is_watching(self) -> bool:
        """Whether the time runs."""
        return self._timer.isActive()

    @Slot(QWindow)
    def _listen(self, window: QWindow | None) -> None:
        if window is not None:
            window.installEventFilter(self)  # a second time only moves it to the front

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _TOUCH and self._timer.isActive():
            self._timer.start()
            self.touched.emit()
        return False
