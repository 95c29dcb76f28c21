"""What the tabs of the Collections page have in common: a list, its place in addresses, and its commands."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtWidgets import QWidget

from sacco_desktop.ui.list_tab import ListTab
from sacco_desktop.ui.widgets.details import PanelAction

Row = TypeVar("Row")
Commands = dict[str, Callable[[], None]]
# The main action of a panel and the others beside it.
Actions = tuple[PanelAction | None, tuple[PanelAction, ...]]


class CollectionsTab(ListTab[Row]):
    """`key` is its place in addresses, as in `collections/prompts`."""

    key = ""

    def commands(self) -> Commands:
        """What the tab does, by the keys of the menus."""
        return {}

    def more_panes(self) -> tuple[QWidget, ...]:
        """What F6 comes to between the list and its panel."""
        return ()

    def go_to(self, place: str) -> None:
        """A saved filter of the tab, or a row that shows this text as a whole."""
        self.list.go_to(place)

    def _with_row(self, act: Callable[[Row], None]) -> None:
        """Do something with the row under the cursor, if there is one."""
        row = self.list.table.current_row()
        if row is not None:
            act(row)

    def to_member(self, number: str) -> PanelAction:
        """The button of a panel that leads to the member."""
        return PanelAction(
            "open_member", "Open member", lambda: self.desk.open_page(f"member/{number}")
        )
