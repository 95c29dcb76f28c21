"""The words in which a closed day is told."""

from __future__ import annotations

from datetime import datetime

from sacco_desktop.domain.dates import business_date, format_date, format_time
from sacco_desktop.services.day_closings import ClosedDay, DayState


def moment(at: datetime) -> str:
    """`16 Mar 2026 17:05`."""
    return f"{format_date(business_date(at))} {format_time(at)}"


def since_words(day: ClosedDay) -> str:
    """What was posted for a day after it was closed; empty when nothing was."""
    if not day.entries_since:
        return ""
    count = "1 entry was" if day.entries_since == 1 else f"{day.entries_since:,} entries were"
    return f"Changed since: {count} posted for it after that"


def state_words(state: DayState) -> str:
    """Where today stands, as one or two sentences."""
    day = state.closed
    if day is not None:
        told = (
            f"Closed by {day.closed_by} at {format_time(day.closed_at)}, signed by {day.signed_by}."
        )
        return f"{told} {since_words(day)}." if day.entries_since else told
    if state.last is None:
        return "Today is open. No day was closed yet."
    return f"Today is open. The last closed day is {format_date(state.last)}."
