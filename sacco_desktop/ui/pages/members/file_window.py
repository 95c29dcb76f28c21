"""The file of an applicant in a dialog of its own."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from sacco_desktop.services.membership.member_files import Holder
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.pages.members.file_tab import FileTab
from sacco_desktop.ui.theme.sizes import XL, L, M
from sacco_desktop.ui.widgets.labels import TextRole, plain_label, push_button


class FileWindow(QDialog):
    """Reads the file when it opens."""

    def __init__(self, desk: Desk, parent: QWidget, holder: Holder, title: str) -> None:
        super().__init__(parent)
        self.setObjectName("file_window")
        self.setWindowTitle(title)
        self.setModal(True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        column = QVBoxLayout(self)
        column.setContentsMargins(L, L, L, L)
        column.setSpacing(M)
        column.addWidget(plain_label(title, TextRole.TITLE, wraps=True))
        self.file = FileTab(desk)
        column.addWidget(self.file, 1)
        close = push_button("Close", name="close")
        close.clicked.connect(self.reject)
        column.addWidget(close, 0, Qt.AlignmentFlag.AlignRight)
        room = parent.window().size() - QSize(2 * XL, 2 * XL)
        self.resize(QSize(760, 620).boundedTo(room))
        self.file.show_file(holder)
