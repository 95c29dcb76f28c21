"""The last line of a list: how many rows are shown, and the sums of exactly those."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from sacco_desktop.domain.money import format_amount
from sacco_desktop.domain.unbroken import NO_BREAK
from sacco_desktop.ui.theme.sizes import XS, L
from sacco_desktop.ui.widgets.labels import TextRole, plain_label


class ListFoot(QWidget):
    """Counts at the left, sums at the right under their column of money."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("foot")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._counts = plain_label("", TextRole.SECONDARY, name="counts")
        # In large letters many sums need a second line; each stays whole.
        self._sums = plain_label("", TextRole.STRONG, name="sums", wraps=True)
        self._sums.setAlignment(Qt.AlignmentFlag.AlignRight)
        row = QHBoxLayout(self)
        row.setContentsMargins(L, XS, L, XS)
        row.addWidget(self._counts)
        row.addWidget(self._sums, 1)

    def say(self, counts: str, sums: Sequence[tuple[str, int]]) -> None:
        """`sums` are titles of columns with cents."""
        self._counts.setText(counts)
        each = (f"{title}  {format_amount(cents)}".replace(" ", NO_BREAK) for title, cents in sums)
        self._sums.setText("     ".join(each))
