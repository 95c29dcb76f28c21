"""The words in which a closed day is told."""

from __future__ import annotations

from datetime import datetime

from sacco_desktop.domain.dates import business_date, format_date, format_time
from sacco_desktop.services.closing.closed_days import ClosedDay, DayState


def moment(at: datetime) -> str:
    """`16 Mar 2026 17:05`."""
    return f"{format_date(business_date(at))} {format_time(at)}"


def reopened_words(day: ClosedDay) -> str:
    """Who opened a closed day again and why, with what was posted since; empty while it is closed."""
    back = day.reopened
    if back is None:
        return ""
    count = day.entries_since
    since = "1 entry was" if count == 1 else f"{count:,} entries were" if count else "Nothing was"
    told = f"Reopened by {back.by} on {moment(back.at)}, signed by {back.signed_by}: {back.reason.rstrip('.')}."
    return f"{told} {since} posted up to that day after it."


def state_words(state: DayState) -> str:
    """Where today stands, in a few sentences."""
    day = state.closed
    if day is not None:
        return (
            f"Closed by {day.closed_by} at {format_time(day.closed_at)}, signed by {day.signed_by}."
        )
    words = ["Today is open."]
    if state.reopened is not None and state.reopened.reopened is not None:
        back = state.reopened.reopened
        words.append(f"{format_date(state.reopened.day)} was reopened by {back.by}.")
    if state.last is not None:
        words.append(f"Closed up to {format_date(state.last)}.")
    elif state.reopened is None:
        words.append("No day was closed yet.")
    return " ".join(words)
