"""The list of pages at the left: words, or icons alone when the window is narrow or the text is large."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QPushButton, QVBoxLayout, QWidget

from sacco_desktop.ui.page import PageEntry
from sacco_desktop.ui.theme.sizes import S
from sacco_desktop.ui.theme.theme import Theme
from sacco_desktop.ui.theme.tokens import ChipColour

FOLDED_WIDTH = 56


class RailButton(QPushButton):
    """One page. Its badge counts what waits for this person; folded, a dot says only that something does."""

    def __init__(self, theme: Theme, entry: PageEntry) -> None:
        super().__init__()
        self.entry = entry
        self._theme = theme
        self._count = 0
        self._is_urgent = False
        self._is_folded = False
        self.setObjectName(f"rail_{entry.key}")
        self.setCheckable(True)
        self.setAutoDefault(False)
        self.setIcon(theme.icon(entry.icon))
        self._say()

    def set_badge(self, count: int, *, is_urgent: bool) -> None:
        """Zero takes the badge away. Urgent is for money in doubt and a stopped queue alone."""
        if (count, is_urgent) == (self._count, self._is_urgent):
            return
        self._count, self._is_urgent = count, is_urgent
        self._say()
        self.update()

    def fold(self, is_folded: bool) -> None:
        """Icon alone, with the words in the tool tip."""
        self._is_folded = is_folded
        side = self._theme.sizes.line + 4
        self.setIconSize(QSize(side, side))
        self._say()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._count:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ink = self._theme.tokens.chips[ChipColour.RED if self._is_urgent else ChipColour.BLUE]
        if self._is_folded:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(ink.text))
            painter.drawEllipse(QRectF(self.width() / 2 + 6, self.height() / 2 - 12, 8, 8))
        else:
            self._paint_count(painter, QColor(ink.text), QColor(ink.fill))
        painter.end()

    def _paint_count(self, painter: QPainter, text: QColor, fill: QColor) -> None:
        font = self._theme.font(QFont.Weight.DemiBold)
        words = f"{self._count:,}"
        metrics = QFontMetrics(font)
        height = metrics.height() + 2
        width = max(height + 4, metrics.horizontalAdvance(words) + 12)
        box = QRect(self.width() - width - S, (self.height() - height) // 2, width, height)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(fill)
        painter.drawRoundedRect(box, 3, 3)
        painter.setPen(text)
        painter.setFont(font)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)

    def _say(self) -> None:
        waiting = f", {self._count:,} {self.entry.badge}" if self._count else ""
        self.setText("" if self._is_folded else f" {self.entry.title.replace('&', '&&')}")
        self.setAccessibleName(f"{self.entry.title}{waiting}")
        self.setToolTip(f"{self.entry.title}{waiting}   {self.entry.shortcut}".strip())


class Rail(QWidget):
    """`page_asked` brings the key of a page. Pages that a person may not use are absent, not grey."""

    page_asked = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._buttons: dict[str, RailButton] = {}
        self._is_folded = False
        self.setObjectName("rail")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, S, 0, S)
        self._column.setSpacing(0)
        self._column.addStretch(1)
        theme.changed.connect(self._fit)
        self._fit()

    def set_pages(self, entries: Sequence[PageEntry]) -> None:
        """Show these pages, in this order."""
        for button in self._buttons.values():
            self._group.removeButton(button)
            self._column.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._buttons = {}
        for place, entry in enumerate(each for each in entries if not each.under):
            button = RailButton(self._theme, entry)
            button.clicked.connect(lambda _=False, key=entry.key: self.page_asked.emit(key))
            self._group.addButton(button)
            self._column.insertWidget(place, button)
            self._buttons[entry.key] = button
        self._fit()

    def mark(self, key: str) -> None:
        """Show which page is open. Tab comes to its entry, and the arrow keys go on from there; Qt sees to that only
        when a person presses the entry.
        """
        self._buttons[key].setChecked(True)
        for each, button in self._buttons.items():
            button.setFocusPolicy(
                Qt.FocusPolicy.StrongFocus if each == key else Qt.FocusPolicy.ClickFocus
            )

    def set_badge(self, key: str, count: int, *, is_urgent: bool = False) -> None:
        """How much waits for this person on a page; a page that is not in the rail is passed over."""
        if key in self._buttons:
            self._buttons[key].set_badge(count, is_urgent=is_urgent)

    def fold(self, is_folded: bool) -> None:
        """Words or icons."""
        self._is_folded = is_folded
        self._fit()

    @property
    def is_folded(self) -> bool:
        """Icons alone."""
        return self._is_folded

    def current_button(self) -> QWidget:
        """Where F6 goes: the page that is open."""
        return self._group.checkedButton() or self

    def _fit(self) -> None:
        self.setFixedWidth(FOLDED_WIDTH if self._is_folded else self._theme.sizes.rail_width)
        for button in self._buttons.values():
            button.fold(self._is_folded)
