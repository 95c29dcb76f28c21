"""The composition root of the window: settings, what opens the books, gateways, lanes, window, clock. Read it top to
bottom.
"""

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

from sacco_desktop.domain.errors import BooksInUse
from sacco_desktop.operations.open_office import OpenedOffice, open_office
from sacco_desktop.settings import Settings, resources_dir
from sacco_desktop.ui.first_window import FirstWindow, call_first_window
from sacco_desktop.ui.front_office import FrontOffice
from sacco_desktop.ui.garbage import cleared_on_gui_thread
from sacco_desktop.ui.messages import Messages
from sacco_desktop.ui.start.start import Start
from sacco_desktop.ui.theme.theme import Theme

_LOG_BYTES, _LOG_FILES = 2_000_000, 5


def run_window(settings: Settings, now: Callable[[], datetime]) -> int:
    """Open the office of this PC and its window; returns the exit code when the window is closed."""
    return run_in(QApplication(sys.argv[:1]), settings, now)


def run_in(app: QApplication, settings: Settings, now: Callable[[], datetime]) -> int:
    """Begin, and begin again as often as the person wishes, until the window was closed or nothing else helps.

    Whatever keeps the books shut is told in a window, because nobody reads the console of a program with a window.
    """
    theme = Theme(app, resources_dir())
    messages = Messages(settings.log_path)
    start = Start(theme, messages, settings, now)
    while True:
        # While one dialog follows another, the last one closed must not end the program.
        app.setQuitOnLastWindowClosed(False)
        try:
            with logging_to(settings), _catching(messages):
                return _open_and_run(app, start, theme, now)
        except Exception as trouble:
            if isinstance(trouble, BooksInUse) and call_first_window(settings):
                return 0
            if not start.tell(trouble):
                return 1


def _open_and_run(
    app: QApplication,
    start: Start,
    theme: Theme,
    now: Callable[[], datetime],
) -> int:
    opening = start.settings_that_open()
    if opening is None:
        return 0
    with open_office(opening, now) as opened:
        if not start.set_up(opened, opening):
            return 0
        with front_office(app, opened, opening, now, theme=theme) as front:
            first = FirstWindow(front.window, opening)
            app.setQuitOnLastWindowClosed(True)
            try:
                return app.exec()
            finally:
                first.close()


@contextmanager
def front_office(
    app: QApplication,
    opened: OpenedOffice,
    settings: Settings,
    now: Callable[[], datetime],
    *,
    hint: str = "",
    theme: Theme | None = None,
) -> Iterator[FrontOffice]:
    """The window of an office that is open, with its log and its crash dialog; taken away when the block ends."""
    with logging_to(settings), cleared_on_gui_thread():
        front = FrontOffice(app, opened, settings, now, hint=hint, theme=theme)
        with _catching(front.messages):
            try:
                front.open()
                yield front
            finally:
                front.close()
                front.window.deleteLater()
                # An answer that is still on its way finds nobody then, instead of a window that is gone.
                front.deleteLater()
                QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


@contextmanager
def _catching(messages: Messages) -> Iterator[None]:
    """Show a bug that nobody caught in a crash dialog, on whatever thread it happened."""
    hooks = sys.excepthook, threading.excepthook
    sys.excepthook = messages.catch
    threading.excepthook = messages.catch_in_thread
    try:
        yield
    finally:
        sys.excepthook, threading.excepthook = hooks


@contextmanager
def logging_to(settings: Settings) -> Iterator[None]:
    """Write the log to the file that a crash dialog points to, for as long as the block lasts; one block inside another
    writes each line once.
    """
    root = logging.getLogger()
    place = str(settings.log_path.absolute())
    if any(getattr(kept, "baseFilename", "") == place for kept in root.handlers):
        yield
        return
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    handler = RotatingFileHandler(
        settings.log_path, maxBytes=_LOG_BYTES, backupCount=_LOG_FILES, encoding="utf-8"
    )
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    # These two write whole addresses, and a callback address is a secret.
    for chatty in ("httpx", "httpcore"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    root.addHandler(handler)
    try:
        yield
    finally:
        root.removeHandler(handler)
        handler.close()
