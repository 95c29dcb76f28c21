"""Draws the cells of a table: chips for states, red for amounts below zero. A cell is never cut
without a tool tip."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QHelpEvent, QPainter, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolTip,
)

from sacco_desktop.ui.theme.sizes import XS, M
from sacco_desktop.ui.theme.theme import Theme
from sacco_desktop.ui.widgets.chip_words import Chip
from sacco_desktop.ui.widgets.chips import ChipPainter
from sacco_desktop.ui.widgets.columns import Align, Column
from sacco_desktop.ui.widgets.frozen_table_model import VALUE_ROLE
from sacco_desktop.ui.widgets.ticks import paint_tick

Index = QModelIndex | QPersistentModelIndex

_CHECK_STATE = int(Qt.ItemDataRole.CheckStateRole)
_NEITHER = ~(QStyle.StateFlag.State_HasFocus | QStyle.StateFlag.State_MouseOver)


def tick_width(theme: Theme) -> int:
    """A box to tick with the space around it, in pixels."""
    return theme.sizes.tick + M


class TableCells(QStyledItemDelegate):
    """The delegate of every table."""

    def __init__(self, theme: Theme, chips: ChipPainter, columns: Sequence[Column[Any]]) -> None:
        super().__init__()
        self._theme = theme
        self._chips = chips
        self._figures_font = theme.figures_font()
        theme.changed.connect(self._take_font)
        self._figures = {
            place
            for place, column in enumerate(columns)
            if column.is_figures or column.align is Align.RIGHT
        }

    def _take_font(self) -> None:
        self._figures_font = self._theme.figures_font()

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        super().initStyleOption(option, index)
        # The mouse must not look as if it had chosen a row, and the row that has the focus is
        # coloured as a whole.
        option.state &= _NEITHER
        if index.column() in self._figures:
            option.font = self._figures_font
        value = index.data(VALUE_ROLE)
        if isinstance(value, Chip):
            option.text = ""
        elif isinstance(value, int) and value < 0 and not self._theme.is_high_contrast:
            for role in (QPalette.ColorRole.Text, QPalette.ColorRole.HighlightedText):
                option.palette.setColor(role, QColor(self._theme.tokens.negative))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        super().paint(painter, option, index)
        state = index.data(_CHECK_STATE) if index.column() == 0 else None
        value = index.data(VALUE_ROLE)
        if isinstance(value, Chip):
            room = tick_width(self._theme) if state is not None else XS
            self._chips.paint(painter, option.rect.adjusted(room, 0, -XS, 0), value)
        if state is not None:
            self._paint_tick(painter, option, index, is_ticked=state == Qt.CheckState.Checked)

    def _paint_tick(
        self, painter: QPainter, option: QStyleOptionViewItem, index: Index, *, is_ticked: bool
    ) -> None:
        """Over the box that Qt has drawn, at the place where Qt takes the click."""
        settled = QStyleOptionViewItem(option)
        self.initStyleOption(settled, index)
        style = option.widget.style()
        part = QStyle.SubElement.SE_ItemViewItemCheckIndicator
        paint_tick(
            painter,
            style.subElementRect(part, settled, option.widget),
            self._theme,
            is_ticked=is_ticked,
        )

    def helpEvent(
        self,
        event: QHelpEvent,
        view: QAbstractItemView,
        option: QStyleOptionViewItem,
        index: Index,
    ) -> bool:
        """Show the whole text of a cell that is too narrow for it."""
        text = index.data(Qt.ItemDataRole.DisplayRole)
        is_cut = text and view.fontMetrics().horizontalAdvance(str(text)) + 12 > option.rect.width()
        if event.type() == QEvent.Type.ToolTip and is_cut:
            # Qt guesses whether a tip is HTML; this one always is, and what came from outside is
            # escaped.
            QToolTip.showText(event.globalPos(), f"<p>{html.escape(str(text))}</p>", view)
            return True
        QToolTip.hideText()
        return True
