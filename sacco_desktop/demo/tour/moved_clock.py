"""The clock of the guided tour: the time of day, moved ahead where the tour says that minutes have passed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta


class MovedClock:
    """Tells the time to the whole practice office. Relay and desktop bear with five minutes of difference."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._ahead = timedelta()

    def __call__(self) -> datetime:
        """The moment, in UTC."""
        return self._now() + self._ahead

    def pass_minutes(self, minutes: int) -> None:
        """Move ahead."""
        self._ahead += timedelta(minutes=minutes)
