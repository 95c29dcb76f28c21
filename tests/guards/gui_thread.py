"""A widget touched off the GUI thread fails the test, and says which method it was.

Qt itself says nothing about a label that a worker changes; the program crashes some day instead.
"""

import functools
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

# Methods with arguments keep theirs. Methods without any are listed apart, because PySide counts
# the parameters of a slot: a wrapper with *args would hand `clicked(bool)` on to `show`.
WITH_ARGUMENTS = {
    "QWidget": ("setEnabled", "setVisible", "setWindowTitle", "setStyleSheet", "setToolTip"),
    "QLabel": ("setText", "setPixmap"),
    "QLineEdit": ("setText",),
    "QAbstractButton": ("setText", "setChecked"),
    "QPlainTextEdit": ("setPlainText", "appendPlainText"),
    "QTextEdit": ("setPlainText",),
    "QProgressBar": ("setValue",),
    "QTableView": ("setModel",),
    "QComboBox": ("addItem", "setCurrentIndex"),
    "QStackedWidget": ("setCurrentIndex", "setCurrentWidget"),
}
WITHOUT_ARGUMENTS = {"QWidget": ("show", "hide", "close"), "QDialog": ("accept", "reject")}

_touched: list[str] = []


class TouchedOffTheGuiThread(RuntimeError):
    """Raised where it happened; the test fails even when a worker swallows it."""


def _check(widget: Any, name: str) -> None:
    if threading.current_thread() is threading.main_thread():
        return
    thread = threading.current_thread().name
    _touched.append(f"{type(widget).__name__}.{name} in thread {thread}")
    raise TouchedOffTheGuiThread(_touched[-1])


def _with_arguments(original: Callable[..., Any], name: str) -> Callable[..., Any]:
    @functools.wraps(original, assigned=("__name__", "__doc__"))
    def guarded(self: Any, *args: Any, **kwargs: Any) -> Any:
        _check(self, name)
        return original(self, *args, **kwargs)

    return guarded


def _without_arguments(original: Callable[..., Any], name: str) -> Callable[..., Any]:
    @functools.wraps(original, assigned=("__name__", "__doc__"))
    def guarded(self: Any) -> Any:
        _check(self, name)
        return original(self)

    return guarded


@functools.cache
def _wrap_widgets() -> None:
    """Done once a session, and only after something else has imported Qt."""
    widgets = sys.modules["PySide6.QtWidgets"]
    for wrap, methods in (
        (_with_arguments, WITH_ARGUMENTS),
        (_without_arguments, WITHOUT_ARGUMENTS),
    ):
        for class_name, names in methods.items():
            kind = getattr(widgets, class_name)
            for name in names:
                setattr(kind, name, wrap(getattr(kind, name), name))


@pytest.fixture(autouse=True)
def _fail_off_the_gui_thread() -> Iterator[None]:
    if "PySide6.QtWidgets" in sys.modules:
        _wrap_widgets()
    _touched.clear()
    yield
    if _touched:
        pytest.fail(f"Touched off the GUI thread: {', '.join(_touched)}", pytrace=False)
