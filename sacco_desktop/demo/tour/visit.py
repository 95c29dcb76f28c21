"""What the steps of the tour share: the office, the hands, the eyes, and what was found out on the way."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QTabWidget, QWidget

from sacco_desktop.demo.practice_office import PASSWORD, PracticeOffice
from sacco_desktop.demo.tour.hands import Hands, NotSeen, let_work
from sacco_desktop.demo.tour.moved_clock import MovedClock
from sacco_desktop.demo.tour.proofs import Sources
from sacco_desktop.ui.front_office import FrontOffice
from sacco_desktop.ui.paper_view import PaperView
from sacco_desktop.ui.widgets.frozen_table import FrozenTable


@dataclass(slots=True)
class Visit:
    """One tour in progress. `facts` carries numbers from one step to the next."""

    practice: PracticeOffice
    front: FrontOffice
    hands: Hands
    sources: Sources
    papers: Path
    clock: MovedClock
    facts: dict[str, str] = field(default_factory=dict)

    def sign_in(self, username: str) -> None:
        """Take the place at the window, whoever sat there before."""
        if not self.hands.is_seen("sign_in"):
            self.front.window.menus.actions["switch_person"].trigger()
        self.hands.type_into("user_name", username)
        self.hands.type_into("password", PASSWORD)
        self.hands.click("sign_in_button")
        self.hands.wait_for(f"{username} at the window", lambda: self.hands.is_seen("rail"))

    def open_page(self, key: str) -> None:
        """Go to a page by the rail."""
        self.hands.click(f"rail_{key}")
        self.hands.find(f"{key}_page")

    def open_tab(self, key: str) -> None:
        """Go to a tab of the Payouts page."""
        tabs = self.hands.find("payouts_tabs", QTabWidget)
        page = tabs.findChild(QWidget, f"{key}_tab")
        if page is None:
            raise NotSeen(f"The Payouts page has no tab {key}.")
        tabs.setCurrentWidget(page)

    def choose_row(self, table: str, words: str) -> None:
        """Put the cursor on the first row that shows these words."""
        view = self.hands.find(table, FrozenTable)
        self.hands.wait_for(f"{words} in {table}", lambda: _line_of(view, words) >= 0)
        view.setFocus(Qt.FocusReason.TabFocusReason)
        index = view.model().index(_line_of(view, words), 1)
        view.setCurrentIndex(index)
        let_work(20)

    def from_details(self, table: str, button: str, dialog: str) -> None:
        """By the button in the panel; where that is folded for want of room, by Enter, which opens the dialog itself or
        one with the same buttons.
        """
        hands = self.hands
        if not hands.is_seen(button):
            hands.press(table, Qt.Key.Key_Return)
            seen = (button, dialog)
            hands.wait_for(f"{button} or {dialog}", lambda: any(map(hands.is_seen, seen)))
        if hands.is_seen(button):
            hands.click(button)
        hands.find(dialog)

    def tick_row(self, table: str, words: str) -> None:
        """Tick a row with the space bar."""
        self.choose_row(table, words)
        QTest.keyClick(self.hands.find(table), Qt.Key.Key_Space)

    def pick_member(self, name: str, number: str) -> None:
        """Type a member's number and take the one who is found."""
        self.hands.type_into(name, number)
        self.hands.find(f"{name}_found")
        self.hands.press(name, Qt.Key.Key_Return)

    def approve(self, picture: str) -> None:
        """Open the approval of the chosen request, give the password and say yes."""
        self.hands.click("approve_open")
        self.hands.find("approve_dialog")
        self.hands.type_into("password", PASSWORD)
        self.picture(picture)
        self.hands.click("ok")
        self.hands.gone("approve_dialog")

    def can_click(self, name: str) -> bool:
        """Whether a button is there and would do something."""
        if not self.hands.is_seen(name):
            return False
        return self.hands.find(name, QAbstractButton).isEnabled()

    def click_in(self, outer: str, inner: str) -> None:
        """Click a button inside a card, where several cards have one of the same name."""
        QTest.mouseClick(self._button_in(outer, inner), Qt.MouseButton.LeftButton)

    def words_of(self, outer: str, inner: str) -> str:
        """What a button inside a card says."""
        return self._button_in(outer, inner).text()

    def _button_in(self, outer: str, inner: str) -> QAbstractButton:
        button = self.hands.find(outer).findChild(QAbstractButton, inner)
        if button is None:
            raise NotSeen(f"There is no {inner} in {outer}.")
        return button

    def error_under(self, field_name: str) -> str:
        """The sentence under a field, or nothing."""
        name = f"{field_name}_error"
        return self.hands.find(name, QLabel).text() if self.hands.is_seen(name) else ""

    def close_dialog(self, name: str) -> None:
        """Close a dialog that may still be open."""
        if self.hands.is_seen(name):
            self.hands.press(name, Qt.Key.Key_Escape)
            self.hands.gone(name)

    def save_paper(self, file_name: str) -> Path:
        """Save the paper in the preview and wait until the file is whole."""
        path = self.papers / file_name
        self.hands.find("paper_view", PaperView).preview.save_as(path)
        self.hands.wait_for(file_name, lambda: path.exists() and _is_whole(path))
        return path

    def close_paper(self) -> None:
        """Close the preview, which may take a moment to open."""
        self.hands.find("paper_view")
        self.hands.press("paper_view", Qt.Key.Key_Escape)
        self.hands.gone("paper_view")

    def picture(self, name: str) -> None:
        """Keep a screenshot of the window as it is."""
        self.hands.picture(name, self.front.window)


def _is_whole(path: Path) -> bool:
    """Whether the PDF is written to its last mark."""
    return path.read_bytes().rstrip().endswith(b"%%EOF")


def _line_of(view: FrozenTable, words: str) -> int:
    model = view.model()
    for line in range(model.rowCount()):
        for column in range(model.columnCount()):
            if words in str(model.index(line, column).data() or ""):
                return line
    return -1
