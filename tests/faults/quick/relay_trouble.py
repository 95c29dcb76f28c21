"""What happens to the relay in a history: it goes and comes, loses answers, and is put back to an old copy."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

from tests.faults.quick.fence import Fence
from tests.faults.quick.town import QuickDay

# Of the requests that it did, so many are not answered while its line is bad.
LOST = 0.2


class RelayTrouble:
    """The acts of a history that the relay suffers."""

    def __init__(self, day: QuickDay, chance: random.Random, fence: Fence) -> None:
        self._day, self._chance, self._fence = day, chance, fence
        self._copy: Path | None = None

    def relay_goes_or_comes(self) -> None:
        """The relay's server is off, or on again."""
        if self._day.relay is None:
            self._day.start_relay()
        else:
            self._day.stop_relay()

    def relay_loses_answers(self) -> None:
        """For a while some answers of the relay are lost on their way, although it did what it was asked."""
        self._day.town.wire.loses = self._is_lost

    def _is_lost(self, path: str) -> bool:
        return path.startswith(("/v1/", "/c/")) and self._chance.random() < LOST

    def relay_is_copied_or_restored(self) -> None:
        """A copy of the relay's folder, and some time later the relay is put back to it."""
        was_on = self._day.relay is not None
        self._day.stop_relay()
        folder = self._day.relay_settings.data_dir
        if self._copy is None:
            self._copy = self._day.folder / "relay-copy"
            shutil.copytree(folder, self._copy)
        else:
            shutil.rmtree(folder)
            shutil.copytree(self._copy, folder)
            if self._chance.random() < 0.5:
                self._day.relay_settings.high_water_file.unlink(missing_ok=True)
            self._fence.relay_came_back()
        if was_on:
            self._day.start_relay()

    def ends(self) -> None:
        """The relay is well again."""
        self._day.town.wire.loses = lambda _path: False
        if self._day.relay is None:
            self._day.start_relay()
