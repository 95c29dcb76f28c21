"""What each person left as they want to find it again: columns, filters, sizes. A small file of this PC, no names."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer

# Dragging a column tells of each pixel; the file is written when the hand rests.
_REST_MS = 500

log = logging.getLogger(__name__)

Habit = dict[str, Any]


class Habits(QObject):
    """Reads the file once. One that cannot be read is as good as none, and one that cannot be written is let be."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.setObjectName("habits")
        self._path = path
        self._kept = _read(path)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self.write)

    def of(self, person: str, what: str) -> Habit:
        """What this person left of a page, or of the window; empty for the first time."""
        found = self._kept.get(person, {}).get(what, {})
        return dict(found) if isinstance(found, dict) else {}

    def keep(self, person: str, what: str, habit: Habit) -> None:
        """Remember it from now on; written soon after."""
        if self.of(person, what) != habit:
            self._kept.setdefault(person, {})[what] = habit
            self._rest.start()

    def write(self) -> None:
        """Write what is not written yet, whole or not at all."""
        self._rest.stop()
        beside = self._path.with_suffix(".new")
        try:
            beside.write_text(json.dumps(self._kept, indent=1, sort_keys=True), encoding="utf-8")
            beside.replace(self._path)
        except OSError as trouble:
            log.info("How the window was left could not be kept: %s", type(trouble).__name__)


def _read(path: Path) -> dict[str, dict[str, Habit]]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    is_ours = isinstance(found, dict) and all(isinstance(each, dict) for each in found.values())
    return found if is_ours else {}
