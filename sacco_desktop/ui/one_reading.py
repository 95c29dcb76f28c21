"""One reading at a time: what is asked for while it runs is met by one more afterwards, however often it was asked."""

from __future__ import annotations

from collections.abc import Callable


class OneReading:
    """While payments go out the books change many times a second; a reading for each would hold the window up."""

    def __init__(self, start: Callable[[], None]) -> None:
        self._start = start
        self._is_under_way = self._is_wanted = False

    def ask(self) -> None:
        """Read now, or once more when the reading under way has ended."""
        if self._is_under_way:
            self._is_wanted = True
            return
        self._is_under_way = True
        self._start()

    def ended(self) -> None:
        """The reading has answered or failed."""
        self._is_under_way = False
        if self._is_wanted:
            self._is_wanted = False
            self.ask()
