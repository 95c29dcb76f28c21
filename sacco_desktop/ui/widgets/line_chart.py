"""A line from day to day: solid for what was, dotted for what is expected. Straight between points, never smooth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen, QPolygonF

from sacco_desktop.ui.theme.sizes import XS, S
from sacco_desktop.ui.theme.theme import Theme
from sacco_desktop.ui.widgets.chart import Chart

_LINES_HIGH = 9


@dataclass(frozen=True, slots=True)
class Point:
    """One day: its short name under the line where there is room, and the cents."""

    name: str
    cents: int
    is_known: bool = True


class LineChart(Chart):
    """The highest and lowest value stand at the left in short form; the full figures are one key away."""

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__(theme, name)
        self.points: Sequence[Point] = ()

    def show_points(self, points: Sequence[Point]) -> None:
        """Replace the line; the points come in their order, what is known before what is expected."""
        self.points = tuple(points)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(18 * self.theme.sizes.line, _LINES_HIGH * self.theme.sizes.line)

    def minimumSizeHint(self) -> QSize:
        return QSize(12 * self.theme.sizes.line, self.sizeHint().height())

    def draw(self, painter: QPainter) -> None:
        if len(self.points) < 2:
            return
        painter.setFont(self.theme.figures_font())
        low, high = self._range()
        field = self._field(low, high)
        self._draw_scale(painter, field, low, high)
        places = [self._at(field, low, high, n) for n in range(len(self.points))]
        known = sum(point.is_known for point in self.points)
        pen = QPen(self.colour("chart_line"), 2)
        painter.setPen(pen)
        painter.drawPolyline(QPolygonF(places[:known]))
        pen.setStyle(Qt.PenStyle.DotLine)
        painter.setPen(pen)
        painter.drawPolyline(QPolygonF(places[max(0, known - 1) :]))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.colour("chart_line"))
        if known:
            painter.drawEllipse(places[known - 1], 3.5, 3.5)
        self._draw_names(painter, field, places)

    def _range(self) -> tuple[int, int]:
        """From the lowest to the highest, with room around a line that never moves."""
        values = [point.cents for point in self.points]
        low, high = min(values), max(values)
        if low == high:
            return low - max(1, abs(low) // 10), high + max(1, abs(high) // 10)
        return low, high

    def _field(self, low: int, high: int) -> QRectF:
        metrics = QFontMetrics(self.theme.figures_font())
        left = max(metrics.horizontalAdvance(short(cents)) for cents in (low, high)) + 2 * S
        below = metrics.height() + S
        return QRectF(left, S, self.width() - left - 2 * S, self.height() - below - 2 * S)

    def _at(self, field: QRectF, low: int, high: int, place: int) -> QPointF:
        across = field.left() + field.width() * place / (len(self.points) - 1)
        share = (self.points[place].cents - low) / (high - low)
        return QPointF(across, field.bottom() - field.height() * share)

    def _draw_scale(self, painter: QPainter, field: QRectF, low: int, high: int) -> None:
        line = self.theme.sizes.line
        flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for cents, height in ((high, field.top()), (low, field.bottom())):
            painter.setPen(QPen(self.colour("hairline"), 1))
            painter.drawLine(QPointF(field.left(), height), QPointF(field.right(), height))
            painter.setPen(self.colour("secondary"))
            words = QRectF(0, height - line / 2, field.left() - S, line)
            painter.drawText(words, flags, short(cents))

    def _draw_names(self, painter: QPainter, field: QRectF, places: Sequence[QPointF]) -> None:
        """The first day, the last known one and the last of all; one that would touch another is left out."""
        metrics = QFontMetrics(self.theme.figures_font())
        known = sum(point.is_known for point in self.points)
        painter.setPen(self.colour("secondary"))
        taken: list[QRectF] = []
        for place in (known - 1, 0, len(self.points) - 1):
            words = self.points[place].name
            width = metrics.horizontalAdvance(words) + XS
            left = min(max(places[place].x() - width / 2, 0.0), self.width() - width)
            box = QRectF(left, field.bottom() + S, width, metrics.height())
            if not any(box.intersects(other) for other in taken):
                taken.append(box)
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)


def short(cents: int) -> str:
    """`1.4 m`, `726 k`, `830`: rounded, for the scale of a chart; never the only place where a figure stands."""
    shillings = abs(cents) // 100
    sign = "−" if cents < 0 else ""
    thousands = (shillings + 500) // 1000
    if thousands >= 1000:
        whole, tenth = divmod((shillings + 50_000) // 100_000, 10)
        return f"{sign}{whole:,}.{tenth} m"
    return f"{sign}{thousands} k" if shillings >= 1000 else f"{sign}{shillings}"
