"""A person in front of the screen before there is a window: acts as soon as what is waited for can be seen.

The start waits in loops of its own, so the hands live in a timer and not in the test's own lines.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QDialog,
    QLabel,
    QLineEdit,
    QMainWindow,
    QWidget,
)

# What pytest.fail raises is no Exception.
Failed = pytest.fail.Exception
Act = Callable[[QWidget], None]
Ready = Callable[[QWidget], bool]
_PATIENCE_SECONDS = 20.0


class Hands:
    """`when` queues an act for a window by its object name; they are done one after the other."""

    def __init__(self, app: QApplication) -> None:
        self._app = app
        self._acts: list[tuple[str, Act, Ready]] = []
        self._since = monotonic()
        self.trouble: BaseException | None = None
        self.seen: list[str] = []
        self.timer = QTimer()
        self.timer.setInterval(10)
        self.timer.timeout.connect(self._look)

    def when(self, name: str, act: Act, is_ready: Ready = lambda _window: True) -> None:
        self._acts.append((name, act, is_ready))

    @property
    def is_done(self) -> bool:
        return not self._acts

    def _look(self) -> None:
        if not self._acts:
            return
        name, act, is_ready = self._acts[0]
        ready = (w for w in self._windows() if w.objectName() == name and is_ready(w))
        found = next(ready, None)
        if found is None:
            if monotonic() - self._since > _PATIENCE_SECONDS:
                names = [window.objectName() for window in self._windows()]
                self._give_up(AssertionError(f"{name} never came; there are {names}"))
            return
        self._acts.pop(0)
        self._since = monotonic()
        self.seen.append(name)
        try:
            act(found)
        except (Exception, Failed) as trouble:  # noqa: BLE001 - raised again at the end
            self._give_up(trouble)

    def _windows(self) -> list[QWidget]:
        return [window for window in self._app.topLevelWidgets() if window.isVisible()]

    def _give_up(self, trouble: BaseException) -> None:
        """Close everything, so that the start ends and the test can fail with what went wrong."""
        self.trouble = self.trouble or trouble
        self._acts = []
        for window in self._windows():
            if isinstance(window, QDialog):
                QDialog.reject(window)
                window.done(0)
        for window in self._windows():
            window.close()
        self._app.quit()


@contextmanager
def hands(app: QApplication) -> Iterator[Hands]:
    """Hands for the length of a block; what went wrong while they worked is raised at its end."""
    person = Hands(app)
    person.timer.start()
    try:
        yield person
    finally:
        person.timer.stop()
        if person.trouble is not None:
            raise person.trouble
    assert person.is_done, "not everything that was queued was done"


def type_in(window: QWidget, **fields: str) -> None:
    for name, text in fields.items():
        line = window.findChild(QLineEdit, name)
        assert isinstance(line, QLineEdit), name
        line.setText(text)


def press(window: QWidget, name: str) -> None:
    button = window.findChild(QAbstractButton, name)
    assert isinstance(button, QAbstractButton), name
    assert button.isEnabled(), f"{name} is locked"
    button.click()


def text_of(window: QWidget, name: str) -> str:
    label = window.findChild(QLabel, name)
    assert isinstance(label, QLabel), name
    return label.text() if label.isVisible() else ""


def close_window(window: QWidget) -> None:
    assert isinstance(window, QMainWindow)
    window.close()
