"""What the details panel says, in a dialog of its own: for Enter on a row, and for windows too narrow for the panel."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from sacco_desktop.ui.theme.sizes import L, M
from sacco_desktop.ui.theme.theme import Theme
from sacco_desktop.ui.widgets.details import Details, PanelAction
from sacco_desktop.ui.widgets.details_panel import DetailsPanel
from sacco_desktop.ui.widgets.labels import push_button


class DetailsDialog(QDialog):
    """Esc closes it. An action closes it first, because one dialog at a time is enough for anybody."""

    def __init__(
        self, theme: Theme, name: str, details: Details, parent: QWidget, side: QWidget | None
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setWindowTitle(details.title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(True)
        self.panel = DetailsPanel(theme)
        self.panel.show_details(
            replace(
                details,
                action=details.action and self._closing(details.action),
                other_actions=tuple(map(self._closing, details.other_actions)),
            )
        )
        middle = QHBoxLayout()
        middle.setSpacing(M)
        middle.addWidget(self.panel)
        if side is not None:
            middle.addWidget(side, 1)
        close = push_button("Close", name="close_details")
        close.clicked.connect(self.reject)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(L, L, L, L)
        column.setSpacing(M)
        column.addLayout(middle, 1)
        column.addLayout(foot)
        room = parent.window().size()
        wanted = room.width() - 2 * L if side is not None else self.panel.width() + 3 * L
        self.resize(min(wanted, room.width() - L), room.height() - 3 * L)

    def _closing(self, action: PanelAction) -> PanelAction:
        return replace(action, act=action.act and self._after_closing(action.act))

    def _after_closing(self, act: Callable[[], None]) -> Callable[[], None]:
        def close_then_act() -> None:
            self.accept()
            act()

        return close_then_act
