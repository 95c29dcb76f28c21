"""Every page and every dialog that a button opens: each control has a name, is reached by Tab, nothing is cut, and
all of it follows the size of the text.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEventLoop, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)

from sacco_desktop.application import front_office
from sacco_desktop.demo.practice_office import PASSPHRASE, practice_office
from sacco_desktop.demo.scenes import every_state
from sacco_desktop.demo.tour.hands import Hands
from sacco_desktop.demo.walk import Walk
from sacco_desktop.settings import Settings, system_clock
from sacco_desktop.ui.theme.theme import Theme
from tests.ui.test_fit import cut_texts, nameless, outside

_FIELDS = (QAbstractButton, QLineEdit, QComboBox, QPlainTextEdit)


@pytest.mark.timeout(400)
def test_all_that_anybody_can_open_is_named_reached_and_whole(
    qapp: QApplication, theme: Theme, tmp_path: Path
) -> None:
    """Four people, one after the other, in an office with loans at every station and payments in every state."""
    judge = Judge(theme)
    with practice_office(tmp_path / "office", system_clock) as practice:
        every_state(practice)
        settings = Settings(practice.data_dir / "office", "PRACTICE-PC", "file", PASSPHRASE)
        with front_office(qapp, practice.opened, settings, system_clock, theme=theme) as front:
            walk = Walk(front.window, Hands(qapp, tmp_path), judge.look)
            for who in ("grace", "peter", "daniel", "ruth"):
                walk.sign_in(who)
                walk.everywhere()
    assert len(walk.seen) > 40
    assert not judge.wrong, "\n".join(judge.wrong)


class Judge:
    """Writes down what is wrong with each window and dialog that the walk comes to."""

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self._percent = 100
        self._resized: set[type[QWidget]] = set()
        self._walked: set[str] = set()
        self.wrong: list[str] = []

    def look(self, root: QWidget, where: str) -> None:
        self._judge(root, self._at(where))
        if where not in self._walked:
            self._walked.add(where)
            self._walk_by_tab(root, where)
        if isinstance(root, QDialog):
            self._resize_text(root, where)

    def _at(self, where: str) -> str:
        return f"{where}, at {self._percent} %"

    def _resize_text(self, root: QDialog, where: str) -> None:
        """The text grows while the dialog is open, and shrinks in the next one; once for each kind of dialog, because
        all windows are drawn anew.
        """
        if type(root) in self._resized:
            return
        self._resized.add(type(root))
        self._percent = 250 - self._percent
        self._theme.set_text_percent(self._percent)
        self._breathe()
        self._judge(root, self._at(where))
        self.wrong += [f"{where}: keeps its letters: {each}" for each in stale(root)]

    def _judge(self, root: QWidget, where: str) -> None:
        self._settle(lambda: not cut_texts(root))
        self.wrong += [f"{where}: no name: {each}" for each in nameless(root)]
        self.wrong += [f"{where}: cut: {each}" for each in cut_texts(root)]
        self.wrong += [f"{where}: outside: {each}" for each in outside(root)]
        self.wrong += [f"{where}: a field no test can find" for _ in _unfindable(root)]

    def _walk_by_tab(self, root: QWidget, where: str) -> None:
        wanted = {
            each
            for each in root.findChildren(QWidget)
            if isinstance(each, _FIELDS)
            and each.isVisible()
            and each.isEnabled()
            and each.focusPolicy() & Qt.FocusPolicy.TabFocus
            and each.focusProxy() is None
            and not _is_by_arrows(each)
        }
        reached: set[QWidget] = set()
        for _ in range(3 * len(wanted) + 50):
            focused = root.focusWidget()
            if focused is not None:
                reached.add(focused)
            if wanted <= reached or not root.isVisible():
                break
            QTest.keyClick(focused or root, Qt.Key.Key_Tab)
            self._breathe()
        missed = sorted(each.objectName() or type(each).__name__ for each in wanted - reached)
        self.wrong += [f"{where}: Tab never comes to {each}" for each in missed]

    def _settle(self, is_so: Callable[[], bool]) -> None:
        for _ in range(20):
            if is_so():
                return
            self._breathe()

    def _breathe(self) -> None:
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)


def _is_by_arrows(field: QWidget) -> bool:
    """Of buttons of which one is chosen, Tab comes to the chosen one; the arrow keys go on from there."""
    group = field.group() if isinstance(field, QAbstractButton) else None
    return group is not None and group.exclusive() and group.checkedButton() is not field


def stale(root: QWidget) -> list[str]:
    """Labels whose letters are smaller than those of the program: their font was set once and for all."""
    least = QApplication.font().pointSizeF() - 0.1
    return [
        f"{label.objectName()} '{label.text()}'"
        for label in root.findChildren(QLabel)
        if label.isVisible() and label.text() and label.font().pointSizeF() < least
    ]


def _unfindable(root: QWidget) -> list[QLineEdit]:
    lines = root.findChildren(QLineEdit)
    return [line for line in lines if line.isVisible() and not line.objectName()]
