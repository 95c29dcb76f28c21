"""What every chart is: painted by us, reached by Tab, readable as a table by F4 and by a screen reader."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from sacco_desktop.ui.theme.theme import Theme
from sacco_desktop.ui.widgets.figures import Figures


class Chart(QWidget):
    """A child says what it paints; `opened` tells of Enter or a click."""

    opened = Signal()

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self.theme = theme
        self.figures = Figures("")
        self.setObjectName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.updateGeometry)

    def show_figures(self, figures: Figures) -> None:
        """What the picture means, in words and figures."""
        self.figures = figures
        self.setAccessibleName(figures.title)
        self.setAccessibleDescription(figures.words)
        self.setToolTip(f"{figures.title}. F4 shows the figures.")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.draw(painter)
        if self.hasFocus():
            painter.setPen(QPen(self.colour("focus"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)
        painter.end()

    def draw(self, painter: QPainter) -> None:
        """Paint inside the widget."""
        raise NotImplementedError

    def colour(self, token: str) -> QColor:
        """A colour of the theme by its name, or the system's text colour in high contrast."""
        if self.theme.is_high_contrast:
            return QPalette().color(QPalette.ColorRole.Text)
        return QColor(getattr(self.theme.tokens, token))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.opened.emit()
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.rect().contains(event.position().toPoint()):
            self.opened.emit()
