"""What the tabs of a page have in common: mostly a list that is read by one service."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.widgets.list_page import ListPage
from sacco_desktop.ui.widgets.list_plan import ListPlan

Row = TypeVar("Row")


class Tab:
    """One tab. `widget` is shown, `list` answers the commands of lists where there is one."""

    title = ""
    widget: QWidget
    list: ListPage | None = None

    def read(self) -> None:
        """Read what is shown again."""

    def new(self) -> None:
        """Ctrl+N, for tabs on which something can be made."""


class ListTab(Tab, Generic[Row]):
    """A tab that is a list."""

    list: ListPage

    def __init__(self, desk: Desk, plan: ListPlan[Row]) -> None:
        self.desk = desk
        self.list = ListPage(desk.theme, plan)
        self.widget = self.list

    def read_by(
        self, service: Callable[[Any, Any], Sequence[Row]], unread: str, given: object = None
    ) -> None:
        """Read the rows by what is `given`; `unread` is said when that is not possible."""
        self.list.show_loading()

        def failed(error: BaseException) -> None:
            self.list.show_failed(unread, self.read)
            self.desk.show(error, self.list)

        owner: QObject = self.list
        self.desk.background.read_anew(
            service, given, owner=owner, done=self.show_rows, failed=failed
        )

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Show what was read."""
        self.list.show_behind("")
        self.list.set_rows(rows)
