"""The table of every list: one row is the cursor, Space ticks, Enter opens, Tab leaves."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any, TypeVar

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QFont,
    QFontMetrics,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from sacco_desktop.domain.money import MINUS
from sacco_desktop.ui.theme.theme import Theme
from sacco_desktop.ui.widgets.chip_words import Chip
from sacco_desktop.ui.widgets.chips import ChipPainter
from sacco_desktop.ui.widgets.column_layout import ColumnLayout
from sacco_desktop.ui.widgets.columns import Align, Column
from sacco_desktop.ui.widgets.frozen_table_model import FrozenTableModel
from sacco_desktop.ui.widgets.table_cells import TableCells, tick_width

Row = TypeVar("Row")

# Enough rows to know how wide the texts are; measuring 20,000 would be felt.
_MEASURED_ROWS = 200
_CELL_PADDING = 14
# A few milliseconds of work, and as much rest: 20,000 rows are ready within half a second.
_FOLDED_AT_ONCE, _BETWEEN_MS = 400, 5
_LONG = 2_000


class FrozenTable(QTableView):
    """Shows a FrozenTableModel. `current_changed` brings the row under the cursor or None; `opened`
    the row of Enter."""

    current_changed = Signal(object)
    opened = Signal(object)

    def __init__(
        self,
        theme: Theme,
        columns: Sequence[Column[Row]],
        key: Callable[[Row], Hashable],
        *,
        name: str,
        ticks: bool = False,
    ) -> None:
        super().__init__()
        self._theme = theme
        self._chips = ChipPainter(theme)
        self.table_model: FrozenTableModel[Any] = FrozenTableModel(columns, key, ticks=ticks)
        self.table_model.setParent(self)
        self.setObjectName(name)
        self.setAccessibleName(name.replace("_", " "))
        self.setModel(self.table_model)
        self._cells = TableCells(theme, self._chips, columns)
        self.setItemDelegate(self._cells)
        self._settle_behaviour()
        self._settle_header()
        self.column_layout = ColumnLayout(self, columns)
        self.selectionModel().currentRowChanged.connect(self._tell_current)
        self.doubleClicked.connect(self._open)
        # Long lists get ready for a filter while nothing else is to be done.
        self._idle = QTimer(self)
        self._idle.setInterval(_BETWEEN_MS)
        self._idle.timeout.connect(self._fold_some)
        theme.changed.connect(self._measure)
        self._measure()

    def set_rows(self, rows: Sequence[Any]) -> None:
        """Show new rows and keep the cursor on the same thing, or near where it was; what is looked at stays in its
        place.
        """
        line, top = self.currentIndex().row(), self.verticalScrollBar().value()
        key, top_key = self.table_model.key_at(line), self.table_model.key_at(top)
        selection = self.selectionModel()
        selection.blockSignals(True)
        fresh = self.table_model.set_rows(rows)
        if (
            fresh is None
            or key is None
            or self.table_model.key_at(self.currentIndex().row()) != key
        ):
            self._put_cursor_back(line, key)
            self.viewport().update()
        selection.blockSignals(False)
        # Whoever looks at the top sees what comes there; anybody else goes on looking at the same rows.
        top_now = None if fresh is None or not top else self.table_model.line_of(top_key)
        if top_now is not None:
            self.verticalScrollBar().setValue(top_now)
        if len(rows) > _LONG:
            self._idle.start()
        self._tell_current()
        if fresh is None:
            self._measure()
        else:
            self._widen(fresh)

    def set_filter(self, wanted: str) -> None:
        """Show the rows that hold these words."""
        self._keep_current(lambda: self.table_model.set_filter(wanted))

    def set_condition(self, condition: Callable[[Any], bool] | None) -> None:
        """Show the rows of a saved filter."""
        self._keep_current(lambda: self.table_model.set_condition(condition))

    def current_row(self) -> Any:
        """The row under the cursor, or None."""
        return self.table_model.row_at(self.currentIndex().row())

    def select_key(self, key: Hashable) -> bool:
        """Put the cursor on the row with this key; False when it is not shown."""
        line = self.table_model.line_of(key)
        if line is None:
            return False
        self._put_cursor(line)
        return True

    def needed_width(self) -> int:
        """The width in pixels below which a column that must never be cut would be."""
        return self.column_layout.needed_width() + self.verticalScrollBar().sizeHint().width()

    def copy(self) -> None:
        """Put the ticked rows, or else the current one, on the clipboard as a table with heads."""
        rows = self.table_model.ticked_rows() or [self.current_row()]
        columns = self.table_model.columns
        lines = ["\t".join(column.title for column in columns)]
        for row in rows:
            if row is not None:
                # A spreadsheet reads only the plain minus as a sign.
                lines.append("\t".join(column.text(row) for column in columns).replace(MINUS, "-"))
        QGuiApplication.clipboard().setText("\n".join(lines))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        line = self.currentIndex().row()
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            self.table_model.tick_shown(is_ticked=True)
        elif event.key() == Qt.Key.Key_Space and self.table_model.has_ticks:
            self.table_model.tick(line, is_ticked=not self.table_model.is_ticked(line))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self._open(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Letters do nothing here: they would move the cursor while a person means to filter."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.column_layout.fit()

    def _settle_behaviour(self) -> None:
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setAlternatingRowColors(True)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.verticalHeader().hide()

    def _settle_header(self) -> None:
        header = self.horizontalHeader()
        header.setAccessibleName("Columns")
        self.verticalHeader().setAccessibleName("Rows")
        header.setHighlightSections(False)
        header.setSectionsClickable(True)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setSortIndicatorShown(True)
        header.setSortIndicatorClearable(True)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        header.sortIndicatorChanged.connect(self._sort)

    @Slot(int, Qt.SortOrder)
    def _sort(self, column: int, order: Qt.SortOrder) -> None:
        """The first click sorts upwards, the second downwards, the third goes back to the page's
        own order."""
        place = column if column >= 0 else None
        is_descending = order == Qt.SortOrder.DescendingOrder
        self._keep_current(lambda: self.table_model.sort_by(place, descending=is_descending))

    def _keep_current(self, change: Callable[[], None]) -> None:
        line = self.currentIndex().row()
        key = self.table_model.key_at(line)
        selection = self.selectionModel()
        selection.blockSignals(True)
        change()
        self._put_cursor_back(line, key)
        selection.blockSignals(False)
        self.viewport().update()
        self._tell_current()

    @Slot()
    def _fold_some(self) -> None:
        if not self.table_model.fold_some(_FOLDED_AT_ONCE):
            self._idle.stop()

    def _put_cursor_back(self, line: int, key: Hashable | None) -> None:
        if key is None or not self.select_key(key):
            self._put_cursor(min(max(line, 0), self.table_model.rowCount() - 1))

    def _put_cursor(self, line: int) -> None:
        index = self.table_model.index(line, self._first_shown_column())
        how = QItemSelectionModel.SelectionFlag
        self.selectionModel().setCurrentIndex(index, how.ClearAndSelect | how.Rows)
        if index.isValid():
            self.scrollTo(index)

    def _first_shown_column(self) -> int:
        return next(
            (n for n in range(self.table_model.columnCount()) if not self.isColumnHidden(n)), 0
        )

    @Slot()
    def _tell_current(self) -> None:
        self.current_changed.emit(self.current_row())

    @Slot(QModelIndex)
    def _open(self, index: QModelIndex) -> None:
        row = self.table_model.row_at(index.row())
        if row is not None:
            self.opened.emit(row)

    @Slot()
    def _measure(self) -> None:
        """Widths and heights from the font, so that larger text cuts nothing."""
        head = QFontMetrics(self._theme.font(QFont.Weight.DemiBold))
        rows = self.table_model.rows[:_MEASURED_ROWS]
        needed = self._needed_widths(rows)
        for place, column in enumerate(self.table_model.columns):
            # The sort arrow needs its place beside the longest head.
            width = max(needed[place], head.horizontalAdvance(column.title) + 16) + _CELL_PADDING
            self.column_layout.widths[place] = width + self._tick_width(place)
        self.verticalHeader().setMinimumSectionSize(self._theme.sizes.row)
        self.verticalHeader().setDefaultSectionSize(self._theme.sizes.row)
        self.column_layout.fit()

    def _widen(self, rows: Sequence[Any]) -> None:
        """Give these rows the room that they need; no column grows narrower under the eyes of a person."""
        widths = self.column_layout.widths
        before = list(widths)
        for place, needed in enumerate(self._needed_widths(rows[:_MEASURED_ROWS]) if rows else ()):
            widths[place] = max(widths[place], needed + _CELL_PADDING + self._tick_width(place))
        if widths != before:
            self.column_layout.fit()

    def _tick_width(self, place: int) -> int:
        return tick_width(self._theme) if place == 0 and self.table_model.has_ticks else 0

    def _needed_widths(self, rows: Sequence[Any]) -> list[int]:
        plain, figures = QFontMetrics(self._theme.font()), QFontMetrics(self._theme.figures_font())
        found = []
        for column in self.table_model.columns:
            most = column.longest or None
            texts = {column.text(row)[:most] for row in rows} | {column.widest}
            has_figures = column.is_figures or column.align is Align.RIGHT
            body = figures if has_figures else plain
            chips = {value for row in rows if isinstance(value := column.value(row), Chip)}
            found.append(
                max(
                    *(body.horizontalAdvance(text) for text in texts),
                    *(self._chips.size(chip, longest_language=True).width() for chip in chips),
                    0,
                )
            )
        return found
