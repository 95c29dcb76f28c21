"""What the tabs of Settings have in common: a list that is read by one service."""

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

    def read_by(self, service: Callable[[Any, None], Sequence[Row]], unread: str) -> None:
        """Read the rows; `unread` is said when that is not possible."""
        self.list.show_loading()

        def failed(error: BaseException) -> None:
            self.list.show_failed(unread, self.read)
            self.desk.show(error, self.list)

        owner: QObject = self.list
        self.desk.background.read(
            service, None, owner=owner, done=self.list.set_rows, failed=failed
        )
