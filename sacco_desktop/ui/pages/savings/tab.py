"""What the tabs of the Savings page have in common: a list that is read by one service."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.widgets.list_page import ListPage
from sacco_desktop.ui.widgets.list_plan import ListPlan

Row = TypeVar("Row")


class SavingsTab(Generic[Row]):
    """One tab: its list, what it reads and what its main command does."""

    title = ""

    def __init__(self, desk: Desk, plan: ListPlan[Row]) -> None:
        self.desk = desk
        self.list = ListPage(desk.theme, plan)

    def read(self) -> None:
        """Read what is shown again."""

    def act(self) -> None:
        """Ctrl+Enter, for tabs with a main command."""

    def print(self) -> None:
        """Ctrl+P, for tabs with papers."""

    def read_by(
        self, service: Callable[[Any, Any], Sequence[Row]], given: object, unread: str
    ) -> None:
        """Read the rows; `unread` is said when that is not possible."""
        self.list.show_loading()

        def failed(error: BaseException) -> None:
            self.list.show_failed(unread, self.read)
            self.desk.show(error, self.list)

        self.desk.background.read(
            service, given, owner=self.list, done=self.list.set_rows, failed=failed
        )
