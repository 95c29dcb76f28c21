"""A clock that moves only when a test says so."""

from datetime import UTC, datetime, timedelta

import pytest

# Monday 16 March 2026, nine in the morning in Nairobi: a working day, the office has just opened.
OPENING_TIME = datetime(2026, 3, 16, 6, 0, tzinfo=UTC)


class OfficeClock:
    """Gives `now` to what takes a `Callable[[], datetime]`; every moment is aware and in UTC."""

    def __init__(self, start: datetime = OPENING_TIME) -> None:
        self._now = start

    def now(self) -> datetime:
        """The moment the test has set."""
        return self._now

    def advance(
        self, *, days: float = 0, hours: float = 0, minutes: float = 0, seconds: float = 0
    ) -> datetime:
        """Move on by a length of time and return the new moment. Clocks here never go back."""
        step = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
        if step < timedelta(0):
            raise ValueError("an office clock never goes back; use set_to for a broken PC clock")
        self._now += step
        return self._now

    def set_to(self, moment: datetime) -> datetime:
        """Set any aware moment, also an earlier one (a PC whose clock was wrong)."""
        if moment.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        self._now = moment.astimezone(UTC)
        return self._now


@pytest.fixture
def office_clock() -> OfficeClock:
    """A frozen clock, at nine o'clock in Nairobi on a Monday."""
    return OfficeClock()
