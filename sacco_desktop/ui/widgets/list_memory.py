"""Lets a list be found again as it was left: its filter, its columns and their order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject

from sacco_desktop.ui.widgets.list_page import ListPage


class ListMemory(QObject):
    """Makes the list as it was kept, then hands `keep` each change that a person makes."""

    def __init__(
        self, page: ListPage, kept: dict[str, Any], keep: Callable[[dict[str, Any]], None]
    ) -> None:
        super().__init__(page)
        self._page = page
        self._keep = keep
        layout, bar = page.table.column_layout, page.filter_bar
        layout.restore(kept.get("columns", {}))
        if kept:
            bar.choose_saved(str(kept.get("saved", "")))
            bar.line.setText(str(kept.get("filter", "")))
        layout.changed.connect(self._tell)
        bar.wanted_changed.connect(self._tell)
        bar.saved_changed.connect(self._tell)

    def _tell(self, *_what: object) -> None:
        bar = self._page.filter_bar
        self._keep(
            {
                "columns": self._page.table.column_layout.state(),
                "saved": bar.saved_key(),
                "filter": bar.line.text(),
            }
        )
