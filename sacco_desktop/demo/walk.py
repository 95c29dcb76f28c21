"""Goes through the whole window as one person after another: each page, each tab, each dialog that a button opens."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QDialog,
    QFileDialog,
    QPushButton,
    QTabWidget,
    QWidget,
)

from sacco_desktop.demo.practice_office import PASSWORD
from sacco_desktop.demo.tour.hands import Hands, let_work
from sacco_desktop.ui.front_office import FrontOffice
from sacco_desktop.ui.widgets.frozen_table import FrozenTable

# Deep enough to meet each kind of row of the practice office.
_LINES = 6
_PROMISES_A_DIALOG = "…"


class Walk:
    """`look` is called with the window or with a dialog, and with words that say where it was found.

    A button is known by its name and its words, because one button does several things; each is pressed once.
    """

    def __init__(
        self, front: FrontOffice, hands: Hands, look: Callable[[QWidget, str], None]
    ) -> None:
        self._window, self._hands, self._look = front.window, hands, look
        self.seen: set[str] = set()

    def sign_in(self, who: str) -> None:
        """Take the place at the window, whoever sat there before."""
        if self._window.rail.isVisible():
            self._window.menus.actions["switch_person"].trigger()
        self._window.sign_in_asked.emit(who, PASSWORD)
        self._hands.wait_for(f"{who} at the window", self._window.rail.isVisible)

    def everywhere(self) -> None:
        """All pages of this person, in the order of the rail."""
        for entry in self._window.pages.entries:
            if not entry.under:
                self.through(entry.key)

    def through(self, key: str) -> None:
        """One page with all its tabs."""
        self._window.open_page(key)
        self._rest()
        tabs = self._page.findChildren(QTabWidget)
        if not tabs:
            self._place(key)
        for tab in tabs:
            for place in range(tab.count()):
                tab.setCurrentIndex(place)
                self._place(f"{key} {tab.tabText(place).rstrip(' 0123456789')}")

    @property
    def _page(self) -> QWidget:
        page = self._window.pages.currentWidget()
        assert page is not None
        return page

    def _place(self, name: str) -> None:
        self._rest()
        self._look(self._window, name)
        tables = [each for each in self._page.findChildren(FrozenTable) if each.isVisible()]
        lines = min(max((each.table_model.rowCount() for each in tables), default=1), _LINES)
        for line in range(max(1, lines)):
            for table in tables:
                if line < table.table_model.rowCount():
                    table.setCurrentIndex(table.table_model.index(line, 1))
            self._rest()
            # Every card has the same buttons: each is named once.
            for key in dict.fromkeys(key for key, _opens in self._openers()):
                if key not in self.seen:
                    self._open(key, name)

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
        self.seen.add(key)
        opens()
        self._rest()
        popup = QApplication.activePopupWidget()
        if popup is not None:
            popup.close()
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, QDialog) and not isinstance(dialog, QFileDialog):
            self._look(dialog, f"{where}, {key.split(':')[0]}")
        while isinstance(dialog := QApplication.activeModalWidget(), QDialog):
            dialog.reject()
            self._rest()

    def _rest(self) -> None:
        """Until nothing is being read or written, and what was drawn has its place."""
        let_work(20)
        self._hands.wait_for("the readings to end", lambda: not self._window.status.is_busy())
        let_work(20)
