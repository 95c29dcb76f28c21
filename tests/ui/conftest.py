"""What tests of the window share: the real theme, and a window over a sample office."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from sacco_desktop.ui.main_window import MainWindow
from sacco_desktop.ui.messages import Messages
from sacco_desktop.ui.theme.theme import Theme
from sacco_desktop.ui.theme.tokens import Scheme
from tests.ui import practice_desk, sample_office
from tests.ui.practice_desk import Seat, Town


@pytest.fixture(scope="session")
def session_theme(qapp: QApplication) -> Theme:
    """Fonts are read once; a theme of its own for each test would restyle the program each time."""
    return sample_office.a_theme(qapp)


@pytest.fixture
def theme(session_theme: Theme) -> Iterator[Theme]:
    """The theme in light colours at 100 %, and back to that after the test."""
    yield session_theme
    if session_theme.scheme is not Scheme.LIGHT:
        session_theme.use_scheme(Scheme.LIGHT)
    if session_theme.text_percent != 100:
        session_theme.set_text_percent(100)


@pytest.fixture
def messages(qapp: QApplication, tmp_path: Path) -> Messages:
    return Messages(tmp_path / "sacco-desktop.log")


@pytest.fixture
def window(qapp: QApplication, qtbot: QtBot, theme: Theme, messages: Messages) -> MainWindow:
    """A practice office in which Grace is signed in and looks at 40 payments."""
    window = sample_office.a_window(qapp, theme, messages)
    qtbot.addWidget(window)
    window.show()
    sample_office.welcome_grace(window, theme, sample_office.payout_rows(40))
    return window


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """A practice office for all tests of a module; each test makes its own loans in it."""
    with practice_desk.town(tmp_path_factory.mktemp("town")) as found:
        yield found


@pytest.fixture
def sit(town: Town, qtbot: QtBot, theme: Theme, tmp_path: Path) -> Iterator[Callable[[str], Seat]]:
    """`sit("grace")` signs Grace in at a window of her own."""
    with ExitStack() as seats:
        yield lambda name: seats.enter_context(
            practice_desk.seat(town, qtbot, theme, tmp_path, name)
        )
