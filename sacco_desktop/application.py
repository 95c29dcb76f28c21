"""The composition root of the window: settings, books, gateways, lanes, window, clock. Read it top to bottom."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from logging.handlers import RotatingFileHandler

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication

from sacco_desktop.operations.open_office import OpenedOffice, open_office
from sacco_desktop.settings import Settings
from sacco_desktop.ui.front_office import FrontOffice

_LOG_BYTES, _LOG_FILES = 2_000_000, 5


def run_window(settings: Settings, now: Callable[[], datetime]) -> int:
    """Open the office of this PC and its window; returns the exit code when the window is closed."""
    app = QApplication(sys.argv[:1])
    with open_office(settings, now) as opened, front_office(app, opened, settings, now):
        return app.exec()


@contextmanager
def front_office(
    app: QApplication,
    opened: OpenedOffice,
    settings: Settings,
    now: Callable[[], datetime],
    *,
    hint: str = "",
) -> Iterator[FrontOffice]:
    """The window of an office that is open, with its log and its crash dialog; taken away when the block ends."""
    with logging_to(settings):
        front = FrontOffice(app, opened, settings, now, hint=hint)
        hooks = sys.excepthook, threading.excepthook
        sys.excepthook = front.messages.catch
        threading.excepthook = front.messages.catch_in_thread
        try:
            front.open()
            yield front
        finally:
            front.close()
            sys.excepthook, threading.excepthook = hooks
            front.window.deleteLater()
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


@contextmanager
def logging_to(settings: Settings) -> Iterator[None]:
    """Write the log to the file that a crash dialog points to, for as long as the block lasts."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    handler = RotatingFileHandler(
        settings.log_path, maxBytes=_LOG_BYTES, backupCount=_LOG_FILES, encoding="utf-8"
    )
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    # These two write whole addresses, and a callback address is a secret.
    for chatty in ("httpx", "httpcore"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    root = logging.getLogger()
    root.addHandler(handler)
    try:
        yield
    finally:
        root.removeHandler(handler)
        handler.close()
