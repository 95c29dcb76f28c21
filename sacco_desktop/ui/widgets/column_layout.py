"""Which columns of a table are shown, how wide and in which order: by their rule, until a person wants it otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QTableView

from sacco_desktop.ui.widgets.columns import Align, Column

_LEAST_WIDTH = 40


class ColumnLayout(QObject):
    """`changed` tells of what a person did to it, never of what the room did."""

    changed = Signal()

    def __init__(self, table: QTableView, columns: Sequence[Column[Any]]) -> None:
        super().__init__(table)
        self._table = table
        self._columns = tuple(columns)
        self.widths = [0] * len(columns)
        self._on: set[str] = set()
        self._off: set[str] = set()
        self._own: dict[str, int] = {}
        self._is_at_work = False
        header = table.horizontalHeader()
        header.setSectionsMovable(True)
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(self._open_menu_at)
        header.sectionResized.connect(self._keep_width)
        header.sectionMoved.connect(lambda *_places: self._tell())
        header.sortIndicatorChanged.connect(lambda *_how: self._tell())

    def show_column(self, place: int, *, is_on: bool) -> None:
        """Show a column whatever room there is, or not at all; one that is never hidden stays."""
        column = self._columns[place]
        if column.priority > 1:
            (self._on.add if is_on else self._on.discard)(column.title)
            (self._off.discard if is_on else self._off.add)(column.title)
            self.fit()
            self._tell()

    def reset(self) -> None:
        """As the page has it."""
        self._on, self._off, self._own = set(), set(), {}
        self._order_as([column.title for column in self._columns])
        self.fit()
        self._tell()

    def needed_width(self) -> int:
        """The width in pixels below which a column that must never be cut would be."""
        return sum(
            width
            for column, width in zip(self._columns, self.widths, strict=True)
            if column.priority == 1
        )

    def fit(self) -> None:
        """Columns that matter less go first; the first text column takes what is left over."""
        room, columns = self._table.viewport().width(), self._columns
        widths = [self._width(place) for place in range(len(columns))]
        shown = {n for n, c in enumerate(columns) if c.priority == 1 or c.title in self._on}
        used = sum(widths[n] for n in shown)
        for place, column in enumerate(columns):
            may_show = column.priority == 2 and column.title not in self._off
            if may_show and place not in shown and used + widths[place] <= room:
                shown.add(place)
                used += widths[place]
        texts = [n for n in sorted(shown) if columns[n].align is Align.LEFT]
        roomy = next((n for n in texts if not columns[n].widest), min(texts or shown))
        self._is_at_work = True
        for place in range(len(columns)):
            self._table.setColumnHidden(place, place not in shown)
            spare = max(0, room - used) if place == roomy else 0
            self._table.setColumnWidth(place, widths[place] + spare)
        self._is_at_work = False

    def state(self) -> dict[str, Any]:
        """What a person made of it, to be kept; empty while all is as the page has it."""
        header = self._table.horizontalHeader()
        titles = [column.title for column in self._columns]
        order = [titles[header.logicalIndex(place)] for place in range(len(titles))]
        state: dict[str, Any] = {
            "on": sorted(self._on),
            "off": sorted(self._off),
            "widths": dict(sorted(self._own.items())),
            "order": order if order != titles else [],
        }
        sorted_by = header.sortIndicatorSection()
        if 0 <= sorted_by < len(titles):
            down = header.sortIndicatorOrder() == Qt.SortOrder.DescendingOrder
            state["sort"] = [titles[sorted_by], down]
        return {name: value for name, value in state.items() if value}

    def restore(self, state: dict[str, Any]) -> None:
        """Make it as it was kept. Columns that are not there any more are passed over."""
        titles = [column.title for column in self._columns]
        self._on = set(state.get("on", ())) & set(titles)
        self._off = set(state.get("off", ())) & set(titles)
        self._own = {
            title: width
            for title, width in state.get("widths", {}).items()
            if title in titles and isinstance(width, int)
        }
        self._is_at_work = True
        self._order_as([title for title in state.get("order", ()) if title in titles])
        title, down = (*state.get("sort", ()), "", False)[:2]
        if title in titles:
            order = Qt.SortOrder.DescendingOrder if down else Qt.SortOrder.AscendingOrder
            self._table.horizontalHeader().setSortIndicator(titles.index(title), order)
        self._is_at_work = False
        self.fit()

    def open_menu(self) -> None:
        """The list of columns with their ticks, below the heads."""
        self._open_menu_at(QPoint(0, self._table.horizontalHeader().height()))

    def _open_menu_at(self, at: QPoint) -> None:
        header = self._table.horizontalHeader()
        menu = QMenu(header)
        menu.setObjectName("columns_menu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for place, column in enumerate(self._columns):
            action = QAction(column.title.replace("&", "&&"), menu)
            action.setCheckable(True)
            action.setChecked(not self._table.isColumnHidden(place))
            # What tells who and how much is never hidden.
            action.setEnabled(column.priority > 1)
            action.toggled.connect(
                lambda is_on, number=place: self.show_column(number, is_on=is_on)
            )
            menu.addAction(action)
        menu.addSeparator()
        menu.addAction("Columns as they were").triggered.connect(lambda _on: self.reset())
        menu.popup(header.mapToGlobal(at))

    def _width(self, place: int) -> int:
        """As wide as a person made it, but never so narrow that what must be read is cut."""
        column, measured = self._columns[place], self.widths[place]
        own = self._own.get(column.title, measured)
        return max(own, measured if column.priority == 1 else _LEAST_WIDTH)

    def _order_as(self, titles: Sequence[str]) -> None:
        header = self._table.horizontalHeader()
        places = {column.title: place for place, column in enumerate(self._columns)}
        for visual, title in enumerate(titles):
            header.moveSection(header.visualIndex(places[title]), visual)

    def _keep_width(self, place: int, _old: int, new: int) -> None:
        if not self._is_at_work and not self._table.isColumnHidden(place) and new > 0:
            self._own[self._columns[place].title] = new
            self._tell()

    def _tell(self) -> None:
        if not self._is_at_work:
            self.changed.emit()
