"""Help in a practice office leads to the page of its own simulated M-Pesa."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from sacco_desktop.application import front_office
from sacco_desktop.demo.practice_office import PASSPHRASE, PASSWORD
from sacco_desktop.settings import Settings, system_clock
from sacco_desktop.ui.main_window import MainWindow
from sacco_desktop.ui.theme.theme import Theme
from tests.ui.practice_desk import Town


class Browser(QObject):
    """Stands where the browser of the PC would be."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[str] = []

    @Slot(QUrl)
    def show_page(self, page: QUrl) -> None:
        self.shown.append(page.toString())


@pytest.fixture
def browser() -> Iterator[Browser]:
    found = Browser()
    # The type stubs ask for bytes, which the library itself refuses.
    QDesktopServices.setUrlHandler("http", found, "show_page")  # type: ignore[arg-type]
    yield found
    QDesktopServices.unsetUrlHandler("http")


def test_help_opens_the_page(
    town: Town, browser: Browser, qapp: QApplication, qtbot: QtBot, theme: Theme, tmp_path: Path
) -> None:
    settings = Settings(tmp_path / "office", "PRACTICE-PC", "file", PASSPHRASE)
    settings.data_dir.mkdir()
    with front_office(qapp, town.office.opened, settings, system_clock, theme=theme) as front:
        front.window.sign_in_asked.emit("grace", PASSWORD)
        qtbot.waitUntil(front.window.rail.isVisible, timeout=15_000)
        action = front.window.menus.actions["practice_mpesa"]
        assert action.isVisible()
        action.trigger()
        qtbot.waitUntil(lambda: bool(browser.shown), timeout=15_000)
    assert browser.shown == [f"{town.office.safaricom.base_url}/"]


def test_elsewhere_the_command_is_not_there(window: MainWindow) -> None:
    """This window was not given the command, like that of books with real money."""
    assert not window.menus.actions["practice_mpesa"].isVisible()
