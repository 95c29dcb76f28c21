"""The card of all keys that work on this page (Ctrl+/)."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialog, QFrame, QGridLayout, QScrollArea, QVBoxLayout, QWidget

from sacco_desktop.ui.theme.sizes import XL, XS, L, M
from sacco_desktop.ui.widgets.labels import TextRole, plain_label, push_button


class KeyCard(QDialog):
    """`lines` are titles with their keys, in the order of the menus."""

    def __init__(self, parent: QWidget, page: str, lines: Sequence[tuple[str, str]]) -> None:
        super().__init__(parent)
        self.setObjectName("key_card")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(f"Keys – {page}")
        grid = QGridLayout()
        grid.setHorizontalSpacing(L)
        grid.setVerticalSpacing(XS)
        half = (len(lines) + 1) // 2
        for number, (title, keys) in enumerate(lines):
            line, side = number % half, number // half * 3
            grid.addWidget(plain_label(_native(keys), TextRole.STRONG), line, side)
            grid.addWidget(plain_label(title), line, side + 1)
        grid.setColumnMinimumWidth(2, XL)
        inside = QWidget()
        inside.setLayout(grid)
        area = QScrollArea()
        area.setObjectName("keys_area")
        area.setAccessibleName("Keys")
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setWidget(inside)
        close = push_button("Close", name="close")
        close.clicked.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(XL, L, XL, L)
        column.setSpacing(M)
        column.addWidget(plain_label(f"Keys on {page}", TextRole.TITLE))
        column.addWidget(area, 1)
        column.addWidget(close, 0, Qt.AlignmentFlag.AlignRight)
        room = parent.window().size()
        wished = inside.sizeHint()
        self.resize(
            min(wished.width() + 4 * XL, room.width() - XL),
            min(wished.height() + 150, room.height() - XL),
        )


def _native(keys: str) -> str:
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)
