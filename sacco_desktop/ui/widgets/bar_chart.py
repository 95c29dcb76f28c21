"""Horizontal bars, each with its name before it and its figure after it, so that the colour says nothing alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter

from sacco_desktop.ui.theme.sizes import S
from sacco_desktop.ui.theme.theme import Theme
from sacco_desktop.ui.widgets.chart import Chart

_LEAST_BAR = 48


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar; `place` chooses its colour on the ramp of the theme."""

    name: str
    cents: int
    figure: str
    place: int


class BarChart(Chart):
    """As high as its bars. A bar that is not empty is never thinner than can be seen."""

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__(theme, name)
        self.bars: Sequence[Bar] = ()

    def show_bars(self, bars: Sequence[Bar]) -> None:
        """Replace all bars."""
        self.bars = tuple(bars)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(
            self._names_width() + self._figures_width() + 3 * _LEAST_BAR,
            max(1, len(self.bars)) * self.theme.sizes.row,
        )

    def minimumSizeHint(self) -> QSize:
        return QSize(
            self._names_width() + self._figures_width() + _LEAST_BAR + 4 * S,
            self.sizeHint().height(),
        )

    def draw(self, painter: QPainter) -> None:
        row, names, figures = (
            self.theme.sizes.row,
            self._names_width(),
            self._figures_width(),
        )
        room = max(_LEAST_BAR, self.width() - names - figures - 4 * S)
        most = max((bar.cents for bar in self.bars), default=0) or 1
        painter.setFont(self.theme.figures_font())
        for line, bar in enumerate(self.bars):
            top = line * row
            painter.setPen(self.colour("text"))
            left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(QRectF(S, top, names, row), left, bar.name)
            long = max(3.0, room * bar.cents / most) if bar.cents > 0 else 0.0
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._ramp(bar.place))
            painter.drawRoundedRect(QRectF(names + 2 * S, top + row / 4, long, row / 2), 2, 2)
            painter.setPen(self.colour("text" if bar.cents else "secondary"))
            painter.drawText(
                QRectF(names + 3 * S + long, top, figures + S, row),
                left,
                bar.figure,
            )

    def _ramp(self, place: int) -> QColor:
        if self.theme.is_high_contrast:
            return self.colour("text")
        ramp = self.theme.tokens.late_ramp
        return QColor(ramp[min(place, len(ramp) - 1)])

    def _names_width(self) -> int:
        return max((self._metrics().horizontalAdvance(bar.name) for bar in self.bars), default=0)

    def _figures_width(self) -> int:
        return max((self._metrics().horizontalAdvance(bar.figure) for bar in self.bars), default=0)

    def _metrics(self) -> QFontMetrics:
        return QFontMetrics(self.theme.figures_font())
