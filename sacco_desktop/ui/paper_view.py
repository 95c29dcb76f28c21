"""The preview of a paper inside the window: look at it, print it, save it. What is seen is what is printed."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from sacco_desktop.ui.background import Background
from sacco_desktop.ui.desk import Paper
from sacco_desktop.ui.theme.sizes import XL
from sacco_desktop.ui.theme.theme import Theme
from sacco_desktop.ui.widgets.labels import TextRole, plain_label
from sacco_desktop.ui.widgets.pdf_preview import PdfPreview


class PaperView(QDialog):
    """Covers the window's pages. Ctrl+P prints, Ctrl+E saves, Esc goes back to where the person was."""

    def __init__(self, window: QWidget, theme: Theme, background: Background, paper: Paper) -> None:
        super().__init__(window)
        self.setObjectName("paper_view")
        self.setWindowTitle(paper.title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(True)
        self.preview = PdfPreview(theme, background)
        self._told = plain_label("", TextRole.SECONDARY, name="paper_told", wraps=True)
        self._told.hide()
        self.preview.closed.connect(self.reject)
        self.preview.saved.connect(lambda path: self._tell(f"Saved as {path}."))
        self.preview.printed.connect(self._tell_printed)
        for keys, act in (("Ctrl+P", self.preview.ask_print), ("Ctrl+E", self.preview.ask_save)):
            QShortcut(QKeySequence(keys), self).activated.connect(act)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.preview, 1)
        column.addWidget(self._told)
        self._told.setContentsMargins(XL, 4, XL, 4)
        self.resize(window.window().size() - QSize(2 * XL, 2 * XL))
        self.preview.show_pdf(paper.pdf, paper.title, paper.file_name)
        self.preview.setFocus()

    def _tell_printed(self, pages: int) -> None:
        self._tell("1 page was sent to the printer." if pages == 1 else f"{pages} pages were sent.")

    def _tell(self, words: str) -> None:
        self._told.setText(words)
        self._told.show()
