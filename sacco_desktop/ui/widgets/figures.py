"""The figures behind a chart as a table, for F4, for a screen reader and for whoever would rather read than look."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from sacco_desktop.ui.theme.sizes import XL, L, M
from sacco_desktop.ui.theme.theme import Theme
from sacco_desktop.ui.widgets.columns import Align, Column
from sacco_desktop.ui.widgets.frozen_table import FrozenTable
from sacco_desktop.ui.widgets.labels import TextRole, plain_label, push_button

Line = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """A small table of texts: what it is about, how it was reckoned, its heads and its lines.

    The first column stands left, the others right.
    """

    title: str
    rule: str = ""
    heads: Line = ()
    lines: tuple[Line, ...] = ()

    @property
    def words(self) -> str:
        """All of it as sentences, as a screen reader speaks it."""
        said = [
            ", ".join(f"{head} {cell}" for head, cell in zip(self.heads, line, strict=True))
            for line in self.lines
        ]
        return ". ".join([self.title, *said])


class FiguresDialog(QDialog):
    """Shows Figures; Ctrl+C copies the line under the cursor, Esc closes."""

    def __init__(self, theme: Theme, figures: Figures, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("figures_dialog")
        self.setWindowTitle(figures.title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        columns = tuple(_column(place, head) for place, head in enumerate(figures.heads))
        self.table = FrozenTable(theme, columns, lambda line: line[0], name="figures")
        self.table.setAccessibleName(figures.title)
        self.table.set_rows(figures.lines)
        close = push_button("Close", name="close_figures")
        close.clicked.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(L, L, L, L)
        column.setSpacing(M)
        column.addWidget(plain_label(figures.title, TextRole.SECTION, wraps=True))
        if figures.rule:
            column.addWidget(plain_label(figures.rule, TextRole.SECONDARY, wraps=True))
        column.addWidget(self.table, 1)
        column.addWidget(close, 0, Qt.AlignmentFlag.AlignRight)
        self._fit(theme, parent, len(figures.lines))
        self.table.setFocus()

    def _fit(self, theme: Theme, parent: QWidget, lines: int) -> None:
        room = parent.window().size()
        width = max(self.table.needed_width() + 3 * XL, 28 * theme.sizes.line)
        height = (lines + 2) * theme.sizes.row + 8 * theme.sizes.line
        self.resize(min(width, room.width() - XL), min(height, room.height() - XL))


def _column(place: int, head: str) -> Column[Line]:
    align = Align.RIGHT if place else Align.LEFT
    return Column(head, lambda line: line[place], align=align)
