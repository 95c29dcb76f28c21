"""Every page and every dialog that a button opens: each control has a name, is reached by Tab, and nothing is cut."""

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
    QFileDialog,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QTabWidget,
    QWidget,
)
from pytestqt.qtbot import QtBot

from sacco_desktop.application import front_office
from sacco_desktop.demo.practice_office import PASSPHRASE, PASSWORD, practice_office
from sacco_desktop.demo.scenes import every_state
from sacco_desktop.settings import Settings, system_clock
from sacco_desktop.ui.front_office import FrontOffice
from sacco_desktop.ui.theme.theme import Theme
from sacco_desktop.ui.widgets.frozen_table import FrozenTable
from tests.ui.test_fit import cut_texts, nameless, outside

_FIELDS = (QAbstractButton, QLineEdit, QComboBox, QPlainTextEdit)


@pytest.mark.timeout(400)
def test_all_that_anybody_can_open_is_named_reached_and_whole(
    qapp: QApplication, qtbot: QtBot, theme: Theme, tmp_path: Path
) -> None:
    """Four people, one after the other, in an office with loans at every station and payments in every state."""
    with practice_office(tmp_path / "office", system_clock) as practice:
        every_state(practice)
        settings = Settings(practice.data_dir / "office", "PRACTICE-PC", "file", PASSPHRASE)
        with front_office(qapp, practice.opened, settings, system_clock, theme=theme) as front:
            walk = Walk(front, qtbot)
            for who in ("grace", "peter", "daniel", "ruth"):
                walk.sign_in(who)
                walk.everywhere()
                front.window.menus.actions["switch_person"].trigger()
    assert len(walk.seen) > 20
    assert walk.wrong == []


class Walk:
    """Goes to each page and tab, puts the cursor on rows, and opens whatever the buttons there open."""

    def __init__(self, front: FrontOffice, qtbot: QtBot) -> None:
        self._front, self._window, self._qtbot = front, front.window, qtbot
        self.seen: set[str] = set()
        self.wrong: list[str] = []

    def sign_in(self, who: str) -> None:
        self._window.sign_in_asked.emit(who, PASSWORD)
        self._wait(self._window.rail.isVisible)

    def everywhere(self) -> None:
        for entry in self._window.pages.entries:
            if entry.under:
                continue
            self._window.open_page(entry.key)
            self._rest()
            tabs = self._page.findChildren(QTabWidget)
            if not tabs:
                self._place(entry.key)
            for tab in tabs:
                for place in range(tab.count()):
                    tab.setCurrentIndex(place)
                    self._place(f"{entry.key} {place}")

    @property
    def _page(self) -> QWidget:
        page = self._window.pages.currentWidget()
        assert page is not None
        return page

    def _place(self, name: str) -> None:
        self._rest()
        self._judge(self._window, name)
        page = self._page
        tables = [each for each in page.findChildren(FrozenTable) if each.isVisible()]
        lines = min(max((each.table_model.rowCount() for each in tables), default=1), 6)
        for line in range(max(1, lines)):
            for table in tables:
                if line < table.table_model.rowCount():
                    table.setCurrentIndex(table.table_model.index(line, 1))
            self._rest()
            for button in self._openers(page):
                self._open(button, name)

    def _openers(self, page: QWidget) -> list[str]:
        """Buttons that promise a dialog, by their names: the panel is made anew after each."""
        found = [
            each.objectName()
            for each in page.findChildren(QPushButton)
            if each.isVisible() and each.isEnabled() and each.text().endswith("…")
        ]
        return [name for name in dict.fromkeys(found) if name not in self.seen]

    def _open(self, name: str, where: str) -> None:
        page = self._page
        button = next(
            (each for each in page.findChildren(QPushButton, name) if each.isVisible()), None
        )
        if button is None or not button.isEnabled():
            return
        self.seen.add(name)
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        self._rest()
        popup = QApplication.activePopupWidget()
        if popup is not None:
            popup.close()
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, QDialog) and not isinstance(dialog, QFileDialog):
            self._judge(dialog, f"{where}, {name}")
            self._walk_by_tab(dialog, f"{where}, {name}")
        while isinstance(dialog := QApplication.activeModalWidget(), QDialog):
            dialog.reject()
            self._rest()

    def _judge(self, root: QWidget, where: str) -> None:
        self._settle(lambda: not cut_texts(root))
        self.wrong += [f"{where}: no name: {each}" for each in nameless(root)]
        self.wrong += [f"{where}: cut: {each}" for each in cut_texts(root)]
        self.wrong += [f"{where}: outside: {each}" for each in outside(root)]

    def _walk_by_tab(self, dialog: QDialog, where: str) -> None:
        wanted = {
            each
            for each in dialog.findChildren(QWidget)
            if isinstance(each, _FIELDS)
            and each.isVisible()
            and each.isEnabled()
            and each.focusPolicy() & Qt.FocusPolicy.TabFocus
            and each.focusProxy() is None
        }
        reached: set[QWidget] = set()
        for _ in range(3 * len(dialog.findChildren(QWidget))):
            focused = dialog.focusWidget()
            if focused is not None:
                reached.add(focused)
            if wanted <= reached or not dialog.isVisible():
                break
            QTest.keyClick(focused or dialog, Qt.Key.Key_Tab)
        missed = sorted(each.objectName() or type(each).__name__ for each in wanted - reached)
        self.wrong += [f"{where}: Tab never comes to {each}" for each in missed]

    def _rest(self) -> None:
        """Until nothing is being read or written, and what was drawn has its place."""
        self._breathe()
        self._wait(lambda: not self._window.status.is_busy())
        self._breathe()

    def _settle(self, is_so: Callable[[], bool]) -> None:
        for _ in range(20):
            if is_so():
                return
            self._breathe()

    def _wait(self, happens: Callable[[], bool]) -> None:
        self._qtbot.waitUntil(happens, timeout=30_000)

    def _breathe(self) -> None:
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
