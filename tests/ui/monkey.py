"""Hands that know nothing: random clicks, keys, pages, sizes and colours over the real window, all from one seed."""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Callable
from pathlib import Path

import shiboken6
from PySide6.QtCore import (
    QCoreApplication,
    QElapsedTimer,
    QEvent,
    QEventLoop,
    QObject,
    QPoint,
    Qt,
    QTimer,
    QUrl,
    Slot,
)
from PySide6.QtGui import QDesktopServices, QKeyEvent
from PySide6.QtPrintSupport import QPrintDialog
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QApplication,
    QComboBox,
    QDialog,
    QFileDialog,
    QLabel,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QTabBar,
    QWidget,
)
from sqlalchemy import func, select

from sacco_desktop.application import front_office
from sacco_desktop.db.tables import PayoutAttempt
from sacco_desktop.demo.practice_office import PASSPHRASE, PASSWORD, PEOPLE, practice_office
from sacco_desktop.demo.scenes import LoanScene, Scenes
from sacco_desktop.demo.tour.moved_clock import MovedClock
from sacco_desktop.services.books.work import CLOCK, Work
from sacco_desktop.services.proof import verify
from sacco_desktop.settings import Settings, system_clock
from sacco_desktop.ui.front_office import FrontOffice
from sacco_desktop.ui.theme.theme import Theme
from sacco_desktop.ui.theme.tokens import Scheme

_TARGETS = (
    QAbstractButton,
    QAbstractItemView,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTabBar,
    QAbstractScrollArea,
)
_KEYS = (
    Qt.Key.Key_Tab,
    Qt.Key.Key_Backtab,
    Qt.Key.Key_Return,
    Qt.Key.Key_Escape,
    Qt.Key.Key_Space,
    Qt.Key.Key_Down,
    Qt.Key.Key_Up,
    Qt.Key.Key_Left,
    Qt.Key.Key_Right,
    Qt.Key.Key_PageDown,
    Qt.Key.Key_Home,
    Qt.Key.Key_End,
    Qt.Key.Key_Delete,
    Qt.Key.Key_Backspace,
    Qt.Key.Key_F1,
    Qt.Key.Key_F4,
    Qt.Key.Key_F5,
    Qt.Key.Key_F6,
    Qt.Key.Key_F9,
)
_WITH_CONTROL = "abcdefijklnprstvzABCDEFIKNRV"
_TYPED = (
    "wanj",
    "2,500",
    "-1",
    "1e5",
    "<b>X</b>",
    "0712 345 678",
    "M-0001",
    "t",
    "+",
    "💥",
    "'; --",
)
_SIZES = ((1366, 697), (1024, 540), (960, 500), (1600, 900), (1200, 620))
_LOOKS = (Scheme.LIGHT, Scheme.DARK)
# So many events go by before the hands look anew at what there is to press.
_LOOKS_EVERY = 6
_BARE = Qt.KeyboardModifier.NoModifier
_STUCK_MS, _LONGEST_MS = 400, 60_000
# A person stays so long at most; wrong passwords lock an account for less than these minutes.
_EVENTS_IN_A_CHAIR = 600
_PAST_THE_LOCK = 20


class Found(AssertionError):
    """Something went wrong under random hands; the text tells the seed, the event and what was done last."""


class NoBrowser(QObject):
    """Takes what would open a browser."""

    def __init__(self) -> None:
        super().__init__()
        for scheme in ("http", "https"):
            QDesktopServices.setUrlHandler(scheme, self, "take")  # type: ignore[arg-type]

    @Slot(QUrl)
    def take(self, _place: QUrl) -> None:
        """Nothing happens."""

    def close(self) -> None:
        """Give browsers back."""
        for scheme in ("http", "https"):
            QDesktopServices.unsetUrlHandler(scheme)


class Monkey:
    """One seed of random hands. `clock` moves ahead before a password is given, past the lock of wrong tries."""

    def __init__(self, front: FrontOffice, clock: MovedClock, seed: int) -> None:
        self._front, self._window, self._clock = front, front.window, clock
        self._seed, self._chance = seed, random.Random(seed)
        self._done: deque[str] = deque(maxlen=25)
        self._targets: list[QWidget] = []
        self._is_pressing = False
        # A menu that a button opens waits for its choice; nobody comes to make one.
        self._watch = QTimer()
        self._watch.setInterval(_STUCK_MS)
        self._watch.timeout.connect(self._free_stuck_menu)

    def play(self, events: int) -> None:
        """Do so many things. Raises Found."""
        browsers = NoBrowser()
        self._watch.start()
        try:
            for number in range(events):
                if number % _EVENTS_IN_A_CHAIR == _EVENTS_IN_A_CHAIR - 1:
                    self._window.menus.actions["switch_person"].trigger()
                self._one(number)
            self._leave()
        finally:
            self._watch.stop()
            browsers.close()

    def _one(self, number: int) -> None:
        self._keep_someone_in()
        front = self._front_widget()
        if number % _LOOKS_EVERY == 0 or not self._targets:
            self._targets = [
                part
                for part in front.findChildren(QWidget)
                if isinstance(part, _TARGETS) and part.isVisible() and part.isEnabled()
            ]
        act = self._chance.choices(
            (self._click, self._key, self._type, self._go, self._resize, self._look),
            (480, 260, 120, 60, 40, 3),
        )[0]
        self._is_pressing = True
        try:
            act(front)
            self._breathe()
        except Exception as error:
            raise Found(self._story(number, f"{type(error).__name__}: {error}")) from error
        finally:
            self._is_pressing = False
        self._look_for_crash(number)

    def _click(self, front: QWidget) -> None:
        part = self._target()
        if part is None:
            return
        self._note("click", part)
        place = QPoint(
            self._chance.randrange(max(1, part.width())),
            self._chance.randrange(max(1, part.height())),
        )
        button = Qt.MouseButton.LeftButton
        target = part.viewport() if isinstance(part, QAbstractScrollArea) else part
        if self._chance.random() < 0.05:
            button = Qt.MouseButton.RightButton
        QTest.mouseClick(target, button, _BARE, place)
        is_double = button is Qt.MouseButton.LeftButton and self._chance.random() < 0.08
        if is_double and shiboken6.isValid(target) and target.isVisible():
            QTest.mouseDClick(target, button, _BARE, place)

    def _key(self, front: QWidget) -> None:
        part = front.focusWidget() or front
        held = self._chance.choices(
            (_BARE, Qt.KeyboardModifier.ControlModifier),
            (3, 1),
        )[0]
        if held is Qt.KeyboardModifier.ControlModifier:
            letter = self._chance.choice([*_WITH_CONTROL, "\r", "\t", "/", "+", "-"])
            self._note(f"Ctrl+{letter!r}", part)
            QTest.keyClick(part, ord(letter.upper()) if letter.isalpha() else _KEY_OF[letter], held)
        else:
            key = self._chance.choice(_KEYS)
            self._note(key.name, part)
            QTest.keyClick(part, key, held)

    def _type(self, front: QWidget) -> None:
        part = front.focusWidget() or front
        words = self._chance.choice(_TYPED)
        self._note(f"type {words!r}", part)
        for letter in words:
            if not shiboken6.isValid(part) or not part.isVisible():
                return
            # QTest knows keys of the alphabet only.
            QApplication.sendEvent(part, QKeyEvent(QEvent.Type.KeyPress, 0, _BARE, letter))

    def _go(self, _front: QWidget) -> None:
        """To a page, by the command that search and menus use; a dialog in front stays there."""
        if QApplication.activeModalWidget() is None:
            entries = self._window.pages.entries
            if entries:
                key = self._chance.choice(list(entries)).key
                self._note(f"page {key}", self._window)
                self._window.open_page(key)

    def _resize(self, _front: QWidget) -> None:
        size = self._chance.choice(_SIZES)
        self._note(f"size {size}", self._window)
        self._window.resize(*size)

    def _look(self, _front: QWidget) -> None:
        theme = self._front.theme
        self._note("look", self._window)
        theme.use_scheme(self._chance.choice(_LOOKS))
        theme.set_text_percent(self._chance.choice((90, 100, 125, 150)))

    def _target(self) -> QWidget | None:
        alive = [each for each in self._targets if shiboken6.isValid(each) and each.isVisible()]
        self._targets = alive
        return self._chance.choice(alive) if alive else None

    def _keep_someone_in(self) -> None:
        """Close dialogs of the system, show a closed window, unlock, and let somebody take an empty chair."""
        for dialog in QApplication.topLevelWidgets():
            is_the_systems = isinstance(dialog, QFileDialog | QPrintDialog)
            if isinstance(dialog, QDialog) and is_the_systems and dialog.isVisible():
                dialog.reject()
        if not self._window.isVisible():
            self._window.show()
        if self._window.office_lock.is_locked:
            self._clock.pass_minutes(_PAST_THE_LOCK)
            self._window.unlock_asked.emit(PASSWORD)
            self._wait(lambda: not self._window.office_lock.is_locked)
        if not self._window.rail.isVisible():
            self._clock.pass_minutes(_PAST_THE_LOCK)
            who = self._chance.choice(PEOPLE)[0]
            self._note(f"sign in {who}", self._window)
            self._window.sign_in_asked.emit(who, PASSWORD)
            self._wait(self._window.rail.isVisible)

    def _leave(self) -> None:
        """Close whatever is open, and let everything that was begun come to its end."""
        popup = QApplication.activePopupWidget()
        if popup is not None:
            popup.close()
        for _ in range(20):
            dialog = QApplication.activeModalWidget()
            if not isinstance(dialog, QDialog):
                break
            dialog.reject()
            self._breathe()
        self._wait(lambda: not self._window.status.is_busy())
        self._look_for_crash(-1)

    def _front_widget(self) -> QWidget:
        return QApplication.activePopupWidget() or QApplication.activeModalWidget() or self._window

    def _free_stuck_menu(self) -> None:
        popup = QApplication.activePopupWidget()
        if self._is_pressing and isinstance(popup, QMenu):
            popup.close()

    def _look_for_crash(self, number: int) -> None:
        for box in self._window.findChildren(QDialog, "crash"):
            words = " ".join(label.text() for label in box.findChildren(QLabel))
            raise Found(self._story(number, words))

    def _wait(self, happens: Callable[[], bool]) -> None:
        since = QElapsedTimer()
        since.start()
        while not happens():
            if since.elapsed() > _LONGEST_MS:
                raise Found(self._story(-1, "It never came to rest."))
            # The watch wakes it, when nothing else does.
            QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)

    def _breathe(self) -> None:
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)

    def _note(self, what: str, part: QWidget) -> None:
        name = part.objectName() or type(part).__name__
        self._done.append(f"{what} on {name}")

    def _story(self, number: int, words: str) -> str:
        done = "\n  ".join(self._done)
        return f"seed {self._seed}, event {number}: {words}\nDone last:\n  {done}"


def play(app: QApplication, theme: Theme, folder: Path, seed: int, events: int) -> None:
    """A practice office with payments ready to be sent, under these hands. Raises Found, also when anything was sent,
    because nobody typed a password, or when the books do not prove themselves afterwards.
    """
    clock = MovedClock(system_clock)
    with practice_office(folder / f"office-{seed}", clock) as practice:
        scenes = Scenes(practice)
        scenes.ready(LoanScene("M-0001", 20_000_00, 6, "School fees"))
        scenes.requested(LoanScene("M-0002", 15_000_00, 6, "Dairy cow"))
        scenes.appraised(LoanScene("M-0004", 30_000_00, 12, "Water tank"))
        books = practice.office.books
        settings = Settings(practice.data_dir / "office", "PRACTICE-PC", "file", PASSPHRASE)
        with front_office(app, practice.opened, settings, clock, theme=theme) as front:
            Monkey(front, clock, seed).play(events)
        sent = books.read(_attempts, None, actor=CLOCK)
        proof = books.read(verify.verify, None, actor=CLOCK)
    if sent or proof.faults:
        raise Found(f"seed {seed}: {sent} payments were sent, faults {proof.faults}")


def _attempts(work: Work, _nothing: None) -> int:
    return work.session.scalar(select(func.count()).select_from(PayoutAttempt)) or 0


_KEY_OF = {
    "\r": Qt.Key.Key_Return,
    "\t": Qt.Key.Key_Tab,
    "/": Qt.Key.Key_Slash,
    "+": Qt.Key.Key_Plus,
    "-": Qt.Key.Key_Minus,
}
