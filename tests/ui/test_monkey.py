"""Random hands at the real window over a practice office: nothing crashes, nothing is sent, nothing is left behind."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from sacco_desktop.ui.theme.theme import Theme
from tests.ui import monkey

# The long form, with as many events and seeds as one likes, is `dev.py faults monkey --events N`.
EVENTS = 1_200


@pytest.mark.timeout(400)
def test_nothing_breaks_under_random_hands(
    qapp: QApplication, theme: Theme, tmp_path: Path
) -> None:
    monkey.play(qapp, theme, tmp_path, seed=1, events=EVENTS)
