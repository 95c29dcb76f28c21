"""One check of the day on the screen: in order or not, what was found, and the button that goes where it is mended."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QGridLayout, QWidget

from sacco_desktop.services.closing.day_checks import Check
from sacco_desktop.ui.theme.sizes import XS, M
from sacco_desktop.ui.theme.theme import Theme
from sacco_desktop.ui.theme.tokens import ChipColour
from sacco_desktop.ui.widgets.chip_words import Chip
from sacco_desktop.ui.widgets.chips import ChipLabel, ChipPainter
from sacco_desktop.ui.widgets.labels import TextRole, plain_label, push_button

_GOOD = Chip("good", "✓", "check", "In order", "Sawa", ChipColour.GREEN)
_WRONG = Chip("wrong", "✕", "x", "Look here", "Angalia", ChipColour.AMBER)
LOOKING = Chip("waits", "–", "minus", "Looking", "Inaangalia", ChipColour.GREY)
TO_COUNT = Chip("count", "–", "minus", "To count", "Hesabu", ChipColour.GREY)


class CheckLine(QWidget):
    """Called `check_KEY`. `mend` is called with the place of the check."""

    def __init__(self, theme: Theme, key: str, mend: Callable[[str], None]) -> None:
        super().__init__()
        self.setObjectName(f"check_{key}")
        self._place = ""
        self._chip = ChipLabel(theme, LOOKING)
        self._theme = theme
        theme.changed.connect(self._line_up)
        self._line_up()
        self._title = plain_label("", TextRole.STRONG, name=f"{key}_title", wraps=True)
        self._words = plain_label("", name=f"{key}_words", wraps=True)
        self._words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._age = plain_label("", TextRole.SECONDARY, name=f"{key}_age", wraps=True)
        self._button = push_button("", name=f"mend_{key}")
        self._button.clicked.connect(lambda: mend(self._place))
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(M)
        grid.setVerticalSpacing(XS)
        grid.setColumnStretch(1, 1)
        top = Qt.AlignmentFlag.AlignTop
        grid.addWidget(self._chip, 0, 0, top)
        for row, label in enumerate((self._title, self._words, self._age)):
            grid.addWidget(label, row, 1)
        grid.addWidget(self._button, 0, 2, 3, 1, top)

    def show_check(self, check: Check) -> None:
        """What was found."""
        self._chip.set_chip(_GOOD if check.is_green else _WRONG)
        self._say(check.title, check.finding, check.age)
        self._place = check.place
        self._button.setText(check.button)
        self._button.setAccessibleName(f"{check.button}: {check.title}")
        self._button.setVisible(bool(check.button) and not check.is_green)

    def show_waiting(self, chip: Chip, title: str, words: str) -> None:
        """It is still being looked at, or waits for people."""
        self._chip.set_chip(chip)
        self._say(title, words, "")
        self._button.hide()

    def _say(self, title: str, words: str, age: str) -> None:
        self._title.setText(title)
        self._words.setText(words)
        self._age.setText(age)
        self._age.setVisible(bool(age))

    @Slot()
    def _line_up(self) -> None:
        """The words of all lines begin at the same place, whatever a chip says."""
        chips = (_GOOD, _WRONG, LOOKING, TO_COUNT)
        painter = ChipPainter(self._theme)
        self._chip.setMinimumWidth(max(painter.size(chip).width() for chip in chips))
