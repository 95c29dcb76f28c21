"""The table of a report: its columns as the lists of the window have them, with sums in strong letters."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QModelIndex, QPersistentModelIndex
from PySide6.QtGui import QColor, QFont, QPainter
from PySide6.QtWidgets import QStyleOptionViewItem

from sacco_desktop.domain.dates import format_date
from sacco_desktop.domain.money import format_amount
from sacco_desktop.services.reports.report import (
    Cell,
    ColumnKind,
    ReportColumn,
    ReportRow,
    RowKind,
)
from sacco_desktop.ui.theme.theme import Theme
from sacco_desktop.ui.widgets.chips import ChipPainter
from sacco_desktop.ui.widgets.columns import Align, Column
from sacco_desktop.ui.widgets.frozen_table import FrozenTable
from sacco_desktop.ui.widgets.frozen_table_model import FrozenTableModel
from sacco_desktop.ui.widgets.table_cells import TableCells

_WIDEST = {
    ColumnKind.TEXT: "1010",
    ColumnKind.DATE: "30 May 2026",
    ColumnKind.NUMBER: "99999",
    ColumnKind.MONEY: "−9,999,999.00",
}
_RIGHT = {ColumnKind.NUMBER, ColumnKind.MONEY}
_LONGEST_NAME = 34


def columns_of(columns: tuple[ReportColumn, ...]) -> tuple[Column[ReportRow], ...]:
    """The columns for a table of rows of a report."""
    return tuple(_column(place, column) for place, column in enumerate(columns))


def _column(place: int, column: ReportColumn) -> Column[ReportRow]:
    def value(row: ReportRow) -> Cell:
        return row.cells[place]

    def words(cell: Cell) -> str:
        if isinstance(cell, date):
            return format_date(cell)
        if isinstance(cell, int):
            return format_amount(cell) if column.kind is ColumnKind.MONEY else str(cell)
        return cell or ""

    return Column(
        column.title,
        value,
        words,
        Align.RIGHT if column.kind in _RIGHT else Align.LEFT,
        # What a reference says is in the entry too, so it is the first to go when there is little room.
        priority=2 if column.title in {"Reference", "Memo"} else 1,
        widest="" if column.is_wide else _WIDEST[column.kind],
        longest=_LONGEST_NAME if column.is_wide else 0,
        is_figures=column.kind is ColumnKind.DATE,
    )


class ReportTable(FrozenTable):
    """Rows keep the order of the report, because a sum belongs under what it adds up."""

    def __init__(self, theme: Theme, columns: tuple[ReportColumn, ...]) -> None:
        own = columns_of(columns)
        super().__init__(theme, own, lambda row: row.key, name="report_table")
        self.report_columns = columns
        self._report_cells = ReportCells(theme, ChipPainter(theme), own)
        self.setItemDelegate(self._report_cells)
        header = self.horizontalHeader()
        header.setSectionsClickable(False)
        header.setSortIndicatorShown(False)


class ReportCells(TableCells):
    """Headings and sums are strong; a line over a sum says what it adds up."""

    def __init__(
        self, theme: Theme, chips: ChipPainter, columns: tuple[Column[ReportRow], ...]
    ) -> None:
        super().__init__(theme, chips, columns)
        self._look = theme

    def initStyleOption(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().initStyleOption(option, index)
        if _kind(index) is not RowKind.LINE:
            font = QFont(option.font)
            font.setWeight(QFont.Weight.DemiBold)
            option.font = font

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        super().paint(painter, option, index)
        if _kind(index) in {RowKind.SUBTOTAL, RowKind.TOTAL}:
            painter.save()
            painter.setPen(QColor(self._look.tokens.disabled))
            painter.drawLine(option.rect.topLeft(), option.rect.topRight())
            painter.restore()


def _kind(index: QModelIndex | QPersistentModelIndex) -> RowKind:
    model = index.model()
    assert isinstance(model, FrozenTableModel)
    row: ReportRow | None = model.row_at(index.row())
    return row.kind if row is not None else RowKind.LINE
