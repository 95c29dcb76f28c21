"""The paper itself on the screen: what is seen is what is printed, because nothing is laid out
twice."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QRect, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QImage, QPainter, QPixmap
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from sacco_desktop.documents.preview import PagePicture, page_count, render_page
from sacco_desktop.documents.saving import save_whole
from sacco_desktop.domain.errors import SaccoError
from sacco_desktop.ui.background import Background
from sacco_desktop.ui.save_file import ask_where
from sacco_desktop.ui.theme.sizes import L, M, S
from sacco_desktop.ui.theme.theme import Theme
from sacco_desktop.ui.widgets.focus_lead import lead_focus
from sacco_desktop.ui.widgets.labels import ButtonKind, TextRole, plain_label, push_button

_SCREEN_DPI, _PRINTER_DPI = 96, 300
_ZOOMS = (50, 75, 100, 125, 150, 200)


class PdfPreview(QWidget):
    """Pages under each other, rendered as they come into view. `printed` brings the count of pages
    sent to a printer."""

    printed = Signal(int)
    saved = Signal(str)
    closed = Signal()

    def __init__(self, theme: Theme, background: Background) -> None:
        super().__init__()
        self._theme = theme
        self._background = background
        self._pdf = b""
        self._file_name = "paper.pdf"
        self._edition = 0
        self._pages: list[QLabel] = []
        self._asked: set[int] = set()
        self._zoom = 100
        self.setObjectName("pdf_preview")
        self._title = plain_label("", TextRole.SECTION, name="paper_title")
        self._place = plain_label("", TextRole.SECONDARY, name="paper_pages")
        self._scroll = QScrollArea()
        self._scroll.setObjectName("paper_pages_area")
        self._scroll.setAccessibleName("Pages")
        self._scroll.setWidgetResizable(True)
        self._scroll.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._scroll.verticalScrollBar().valueChanged.connect(self._render_visible)
        self._scroll.verticalScrollBar().rangeChanged.connect(self._render_visible)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head())
        column.addWidget(self._scroll, 1)
        lead_focus(self, self._scroll)

    def show_pdf(self, pdf: bytes, title: str, file_name: str) -> None:
        """Show this paper; `file_name` is what *Save PDF* proposes."""
        self._pdf, self._file_name = pdf, file_name
        self._title.setText(title)
        self._edition += 1
        edition = self._edition
        self._background.render(
            lambda: (page_count(pdf), render_page(pdf, 0, _SCREEN_DPI)),
            owner=self,
            done=lambda first: self._lay_out_pages(edition, *first),
        )

    def ask_print(self) -> None:
        """Ctrl+P: choose a printer, then print."""
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setDocName(self._file_name)
        dialog = QPrintDialog(printer, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(lambda: self.print_on(printer))
        dialog.setModal(True)
        dialog.show()

    def print_on(self, printer: QPrinter) -> None:
        """Paint every page as a picture of 300 dots an inch; one page at a time, so that the window
        stays quick."""
        printer.setFullPage(True)
        painter = QPainter()
        if not self._pdf or not painter.begin(printer):
            self._background.render(_no_printer, owner=self, done=lambda _: None)
            return
        self._print_page(printer, painter, 0, len(self._pages))

    def ask_save(self) -> None:
        """Choose a place for the PDF."""
        ask_where(self, "Save PDF", self._file_name, "PDF (*.pdf)", self.save_as)

    def save_as(self, path: Path) -> None:
        """Write the PDF."""
        pdf = self._pdf
        self._background.render(
            lambda: save_whole(path, pdf, "The paper"),
            owner=self,
            done=lambda _: self.saved.emit(str(path)),
        )

    def commands(self) -> dict[str, Callable[[], None]]:
        """What the window's commands do here."""
        return {"print": self.ask_print, "back": self.closed.emit}

    def _print_page(self, printer: QPrinter, painter: QPainter, page: int, count: int) -> None:
        pdf = self._pdf

        def paint(picture: PagePicture) -> None:
            if page:
                printer.newPage()
            target = printer.paperRect(QPrinter.Unit.DevicePixel).toRect()
            painter.drawImage(_fitted(picture, target), _image(picture))
            if page + 1 < count:
                self._print_page(printer, painter, page + 1, count)
            else:
                painter.end()
                self.printed.emit(count)

        self._background.render(
            lambda: render_page(pdf, page, _PRINTER_DPI), owner=self, done=paint
        )

    def _lay_out_pages(self, edition: int, count: int, first: PagePicture) -> None:
        if edition != self._edition:
            return
        sheet = QWidget()
        column = QVBoxLayout(sheet)
        column.setContentsMargins(L, L, L, L)
        column.setSpacing(L)
        self._asked = set()
        self._pages = []
        for number in range(count):
            page = QLabel()
            page.setObjectName(f"page_{number + 1}")
            page.setTextFormat(Qt.TextFormat.PlainText)
            page.setAccessibleName(f"Page {number + 1} of {count}")
            page.setFixedSize(first.width * self._zoom // 100, first.height * self._zoom // 100)
            column.addWidget(page, 0, Qt.AlignmentFlag.AlignHCenter)
            self._pages.append(page)
        column.addStretch(1)
        self._scroll.setWidget(sheet)
        self._place.setText(f"{count} page" if count == 1 else f"{count} pages")
        self._render_visible()

    @Slot()
    def _render_visible(self) -> None:
        top = self._scroll.verticalScrollBar().value()
        view = QRect(0, top, 1, self._scroll.viewport().height() + L)
        for number, page in enumerate(self._pages):
            box = page.geometry()
            if box.bottom() >= view.top() and box.top() <= view.bottom():
                self._render(number)

    def _render(self, number: int) -> None:
        if number in self._asked:
            return
        self._asked.add(number)
        pdf, edition, ratio = self._pdf, self._edition, self.devicePixelRatioF()
        dpi = round(_SCREEN_DPI * self._zoom / 100 * ratio)

        def show(picture: PagePicture) -> None:
            if edition == self._edition:
                pixmap = QPixmap.fromImage(_image(picture))
                pixmap.setDevicePixelRatio(ratio)
                self._pages[number].setPixmap(pixmap)
                self._pages[number].setFixedSize(pixmap.deviceIndependentSize().toSize())

        self._background.render(lambda: render_page(pdf, number, dpi), owner=self, done=show)

    def _zoom_by(self, step: int) -> None:
        place = _ZOOMS.index(self._zoom) + step
        if 0 <= place < len(_ZOOMS):
            self._zoom = _ZOOMS[place]
            self.show_pdf(self._pdf, self._title.text(), self._file_name)

    def _head(self) -> QWidget:
        head = QWidget()
        head.setObjectName("filter_bar")
        head.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        row = QHBoxLayout(head)
        row.setContentsMargins(L, S, L, S)
        row.setSpacing(M)
        row.addWidget(self._title)
        row.addWidget(self._place)
        row.addStretch(1)
        for name, icon, words, step in (
            ("smaller", "zoom-out", "Smaller", -1),
            ("larger", "zoom-in", "Larger", 1),
        ):
            zoom = push_button("", name=name, kind=ButtonKind.QUIET, speaks=words)
            zoom.setIcon(self._theme.icon(icon))
            zoom.clicked.connect(lambda _=False, by=step: self._zoom_by(by))
            row.addWidget(zoom)
        for name, words, act, kind in (
            ("close_preview", "Close", self.closed.emit, ButtonKind.PLAIN),
            ("save_pdf", "Save PDF…", self.ask_save, ButtonKind.PLAIN),
            ("print_pdf", "Print…", self.ask_print, ButtonKind.PRIMARY),
        ):
            button = push_button(words, name=name, kind=kind)
            button.clicked.connect(lambda _=False, do=act: do())
            row.addWidget(button)
        return head


def _image(picture: PagePicture) -> QImage:
    line = picture.width * 4
    image = QImage(picture.rgba, picture.width, picture.height, line, QImage.Format.Format_RGBA8888)
    return image.copy()  # the bytes belong to Python and may go before the image does


def _fitted(picture: PagePicture, target: QRect) -> QRectF:
    """The page in its own proportions, as large as the sheet allows."""
    scale = min(target.width() / picture.width, target.height() / picture.height)
    box = QRectF(0, 0, picture.width * scale, picture.height * scale)
    box.moveCenter(QRectF(target).center())
    return box


def _no_printer() -> None:
    raise SaccoError(
        "Nothing was printed, because the printer did not answer. Switch it on, then print again."
    )
