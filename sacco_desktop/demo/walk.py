"""Goes through the whole window as one person after another: each page, each tab, each dialog that a button opens."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import shiboken6
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QDialog,
    QFileDialog,
    QLabel,
    QMenu,
    QPushButton,
    QTabWidget,
    QWidget,
)

from sacco_desktop.demo.practice_office import PASSWORD
from sacco_desktop.demo.tour.hands import Hands, NotSeen, let_work
from sacco_desktop.ui.main_window import MainWindow
from sacco_desktop.ui.widgets.frozen_table import FrozenTable

# Deep enough to meet each kind of row of the practice office.
_LINES = 6
_PROMISES_A_DIALOG = "…"
# Behind the name of a tab stands how much is in it.
_COUNTS = re.compile(r"\s+\d.*")
# A dialog, the question whether to leave it, and what may be told then.
_MOST_IN_FRONT = 5


def _words(dialog: QDialog) -> str:
    """What a dialog is called and says, for whoever reads why the walk ended."""
    told = [label.text() for label in dialog.findChildren(QLabel) if label.text()]
    return f"{dialog.objectName()} ‘{dialog.windowTitle()}’ ({' · '.join(told)[:300]})"


class Walk:
    """`look` is called with the window or with a dialog, and with words that say where it was found.

    A button is known by its name and its words, because one button does several things; each is pressed once.
    """

    def __init__(
        self,
        window: MainWindow,
        hands: Hands,
        look: Callable[[QWidget, str], None],
        *,
        lines: int = _LINES,
    ) -> None:
        self._lines = lines
        self._window, self._hands, self._look = window, hands, look
        self._open_at = self._who = ""
        self.seen: set[str] = set()

    def sign_in(self, who: str) -> None:
        """Take the place at the window, whoever sat there before."""
        if self._window.rail.isVisible():
            self._window.menus.actions["switch_person"].trigger()
        self._window.sign_in_asked.emit(who, PASSWORD)
        self._hands.wait_for(f"{who} at the window", self._window.rail.isVisible)
        self._who = who

    def everywhere(self) -> None:
        """All pages of this person, in the order of the rail."""
        for entry in self._window.pages.entries:
            if not entry.under:
                self.through(entry.key)

    def through(self, key: str) -> None:
        """One page with all its tabs."""
        self._open_at = key
        self._window.open_page(key)
        self._rest()
        tabs = self._page.findChildren(QTabWidget)
        if not tabs:
            self._place(key)
        for tab in tabs:
            for place in range(tab.count()):
                tab.setCurrentIndex(place)
                self._place(f"{key} {_COUNTS.sub('', tab.tabText(place))}")

    @property
    def _page(self) -> QWidget:
        page = self._window.pages.currentWidget()
        assert page is not None
        return page

    def _place(self, name: str) -> None:
        self._rest()
        self._look(self._window, name)
        page = self._page
        tables = [each for each in self._page.findChildren(FrozenTable) if each.isVisible()]
        lines = min(max((each.table_model.rowCount() for each in tables), default=1), self._lines)
        for line in range(max(1, lines)):
            for table in tables:
                if line < table.table_model.rowCount():
                    table.setCurrentIndex(table.table_model.index(line, 1))
            self._rest()
            # Every card has the same buttons: each is named once.
            for key in dict.fromkeys(key for key, _opens in self._openers()):
                if not {key, self._mine(key)} & self.seen:
                    self._open(key, name)
                    self._come_back(page)

    def _come_back(self, page: QWidget) -> None:
        """Some buttons open another page; what else this one has is still to be seen."""
        if self._page is not page:
            self._window.open_page(self._open_at)
            self._rest()

    def _openers(self) -> Iterator[tuple[str, Callable[[], None]]]:
        """What promises a dialog, by its name and its words: the panel and the cards are made anew after each."""
        for button in self._page.findChildren(QPushButton):
            if not button.isVisible() or not button.isEnabled():
                continue
            menu = button.menu()
            parts: list[QAbstractButton | QAction] = [button]
            parts += [each for each in menu.actions() if each.isEnabled()] if menu else []
            for part in parts:
                if _PROMISES_A_DIALOG in part.text():
                    opens = part.click if isinstance(part, QAbstractButton) else part.trigger
                    yield f"{part.objectName()}: {part.text()}", opens

    def _open(self, key: str, where: str) -> None:
        opens = next((opens for name, opens in self._openers() if name == key), None)
        if opens is None:
            return
        self._press(key, opens, where)

    def _mine(self, key: str) -> str:
        return f"{key} for {self._who}"

    def _press(self, key: str, opens: Callable[[], None], where: str) -> None:
        """Look at what comes, and leave it; of a menu, at what each of its entries opens."""
        self.seen.add(key)
        opens()
        self._rest()
        popup = QApplication.activePopupWidget()
        if popup is not None:
            popup.close()
        if isinstance(popup, QMenu):
            # A menu offers each person something else.
            self.seen.discard(key)
            self.seen.add(self._mine(key))
            for entry in popup.actions():
                words = f"{entry.objectName()}: {entry.text()}"
                if _PROMISES_A_DIALOG in entry.text() and words not in self.seen:
                    self._press(words, entry.trigger, where)
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, QDialog) and not isinstance(dialog, QFileDialog):
            self._look(dialog, f"{where}, {key}")
        left: list[str] = []
        while isinstance(dialog := QApplication.activeModalWidget(), QDialog):
            left.append(_words(dialog))
            if len(left) > _MOST_IN_FRONT:
                raise NotSeen(f"After {key} on {where} one dialog follows the other: {left[-1]}")
            self.leave(dialog)

    def leave(self, dialog: QDialog) -> None:
        """As with Esc. Raises NotSeen for a dialog that stays, so that it does not hold the walk for ever."""
        words = _words(dialog)
        dialog.reject()
        self._hands.wait_for(
            f"{words} to close",
            lambda: not shiboken6.isValid(dialog) or not dialog.isVisible(),
        )
        self._rest()

    def _rest(self) -> None:
        """Until nothing is being read or written, and what was drawn has its place."""
        self._hands.touch(self._window)
        let_work(20)
        self._hands.wait_for("the readings to end", lambda: not self._window.status.is_busy())
        let_work(20)
