"""What stands in place of rows while there are none: nothing exists yet, nothing fits, it is being
read, or it failed."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from sacco_desktop.ui.theme.sizes import XL, M
from sacco_desktop.ui.widgets.labels import ButtonKind, TextRole, plain_label, push_button


class ListState(QWidget):
    """One sentence and at most one button; never a dead end and never a spinner alone."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("paper")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._act: Callable[[], None] | None = None
        self._text = plain_label("", TextRole.SECONDARY, name="list_state", wraps=True)
        self._text.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._button = push_button("", name="list_state_action", kind=ButtonKind.PRIMARY)
        self._button.clicked.connect(self._do)
        column = QVBoxLayout(self)
        column.setContentsMargins(XL, XL, XL, XL)
        column.setSpacing(M)
        column.addStretch(2)
        column.addWidget(self._text)
        column.addWidget(self._button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)

    def say(self, text: str, action: str = "", act: Callable[[], None] | None = None) -> None:
        """Replace the sentence and its button."""
        self._text.setText(text)
        self._button.setText(action)
        self._button.setVisible(act is not None)
        self._act = act

    def _do(self) -> None:
        if self._act is not None:
            self._act()
