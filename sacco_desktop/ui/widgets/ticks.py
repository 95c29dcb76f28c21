"""Boxes to tick, drawn by us: Fusion's box cannot be seen on dark paper, and its sentence is cut instead of wrapped."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QCheckBox, QSizePolicy

from sacco_desktop.domain.unbroken import unbroken
from sacco_desktop.ui.theme.sizes import S
from sacco_desktop.ui.theme.theme import Theme


def paint_tick(painter: QPainter, box: QRect, theme: Theme, *, is_ticked: bool) -> None:
    """A square of paper with a border, and a tick in it."""
    side = min(box.width(), box.height())
    square = QRect(0, 0, side, side)
    square.moveCenter(box.center())
    if theme.is_high_contrast:
        palette = QPalette()
        border, ground = (
            palette.color(QPalette.ColorRole.Text),
            palette.color(QPalette.ColorRole.Base),
        )
        sign = border
    else:
        tokens = theme.tokens
        border = QColor(tokens.action if is_ticked else tokens.disabled)
        ground = QColor(tokens.action if is_ticked else tokens.surface)
        sign = QColor(tokens.on_action)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(border, 1))
    painter.setBrush(ground)
    painter.drawRoundedRect(QRectF(square).adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
    if is_ticked:
        ratio = painter.device().devicePixelRatioF()
        drawing = theme.drawing("check", sign.name(), side - 2, ratio)
        painter.drawPixmap(square.left() + 1, square.top() + 1, drawing)
    painter.restore()


class TickBox(QCheckBox):
    """A sentence to be ticked; it wraps when the dialog is narrow."""

    def __init__(self, theme: Theme, words: str, *, name: str) -> None:
        super().__init__(unbroken(words))
        self._theme = theme
        self.setObjectName(name)
        self.setAccessibleName(words)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def sizeHint(self) -> QSize:
        words = self.fontMetrics().horizontalAdvance(self.text())
        return QSize(self._left() + words + S, self.heightForWidth(self._left() + words + S))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._left() + 80, self._side() + S)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        room = QRect(0, 0, max(1, width - self._left() - S), 10_000)
        flags = Qt.TextFlag.TextWordWrap
        return self.fontMetrics().boundingRect(room, flags, self.text()).height() + S

    def hitButton(self, pos: object) -> bool:
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        side = self._side()
        paint_tick(painter, QRect(2, S // 2, side, side), self._theme, is_ticked=self.isChecked())
        words = self.rect().adjusted(self._left(), S // 2, -2, 0)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        painter.drawText(words, Qt.TextFlag.TextWordWrap, self.text())
        if self.hasFocus():
            painter.setPen(QPen(QColor(self._theme.tokens.focus), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 3, 3)
        painter.end()

    def _side(self) -> int:
        return self.fontMetrics().height()

    def _left(self) -> int:
        return self._side() + S + 2
