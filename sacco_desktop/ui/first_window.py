"""A second start on the same PC brings the window that is open to the front, instead of only saying no."""

from __future__ import annotations

import hashlib
import sys

from PySide6.QtCore import QObject, Qt
from PySide6.QtNetwork import QLocalServer, QLocalSocket
from PySide6.QtWidgets import QApplication, QWidget

from sacco_desktop.settings import Settings

# The window answers at once when its thread is free; nobody waits long in front of an icon that does nothing.
_CONNECT_MS, _ANSWER_MS = 500, 3_000
_SHOWN = b"shown"


class FirstWindow(QObject):
    """Listens while the window is open, for this user of this PC alone. Whoever calls may only ask to see it: a locked
    window stays locked.
    """

    def __init__(self, window: QWidget, settings: Settings) -> None:
        super().__init__(window)
        self._window = window
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._answer)
        name = _name(settings)
        # Whoever has the books is the first; what lies there else is left from a crash.
        QLocalServer.removeServer(name)
        self._server.listen(name)

    def close(self) -> None:
        """Listen no longer."""
        self._server.close()

    def _answer(self) -> None:
        if not self._server.hasPendingConnections():
            return
        caller = self._server.nextPendingConnection()
        self._show()
        caller.disconnected.connect(caller.deleteLater)
        caller.write(_SHOWN)
        caller.flush()
        caller.disconnectFromServer()

    def _show(self) -> None:
        state = self._window.windowState() & ~Qt.WindowState.WindowMinimized
        self._window.setWindowState(state | Qt.WindowState.WindowActive)
        self._window.show()
        self._window.raise_()
        self._window.activateWindow()
        QApplication.alert(self._window)


def call_first_window(settings: Settings) -> bool:
    """Ask the window that has these books open on this PC to come to the front; False when none answers, for example
    because another PC has them open.
    """
    _allow_it_to_come()
    caller = QLocalSocket()
    caller.connectToServer(_name(settings))
    if not caller.waitForConnected(_CONNECT_MS):
        return False
    is_shown = caller.waitForReadyRead(_ANSWER_MS) and bytes(caller.readAll().data()) == _SHOWN
    caller.abort()
    return is_shown


def _name(settings: Settings) -> str:
    """One name for each folder of books; short, because a socket's path may not be long."""
    place = str(settings.data_dir.resolve()).encode()
    return f"sacco-desktop-{hashlib.sha256(place).hexdigest()[:20]}"


if sys.platform == "win32":
    import ctypes

    def _allow_it_to_come() -> None:
        """Windows lets a program come to the front only when the one that the person just started allows it."""
        any_program = -1
        ctypes.windll.user32.AllowSetForegroundWindow(any_program)

else:

    def _allow_it_to_come() -> None:
        """Nothing forbids it here."""
