"""A list of what was, such as closed days or sittings, in a dialog over its page: rows, details, and one act that the
dialog makes way for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Generic, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from sacco_desktop.services.books.work import Service
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.theme.sizes import L, M
from sacco_desktop.ui.widgets.details import Details, PanelAction
from sacco_desktop.ui.widgets.labels import push_button
from sacco_desktop.ui.widgets.list_page import ListPage
from sacco_desktop.ui.widgets.list_plan import ListPlan

Row = TypeVar("Row")
_WIDTH, _HEIGHT = 1000, 560


class ListDialog(QDialog, Generic[Row]):
    """Called `<plan.name>_dialog`; its button is `close_<plan.name>`. It reads its rows once, when it is made.

    Every action of the details closes the dialog first, because what it opens stands over the page; Enter on a row does
    the first of them that is not locked.
    """

    def __init__(
        self,
        desk: Desk,
        parent: QWidget,
        title: str,
        plan: ListPlan[Row],
        read: Service[None, Sequence[Row]],
    ) -> None:
        super().__init__(parent)
        self._desk, self._read_rows, self._many = desk, read, plan.many
        self._says = plan.details
        self.setObjectName(f"{plan.name}_dialog")
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(True)
        self.list = ListPage(desk.theme, replace(plan, details=self._details))
        self.list.opened.connect(self._enter)
        close = push_button("Close", name=f"close_{plan.name}")
        close.clicked.connect(self.reject)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(L, L, L, L)
        column.setSpacing(M)
        column.addWidget(self.list, 1)
        column.addLayout(foot)
        room = parent.window().size()
        self.resize(min(_WIDTH, room.width() - 2 * L), min(_HEIGHT, room.height() - 2 * L))
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)
        self._read()

    def _details(self, row: Row) -> Details:
        assert self._says is not None, "a list in a dialog says something of its rows"
        said = self._says(row)
        return replace(
            said,
            action=said.action and self._leaving(said.action),
            other_actions=tuple(map(self._leaving, said.other_actions)),
        )

    def _leaving(self, action: PanelAction) -> PanelAction:
        act = action.act
        return action if act is None else replace(action, act=lambda: self._leave_for(act))

    def _leave_for(self, act: Callable[[], None]) -> None:
        self.accept()
        act()

    def _enter(self, row: Row) -> None:
        said = self._details(row)
        acts = [each.act for each in (said.action, *said.other_actions) if each is not None]
        act = next((each for each in acts if each is not None), None)
        if act is not None:
            act()

    def _read(self) -> None:
        self.list.show_loading()
        self._desk.background.read(
            self._read_rows, None, owner=self, done=self.list.set_rows, failed=self._unread
        )

    def _unread(self, error: BaseException) -> None:
        self.list.show_failed(
            f"The {self._many} could not be read. Nothing was changed.", self._read
        )
        self._desk.show(error, self)
