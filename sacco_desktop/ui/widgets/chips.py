"""Draws the state of a thing as sign, word and colour: on its own, or inside a table."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from sacco_desktop.ui.theme.sizes import XS
from sacco_desktop.ui.theme.theme import Theme
from sacco_desktop.ui.widgets.chip_words import Chip, Language

_SIDE = 7


class ChipPainter:
    """Knows how wide a chip is and draws it. One serves a whole table."""

    def __init__(self, theme: Theme, language: Language = Language.ENGLISH) -> None:
        self._theme = theme
        self._language = language

    def word(self, chip: Chip) -> str:
        """What the chip says in the language of the window."""
        return chip.word(self._language)

    def size(self, chip: Chip, *, longest_language: bool = False) -> QSize:
        """The room it needs; for a column also in the language in which it is longer."""
        words = (chip.english, chip.swahili) if longest_language else (self.word(chip),)
        metrics = QFontMetrics(self._font())
        width = max(metrics.horizontalAdvance(word) for word in words)
        return QSize(width + self._sign_side() + XS + 2 * _SIDE, metrics.height() + 6)

    def paint(self, painter: QPainter, rect: QRect, chip: Chip) -> None:
        """Draw at the left of `rect`, in the middle of its height. Too little room cuts the end,
        never the sign."""
        size = self.size(chip)
        box = QRect(0, 0, min(size.width(), rect.width()), min(size.height(), rect.height()))
        box.moveCenter(rect.center())
        box.moveLeft(rect.left())
        text, fill = self._colours(chip)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(text if self._has_border(chip) else fill, 1))
        painter.setBrush(fill)
        painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
        side = self._sign_side()
        ratio = painter.device().devicePixelRatioF()
        sign = self._theme.drawing(chip.icon, text.name(), side, ratio)
        top = box.top() + (box.height() - side) / 2
        painter.drawPixmap(QPointF(box.left() + _SIDE, top), sign)
        painter.setPen(text)
        painter.setFont(self._font())
        words = box.adjusted(_SIDE + side + XS, 0, -2, 0)
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(words, flags, self.word(chip))
        painter.restore()

    def _colours(self, chip: Chip) -> tuple[QColor, QColor]:
        if self._theme.is_high_contrast:
            palette = QPalette()
            return palette.color(QPalette.ColorRole.Text), palette.color(QPalette.ColorRole.Base)
        ink = self._theme.tokens.chips[chip.colour]
        ground = self._theme.tokens.surface if chip.is_outline else ink.fill
        return QColor(ink.text), QColor(ground)

    def _has_border(self, chip: Chip) -> bool:
        return chip.is_outline or self._theme.is_high_contrast

    def _font(self) -> QFont:
        return self._theme.font(QFont.Weight.DemiBold)

    def _sign_side(self) -> int:
        return self._theme.sizes.line - 2


class ChipLabel(QWidget):
    """A chip that stands alone. It never stretches, and a screen reader reads its word."""

    def __init__(self, theme: Theme, chip: Chip, language: Language = Language.ENGLISH) -> None:
        super().__init__()
        self._painter = ChipPainter(theme, language)
        self.setObjectName("chip")
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.updateGeometry)
        self.set_chip(chip)

    def set_chip(self, chip: Chip) -> None:
        """Show another state."""
        self.chip = chip
        self.setAccessibleName(self._painter.word(chip))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return self._painter.size(self.chip)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self._painter.paint(painter, self.rect(), self.chip)
        painter.end()
