"""The one place that speaks to a person in a box: a rule that says no, a question, or a bug.

Success is never told in a box; that is what toasts are for.
"""

from __future__ import annotations

import hashlib
import logging
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMessageBox, QWidget

from sacco_desktop.domain.errors import OutsideUnavailable, SaccoError

# Notes that the bridge to the lanes hangs on an exception, because only it knows what became of the
# books.
NOTHING_SAVED = "Nothing was saved."
WAS_SAVED = "It was saved; the screen could not show it."

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Question:
    """A decision that is needed now. The buttons are verbs that repeat the sentence, never OK or
    Yes."""

    title: str
    text: str
    act: str
    keep: str


class Messages(QObject):
    """Shows each kind of error where it belongs; every box is plain text and leaves the window
    usable after it."""

    outside_unavailable = Signal(object)
    _caught = Signal(object)

    def __init__(self, log_path: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._log_path = log_path
        self._window: QWidget | None = None
        self._boxes: set[QMessageBox] = set()
        self._shown_references: set[str] = set()
        self._caught.connect(self._show_caught, Qt.ConnectionType.QueuedConnection)

    def use_window(self, window: QWidget) -> None:
        """Show over this window whatever has no page of its own."""
        self._window = window

    def show(self, error: BaseException, owner: QObject | None) -> None:
        """Tell a person about `error`: an outage in the banner, a refusal as its one sentence, a
        bug as a crash."""
        if isinstance(error, OutsideUnavailable):
            self.outside_unavailable.emit(error)
        elif isinstance(error, SaccoError):
            self.tell(owner, "Not done", error.message)
        else:
            self._crash(error, owner)

    def tell(self, owner: QObject | None, title: str, text: str) -> None:
        """Say one thing that a person must have read; there is nothing to decide."""
        box = self._box(owner, title, text)
        box.setObjectName("message")
        box.addButton("Close", QMessageBox.ButtonRole.RejectRole)
        box.open()

    def ask(
        self, owner: QObject | None, question: Question, decided: Callable[[bool], None]
    ) -> None:
        """Ask before something is lost. Enter and Esc both choose to keep, so that a reflex changes
        nothing."""
        box = self._box(owner, question.title, question.text)
        box.setObjectName("question")
        act = box.addButton(question.act, QMessageBox.ButtonRole.AcceptRole)
        # Whenever letters or colours change Qt lays the buttons out anew, and would make the first its default.
        act.setAutoDefault(False)
        keep = box.addButton(question.keep, QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(keep)
        box.setEscapeButton(keep)
        box.buttonClicked.connect(lambda button: decided(button is act))
        box.open()

    def catch(
        self, _kind: type[BaseException], error: BaseException, _trace: TracebackType | None
    ) -> None:
        """For `sys.excepthook`; may be called on any thread."""
        self._caught.emit(error)

    def catch_in_thread(self, what: threading.ExceptHookArgs) -> None:
        """For `threading.excepthook`."""
        if what.exc_value is not None:
            self._caught.emit(what.exc_value)

    @Slot(object)
    def _show_caught(self, error: BaseException) -> None:
        self._crash(error, None)

    def _crash(self, error: BaseException, owner: QObject | None) -> None:
        """One box for each traceback, however often it comes; the log gets every one."""
        reference = reference_of(error)
        _log.error("Reference %s", reference, exc_info=error)
        if reference in self._shown_references:
            return
        self._shown_references.add(reference)
        notes = set(getattr(error, "__notes__", ())) & {NOTHING_SAVED, WAS_SAVED}
        sentences = [
            f"Something went wrong in the program. Reference {reference}.",
            *sorted(notes),
            f"Tell support the reference. The details are in {self._log_path}.",
        ]
        box = self._box(owner, "Something went wrong", "\n\n".join(sentences))
        box.setObjectName("crash")
        copy = box.addButton("Copy details", QMessageBox.ButtonRole.ActionRole)
        copy.setObjectName("copy_details")
        # A button of a message box closes it; copying must not.
        copy.clicked.disconnect()
        details = details_for_support(error, reference)
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(details))
        box.setDefaultButton(box.addButton("Close", QMessageBox.ButtonRole.RejectRole))
        box.open()

    def _box(self, owner: QObject | None, title: str, text: str) -> QMessageBox:
        parent = owner.window() if isinstance(owner, QWidget) else self._window
        box = QMessageBox(parent)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setWindowTitle(title)
        box.setText(text)
        # Before the first window there is no parent, and Python would throw the box away while it
        # is read.
        self._boxes.add(box)
        box.finished.connect(lambda: self._boxes.discard(box))
        return box


def reference_of(error: BaseException) -> str:
    """The same bug gives the same six letters on every PC: made from where it happened, not from
    what it said."""
    places = [f"{type(error).__name__}"]
    for frame in traceback.extract_tb(error.__traceback__):
        places.append(f"{Path(frame.filename).name}:{frame.lineno}:{frame.name}")
    return hashlib.sha256("\n".join(places).encode()).hexdigest()[:6].upper()


def details_for_support(error: BaseException, reference: str) -> str:
    """Where it happened, without the words of the error: those may hold a name, a number or a
    key."""
    places = [
        f"  {Path(frame.filename).name}, line {frame.lineno}, in {frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)
    ]
    return "\n".join([f"Sacco Desktop, reference {reference}", *places, type(error).__name__])
