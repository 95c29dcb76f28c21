"""The sheet of a closed day as a paper, with every check as it was signed and what was posted since."""

from __future__ import annotations

from datetime import date

from sacco_desktop.services import day_closings, paper_stamps, society
from sacco_desktop.services.papers import DayCheck, DaySheet
from sacco_desktop.services.work import Work


def day_sheet(work: Work, day: date) -> DaySheet:
    """The sheet of a closed day. Each call is a print of its own. Raises NotFound."""
    closed = day_closings.closed_day(work, day)
    said: dict[str, str | int] = {
        "day": day.isoformat(),
        "closed_by": closed.closed_by,
        "signed_by": closed.signed_by,
        "head_number": closed.head_number,
        "head_hash": closed.head_hash,
        "checks": "; ".join(f"{one.title}: {one.finding} {one.reason}" for one in closed.checks),
        "entries_since": closed.entries_since,
    }
    return DaySheet(
        letterhead=society.letterhead(work),
        stamp=paper_stamps.stamp(work, f"day {day.isoformat()}", said),
        day=day,
        closed_by=closed.closed_by,
        signed_by=closed.signed_by,
        closed_at=closed.closed_at,
        head_number=closed.head_number,
        head_hash=closed.head_hash,
        checks=tuple(
            DayCheck(one.title, one.is_green, one.finding, one.reason) for one in closed.checks
        ),
        entries_since=closed.entries_since,
    )
