"""A picture of a file, as large as the window lets it be."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QDialog, QLabel, QVBoxLayout, QWidget

from sacco_desktop.ui.theme.sizes import L, M
from sacco_desktop.ui.widgets.labels import plain_label, push_button


class PictureDialog(QDialog):
    """Shows the picture; what cannot be drawn is said."""

    def __init__(self, parent: QWidget, title: str, content: bytes) -> None:
        super().__init__(parent)
        self.setObjectName("picture_dialog")
        self.setWindowTitle(title)
        self.setModal(True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        column = QVBoxLayout(self)
        column.setContentsMargins(L, L, L, L)
        column.setSpacing(M)
        found = QPixmap()
        found.loadFromData(content)
        if found.isNull():
            column.addWidget(plain_label("This picture cannot be drawn.", wraps=True))
        else:
            picture = QLabel()
            picture.setAccessibleName(title)
            room = parent.window().size() * 0.7
            if found.width() > room.width() or found.height() > room.height():
                ways = (
                    Qt.AspectRatioMode.KeepAspectRatio,
                    Qt.TransformationMode.SmoothTransformation,
                )
                found = found.scaled(room, *ways)
            picture.setPixmap(found)
            column.addWidget(picture)
        close = push_button("Close", name="close")
        close.clicked.connect(self.reject)
        column.addWidget(close, 0, Qt.AlignmentFlag.AlignRight)
