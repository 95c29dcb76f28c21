"""Line icons that take the colour of the text around them, sharp at every scale of the screen.

Qt paints the word `currentColor` of an SVG black, so a colour stands in its place before anything
is drawn.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QByteArray, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QIconEngine, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

Colour = Callable[[QIcon.Mode, QIcon.State], str]


class Drawings:
    """Reads SVG files once and draws them in a colour."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._sources: dict[str, str] = {}
        self._pixmaps: dict[tuple[str, str, int, float], QPixmap] = {}

    def pixmap(self, name: str, colour: str, size: int, ratio: float = 1.0) -> QPixmap:
        """The drawing as a square of `size` device-independent pixels. KeyError-free: the file must
        exist."""
        key = (name, colour, size, ratio)
        if key not in self._pixmaps:
            pixmap = QPixmap(round(size * ratio), round(size * ratio))
            pixmap.fill(Qt.GlobalColor.transparent)
            painter = QPainter(pixmap)
            self.paint(painter, QRect(0, 0, pixmap.width(), pixmap.height()), name, colour)
            painter.end()
            pixmap.setDevicePixelRatio(ratio)
            self._pixmaps[key] = pixmap
        return self._pixmaps[key]

    def paint(self, painter: QPainter, rect: QRect, name: str, colour: str) -> None:
        """Draw into the largest square in the middle of `rect`."""
        side = min(rect.width(), rect.height())
        square = QRectF(0, 0, side, side)
        square.moveCenter(QRectF(rect).center())
        svg = self._source(name).replace("currentColor", colour)
        QSvgRenderer(QByteArray(svg.encode())).render(painter, square)

    def _source(self, name: str) -> str:
        if name not in self._sources:
            self._sources[name] = (self._folder / f"{name}.svg").read_text(encoding="utf-8")
        return self._sources[name]


class _TintedIcon(QIconEngine):
    """Asks for its colour each time it is painted, so that a change of theme needs no new icons."""

    def __init__(self, drawings: Drawings, name: str, colour: Colour) -> None:
        super().__init__()
        self._drawings = drawings
        self._name = name
        self._colour = colour

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        self._drawings.paint(painter, rect, self._name, self._colour(mode, state))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        return self.scaledPixmap(size, mode, state, 1.0)

    def scaledPixmap(
        self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float
    ) -> QPixmap:
        # Qt asks in device pixels and sets the ratio itself.
        side = min(size.width(), size.height())
        return self._drawings.pixmap(self._name, self._colour(mode, state), side).copy()

    def clone(self) -> QIconEngine:
        return _TintedIcon(self._drawings, self._name, self._colour)


def tinted_icon(drawings: Drawings, name: str, colour: Colour) -> QIcon:
    """An icon whose colour follows its widget: enabled or not, checked or not."""
    return QIcon(_TintedIcon(drawings, name, colour))


def program_icon(drawings: Drawings, ground: str, sign: str) -> QIcon:
    """The icon of the window and the task bar: a sign on a square of the action colour, readable at
    16 pixels."""
    icon = QIcon()
    for size in (16, 24, 32, 48, 64, 256):
        pixmap = QPixmap(size, size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(ground))
        painter.drawRoundedRect(QRectF(0, 0, size, size), size / 6, size / 6)
        margin = round(size / 8)
        inside = QRect(margin, margin, size - 2 * margin, size - 2 * margin)
        drawings.paint(painter, inside, "landmark", sign)
        painter.end()
        icon.addPixmap(pixmap)
    return icon
