"""The paper on the screen is the paper that is saved and printed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLabel, QWidget
from pytestqt.qtbot import QtBot

from sacco_desktop.documents.voucher import draw_voucher
from sacco_desktop.operations.lanes import Lanes
from sacco_desktop.ui.background import Background
from sacco_desktop.ui.desk import Paper
from sacco_desktop.ui.messages import Messages
from sacco_desktop.ui.paper_view import PaperView
from sacco_desktop.ui.theme.theme import Theme
from tests.documents import sample_papers

PDF = draw_voucher(sample_papers.voucher())


@pytest.fixture
def background(messages: Messages) -> Iterator[Background]:
    background = Background(Lanes(), None, messages.show)  # type: ignore[arg-type]  # no books are read here
    yield background
    assert background.close(5)


@pytest.fixture
def view(theme: Theme, background: Background, qtbot: QtBot) -> Iterator[PaperView]:
    window = QWidget()
    window.resize(1366, 697)
    qtbot.addWidget(window)
    window.show()
    paper = Paper(PDF, "Voucher PO-2026-0001", "M-0001_JANE_Voucher_PO-2026-0001.pdf")
    view = PaperView(window, theme, background, paper)
    view.open()
    qtbot.waitUntil(lambda: view.findChild(QLabel, "page_1") is not None)
    yield view
    window.close()


def told(view: PaperView) -> str:
    label = view.findChild(QLabel, "paper_told")
    assert isinstance(label, QLabel)
    return label.text() if label.isVisible() else ""


def test_it_shows_the_paper_inside_the_window(view: PaperView, qtbot: QtBot) -> None:
    page = view.findChild(QLabel, "page_1")
    assert isinstance(page, QLabel)
    qtbot.waitUntil(lambda: not page.pixmap().isNull())
    assert view.width() < 1366
    assert view.windowTitle() == "Voucher PO-2026-0001"
    assert view.isModal()


def test_what_is_saved_is_what_was_shown(view: PaperView, qtbot: QtBot, tmp_path: Path) -> None:
    target = tmp_path / "voucher.pdf"
    view.preview.save_as(target)
    qtbot.waitUntil(lambda: bool(told(view)))
    assert target.read_bytes() == PDF
    assert told(view) == f"Saved as {target}."


def test_it_is_printed_on_a_printer(view: PaperView, qtbot: QtBot, tmp_path: Path) -> None:
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "printed.pdf"))
    with qtbot.waitSignal(view.preview.printed, timeout=30_000):
        view.preview.print_on(printer)
    assert told(view) == "1 page was sent to the printer."


def test_control_e_asks_where_to_save(view: PaperView, qtbot: QtBot) -> None:
    QTest.keyClick(view, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: view.findChild(QFileDialog, "export_dialog") is not None)
    dialog = view.findChild(QFileDialog, "export_dialog")
    assert isinstance(dialog, QFileDialog)
    assert dialog.selectedFiles()[0].endswith("M-0001_JANE_Voucher_PO-2026-0001.pdf")
    dialog.reject()


def test_escape_goes_back(view: PaperView, qtbot: QtBot) -> None:
    with qtbot.waitSignal(view.finished):
        QTest.keyClick(view, Qt.Key.Key_Escape)
    assert QGuiApplication.modalWindow() is None
