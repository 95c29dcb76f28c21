"""The paper on the screen is the PDF itself; printing and saving use the same bytes."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot
from reportlab.pdfgen.canvas import Canvas

from sacco_desktop.documents.preview import page_count
from sacco_desktop.domain.errors import SaccoError
from sacco_desktop.operations.lanes import Lanes
from sacco_desktop.ui.background import Background
from sacco_desktop.ui.theme.theme import Theme
from sacco_desktop.ui.widgets.pdf_preview import PdfPreview


class NoBooks:
    def write(self, service: Callable[[Any, Any], Any], argument: Any, *, actor: Any) -> Any:
        raise AssertionError("a preview writes nothing")

    def read(self, service: Callable[[Any, Any], Any], argument: Any, *, actor: Any) -> Any:
        raise AssertionError("a preview reads no books")


@pytest.fixture
def errors() -> list[BaseException]:
    return []


@pytest.fixture
def background(qapp: object, errors: list[BaseException]) -> Iterator[Background]:
    def show(error: BaseException, _owner: QObject | None) -> None:
        errors.append(error)

    background = Background(Lanes(), NoBooks(), show)
    yield background
    assert background.close(5)


@pytest.fixture
def preview(theme: Theme, background: Background, qtbot: QtBot) -> PdfPreview:
    preview = PdfPreview(theme, background)
    qtbot.addWidget(preview)
    preview.resize(900, 600)
    preview.show()
    return preview


def a_pdf(pages: int) -> bytes:
    stream = io.BytesIO()
    canvas = Canvas(stream, invariant=1)
    for number in range(pages):
        canvas.drawString(72, 700, f"Page {number + 1}")
        canvas.showPage()
    canvas.save()
    return stream.getvalue()


def drawn(preview: PdfPreview) -> int:
    return sum(
        not page.pixmap().isNull()
        for page in preview.findChildren(QLabel)
        if "page_" in page.objectName()
    )


def test_pages_are_drawn_only_when_they_come_into_view(preview: PdfPreview, qtbot: QtBot) -> None:
    preview.show_pdf(a_pdf(12), "Statement", "M-0001_JANE-WANJIKU_Statement_2026-06.pdf")
    qtbot.waitUntil(lambda: drawn(preview) >= 1)
    assert len(preview._pages) == 12
    assert preview._pages[11].pixmap().isNull()
    bar = preview._scroll.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    bar.setValue(bar.maximum())
    qtbot.waitUntil(lambda: not preview._pages[11].pixmap().isNull())


def test_another_paper_replaces_the_first(preview: PdfPreview, qtbot: QtBot) -> None:
    preview.show_pdf(a_pdf(3), "First", "first.pdf")
    preview.show_pdf(a_pdf(1), "Second", "second.pdf")
    qtbot.waitUntil(lambda: len(preview._pages) == 1 and drawn(preview) == 1)


def test_every_page_is_printed(preview: PdfPreview, qtbot: QtBot, tmp_path: Path) -> None:
    preview.show_pdf(a_pdf(2), "Statement", "statement.pdf")
    qtbot.waitUntil(lambda: len(preview._pages) == 2)
    printer = QPrinter()
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "printed.pdf"))
    with qtbot.waitSignal(preview.printed) as printed:
        preview.print_on(printer)
    assert printed.args == [2]
    assert page_count((tmp_path / "printed.pdf").read_bytes()) == 2


def test_what_is_saved_is_the_paper_itself(
    preview: PdfPreview, qtbot: QtBot, tmp_path: Path
) -> None:
    pdf = a_pdf(1)
    preview.show_pdf(pdf, "Statement", "statement.pdf")
    with qtbot.waitSignal(preview.saved):
        preview.save_as(tmp_path / "saved.pdf")
    assert (tmp_path / "saved.pdf").read_bytes() == pdf


def test_a_folder_that_cannot_be_written_is_named(
    preview: PdfPreview, qtbot: QtBot, tmp_path: Path, errors: list[BaseException]
) -> None:
    preview.show_pdf(a_pdf(1), "Statement", "statement.pdf")
    preview.save_as(tmp_path / "no such folder" / "saved.pdf")
    qtbot.waitUntil(lambda: len(errors) == 1)
    assert isinstance(errors[0], SaccoError)
    assert "no such folder" in errors[0].message
    assert "Choose another folder" in errors[0].message
