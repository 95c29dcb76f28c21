"""The menu of a row: the same actions as its panel has, for the right mouse button, the menu key and narrow windows."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from sacco_desktop.ui.widgets.details import PanelAction
from sacco_desktop.ui.widgets.frozen_table import FrozenTable
from sacco_desktop.ui.widgets.list_plan import ListPlan


class RowMenu(QObject):
    """Opens at the row under the mouse, or with Shift+F10 at the row of the cursor."""

    def __init__(self, table: FrozenTable, plan: ListPlan[Any]) -> None:
        super().__init__(table)
        self._table, self._plan = table, plan
        table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        table.customContextMenuRequested.connect(self._open)

    def _open(self, at: QPoint) -> None:
        row = self._table.current_row()
        if row is None or self._plan.details is None:
            return
        details = self._plan.details(row)
        main = () if details.action is None else (details.action,)
        menu = QMenu(self._table)
        menu.setObjectName("row_menu")
        menu.setToolTipsVisible(True)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for each in (*main, *details.other_actions):
            menu.addAction(_entry(menu, each))
        if menu.isEmpty():
            menu.deleteLater()
            return
        menu.popup(self._table.viewport().mapToGlobal(at))


def _entry(menu: QMenu, each: PanelAction) -> QAction:
    """What is locked stands there too and says why in its tip."""
    entry = QAction(each.text.replace("&", "&&"), menu)
    entry.setObjectName(f"row_{each.key}")
    act = each.act
    if act is None:
        entry.setEnabled(False)
        entry.setToolTip(each.why_locked)
    else:
        entry.triggered.connect(lambda _on=False: act())
    return entry
