"""What the details panel says, in a dialog of its own: for Enter on a row, and for windows too narrow for the panel."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from sacco_desktop.ui.theme.sizes import XL, L, M
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
                explains=tuple(map(self._closing, details.explains)),
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
        self._fit(parent.window().size(), side)
        first = self.panel.findChild(QPushButton)
        (first or close).setFocus(Qt.FocusReason.OtherFocusReason)

    def _fit(self, room: QSize, side: QWidget | None) -> None:
        """As large as the panel and its side need, and never beyond the window."""
        body = self.panel.widget()
        inside = body.heightForWidth(self.panel.width()) if body is not None else 0
        around = self.sizeHint().height() - max(
            part.sizeHint().height() for part in (self.panel, side or self.panel)
        )
        width = self.panel.width() + 2 * L
        if side is not None:
            width += side.sizeHint().width() + M
        most = room - QSize(XL, XL)
        self.resize(min(width, most.width()), min(inside + around + M, most.height()))

    def _closing(self, action: PanelAction) -> PanelAction:
        return replace(action, act=action.act and self._after_closing(action.act))

    def _after_closing(self, act: Callable[[], None]) -> Callable[[], None]:
        def close_then_act() -> None:
            self.accept()
            act()

        return close_then_act
