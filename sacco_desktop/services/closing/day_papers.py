"""The sheet of a closed day as a paper, with every check as it was signed and what was posted since."""

from __future__ import annotations

from sacco_desktop.domain.dates import business_date, format_date, format_time
from sacco_desktop.services.books import paper_stamps
from sacco_desktop.services.books.papers import DayCheck, DaySheet
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.closing import closed_days
from sacco_desktop.services.closing.closed_days import Reopened
from sacco_desktop.services.office import society


def day_sheet(work: Work, closing_id: int) -> DaySheet:
    """The sheet of one closing. Each call is a print of its own. Raises NotFound."""
    closed = closed_days.read(work, closing_id)
    day, reopened = closed.day, _reopened_words(closed.reopened)
    why = "" if closed.reopened is None else closed.reopened.reason
    said: dict[str, str | int] = {
        "day": day.isoformat(),
        "closed_by": closed.closed_by,
        "signed_by": closed.signed_by,
        "head_number": closed.head_number,
        "head_hash": closed.head_hash,
        "checks": "; ".join(f"{one.title}: {one.finding} {one.reason}" for one in closed.checks),
        "reopened": f"{reopened} {why}".strip(),
        "entries_since": closed.entries_since,
    }
    return DaySheet(
        letterhead=society.letterhead(work),
        stamp=paper_stamps.stamp(work, f"day {day.isoformat()}, closing {closing_id}", said),
        day=day,
        closed_by=closed.closed_by,
        signed_by=closed.signed_by,
        closed_at=closed.closed_at,
        head_number=closed.head_number,
        head_hash=closed.head_hash,
        checks=tuple(
            DayCheck(one.title, one.is_green, one.finding, one.reason) for one in closed.checks
        ),
        reopened=reopened,
        reopened_why=why,
        entries_since=closed.entries_since,
    )


def _reopened_words(back: Reopened | None) -> str:
    if back is None:
        return ""
    when = f"{format_date(business_date(back.at))} {format_time(back.at)}"
    return f"By {back.by} on {when}, signed by {back.signed_by}"
