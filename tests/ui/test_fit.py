"""Nothing is cut, nothing has no name, nothing runs HTML: walks through all windows at each size."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QApplication,
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from sacco_desktop.ui.main_window import MainWindow
from sacco_desktop.ui.messages import Messages
from sacco_desktop.ui.theme.theme import Theme
from sacco_desktop.ui.theme.tokens import Scheme
from sacco_desktop.ui.widgets.list_page import ListPage
from tests.ui import sample_dialogs, sample_office

SIZES = [((1366, 697), 100), ((1024, 540), 100), ((1366, 697), 125), ((1366, 697), 150)]

# A widget that wants more room asks the one around it, which asks the next: no page stands in more than so many.
_DEEPEST = 12


def settle() -> None:
    """Every layout that was asked for is made.

    Qt lays out by posted events, so what was shown a moment ago may still stand in the room it had before. All of them
    go, in their order: a layout that is made before a new letter size has arrived would be one pixel short for good.
    An answer among them asks for layouts anew, which Qt keeps for its next round; those go afterwards, and no further
    answer with them.
    """
    QApplication.sendPostedEvents()
    for _ in range(_DEEPEST):
        QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)


def cut_texts(root: QWidget) -> list[str]:
    """Labels and buttons whose text does not fit into the room they were given."""
    settle()
    found = []
    for part in root.findChildren(QWidget):
        if not part.isVisible() or not isinstance(part, (QLabel, QPushButton)) or not part.text():
            continue
        if isinstance(part, QLabel) and part.wordWrap():
            # As for one line below: a pixel of rounding takes from the gap between lines and from no letter.
            is_cut = part.heightForWidth(part.width()) > part.height() + 1
        else:
            needed = part.minimumSizeHint() if isinstance(part, QLabel) else part.sizeHint()
            is_cut = needed.width() > part.width() + 1 or needed.height() > part.height() + 1
        if is_cut:
            found.append(f"{part.objectName()} '{part.text()}' {part.sizeHint()} in {part.size()}")
    return found


def outside(root: QWidget) -> list[str]:
    """Buttons that a person could not reach with the mouse."""
    settle()
    return [
        button.objectName()
        for button in root.findChildren(QPushButton)
        if button.isVisible()
        and not _scrolls(button, root)
        and not root.rect().contains(
            button.rect().translated(button.mapTo(root, button.rect().topLeft()))
        )
    ]


def _scrolls(part: QWidget, root: QWidget) -> bool:
    above = part.parentWidget()
    while above is not None and above is not root:
        if isinstance(above, QAbstractScrollArea):
            return True
        above = above.parentWidget()
    return False


def nameless(root: QWidget | None) -> list[str]:
    """Enabled controls that a screen reader could not name."""
    kinds = (QAbstractButton, QLineEdit, QComboBox, QPlainTextEdit, QAbstractScrollArea)
    assert root is not None
    found = []
    for part in root.findChildren(QWidget):
        is_qts_own = part.objectName().startswith("qt_")
        if (
            not isinstance(part, kinds)
            or not part.isEnabled()
            or not part.isVisible()
            or is_qts_own
        ):
            continue
        words = part.text() if isinstance(part, QAbstractButton) else ""
        if not part.accessibleName() and not words:
            found.append(
                f"{type(part).__name__} {part.objectName()} in {type(part.parent()).__name__}"
            )
    return found


@pytest.mark.parametrize(("size", "percent"), SIZES)
def test_nothing_in_the_window_is_cut(
    window: MainWindow, theme: Theme, qtbot: QtBot, size: tuple[int, int], percent: int
) -> None:
    theme.set_text_percent(percent)
    window.resize(*size)
    page = window.pages.currentWidget()
    assert isinstance(page, ListPage)
    page.table.select_key(4)
    page.table.table_model.tick(1, is_ticked=True)
    qtbot.waitUntil(lambda: cut_texts(window) == [])
    assert outside(window) == []
    assert (window.width(), window.height()) == size


@pytest.mark.parametrize(("size", "percent"), SIZES)
def test_amounts_states_and_names_are_never_cut(
    window: MainWindow, theme: Theme, qtbot: QtBot, size: tuple[int, int], percent: int
) -> None:
    theme.set_text_percent(percent)
    window.resize(*size)
    page = window.pages.currentWidget()
    assert isinstance(page, ListPage)
    table = page.table
    for place, column in enumerate(table.table_model.columns):
        if column.priority == 1:
            assert not table.isColumnHidden(place)
            assert table.columnWidth(place) >= table.column_layout.widths[place]
    qtbot.waitUntil(lambda: table.horizontalScrollBar().maximum() == 0)


def test_seventeen_rows_stand_beside_the_panel(window: MainWindow) -> None:
    page = window.pages.currentWidget()
    assert isinstance(page, ListPage)
    assert page.panel.isVisible()
    assert page.table.viewport().height() // page.table.rowHeight(0) >= 17


@pytest.mark.parametrize("name", sample_dialogs.NAMES)
@pytest.mark.parametrize("percent", [100, 150])
def test_no_dialog_is_cut(
    window: MainWindow, theme: Theme, qtbot: QtBot, name: str, percent: int
) -> None:
    theme.set_text_percent(percent)
    window.resize(1024, 540)
    dialog = sample_dialogs.a_dialog(name, theme, window)
    dialog.show()
    qtbot.waitUntil(lambda: cut_texts(dialog) == [])
    assert dialog.width() <= 1024
    assert dialog.height() <= 540
    assert outside(dialog) == []
    dialog.reject()


def test_every_control_has_a_name(window: MainWindow, theme: Theme) -> None:
    window.toast("News", "Open", lambda: None)
    dialogs = [sample_dialogs.a_dialog(name, theme, window) for name in sample_dialogs.NAMES]
    assert nameless(window) == []
    for dialog in dialogs:
        dialog.show()
        assert nameless(dialog) == []
        dialog.reject()
    window.lock()
    assert nameless(window.findChild(QDialog, "lock_screen")) == []
    window.unlock()
    window.menus.actions["switch_person"].trigger()
    assert nameless(window) == []


def test_every_label_is_plain_text(window: MainWindow, theme: Theme) -> None:
    dialogs = [sample_dialogs.a_dialog(name, theme, window) for name in sample_dialogs.NAMES]
    rich = [
        label.objectName()
        for label in window.findChildren(QLabel)
        if label.textFormat() != Qt.TextFormat.PlainText and label.pixmap().isNull()
    ]
    assert rich == []
    for dialog in dialogs:
        dialog.deleteLater()


def test_a_name_with_tags_is_shown_as_it_is(window: MainWindow) -> None:
    page = window.pages.currentWidget()
    assert isinstance(page, ListPage)
    page.table.select_key(9)
    title = page.panel.findChild(QLabel, "details_title")
    assert isinstance(title, QLabel)
    assert title.text() == "<b>JOHN</b> KAMAU"
    assert title.textFormat() == Qt.TextFormat.PlainText


@pytest.mark.parametrize("scheme", [Scheme.LIGHT, Scheme.DARK])
def test_the_gallery_can_be_drawn(
    qapp: QApplication,
    qtbot: QtBot,
    theme: Theme,
    messages: Messages,
    tmp_path: Path,
    scheme: Scheme,
) -> None:
    """Pictures for a person to look at; here it only counts that each one shows something."""
    theme.use_scheme(scheme)
    window = sample_office.a_window(qapp, theme, messages)
    qtbot.addWidget(window)
    window.show()
    pictures = {"sign_in": window.grab()}
    sample_office.welcome_grace(window, theme, sample_office.payout_rows(40))
    for size in ((1366, 697), (1024, 540)):
        window.resize(*size)
        pictures[f"payouts_{size[0]}"] = window.grab()
    for name in sample_dialogs.NAMES:
        dialog = sample_dialogs.a_dialog(name, theme, window)
        pictures[name] = dialog.grab()
        dialog.deleteLater()
    for name, picture in pictures.items():
        assert picture.save(str(tmp_path / f"{name}_{scheme}.png"))
        image = picture.toImage()
        assert (
            len(
                {
                    image.pixel(x, y)
                    for x in range(0, image.width(), 7)
                    for y in range(0, image.height(), 7)
                }
            )
            > 3
        )
