"""Few readings however often the books change: one at a time, a few at once, then one every half second, and always
one after the last change.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

# While payments go out the books change many times a second; nobody reads a page more often than this.
PAUSE_MS = 500
# What a person does is seen at once: an act changes the books a few times.
_AT_ONCE = 3


class Pace(QObject):
    """Lets the first few go at once, and afterwards one each half second; what is asked for too soon comes then."""

    def __init__(self, owner: QObject, act: Callable[[], None]) -> None:
        super().__init__(owner)
        self._act = act
        self._left = _AT_ONCE
        self._is_wanted = False
        self._pause = QTimer(self)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._go_on)

    def ask(self) -> None:
        """Act now, or as soon as it is time."""
        if not self._left:
            self._is_wanted = True
            return
        self._left -= 1
        self._pause.start()
        self._act()

    @property
    def is_resting(self) -> bool:
        """Whether something was let go a short while ago, so that the next ones may have to wait."""
        return self._pause.isActive()

    def _go_on(self) -> None:
        self._left += 1
        if self._is_wanted:
            self._is_wanted = False
            self.ask()
        elif self._left == _AT_ONCE:
            self._pause.stop()


class OneReading:
    """What is asked for while a reading runs is met by one more afterwards, however often it was asked."""

    def __init__(self, owner: QObject, start: Callable[[], None]) -> None:
        self._start = start
        self._pace = Pace(owner, self._begin)
        self._is_under_way = self._is_wanted = False

    def ask(self) -> None:
        """Read now, or once more when the reading under way has ended."""
        if self._is_under_way:
            self._is_wanted = True
        else:
            self._pace.ask()

    def ended(self) -> None:
        """The reading has answered or failed."""
        self._is_under_way = False
        if self._is_wanted:
            self._is_wanted = False
            self._pace.ask()

    def _begin(self) -> None:
        # Two may have been let go at once; the second is met by one more afterwards.
        if self._is_under_way:
            self._is_wanted = True
            return
        self._is_under_way = True
        self._start()
