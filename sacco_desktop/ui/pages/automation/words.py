"""How the states of jobs and their runs are shown."""

from __future__ import annotations

from datetime import timedelta

from sacco_desktop.services.office.job_keeping import JobRow
from sacco_desktop.ui.theme.tokens import ChipColour
from sacco_desktop.ui.widgets.chip_words import Chip

_DAY, _HOUR, _MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)

RUN_CHIPS = {
    "failed": Chip("failed", "!", "circle-alert", "Failed", "Imeshindwa", ChipColour.RED),
    "running": Chip("running", "◐", "circle-dashed", "Runs now", "Inaendelea", ChipColour.BLUE),
    "done": Chip("done", "✓", "check", "Went well", "Imefaulu", ChipColour.GREEN),
}
_NEVER = Chip("never", "○", "circle", "Has not run yet", "Bado", ChipColour.GREY)
_STOPPED = Chip("stopped", "×", "pause", "Stopped", "Imesimamishwa", ChipColour.AMBER)
JOB_CHIPS = (RUN_CHIPS["failed"], _STOPPED, RUN_CHIPS["running"], _NEVER, RUN_CHIPS["done"])


def chip_of(row: JobRow) -> Chip:
    """What a person has to know first: that somebody stopped it, else how it went the last time."""
    return _STOPPED if row.is_paused else RUN_CHIPS.get(row.outcome, _NEVER)


def title_of(job: str) -> str:
    """`Relay sync`."""
    return job[:1].upper() + job[1:]


def how_often(every: timedelta) -> str:
    """`Every minute`, `Every 15 minutes`, `Every 12 hours`, `Every day`."""
    for unit, name in ((_DAY, "day"), (_HOUR, "hour"), (_MINUTE, "minute")):
        if every >= unit and not every % unit:
            times = every // unit
            return f"Every {name}" if times == 1 else f"Every {times} {name}s"
    return f"Every {int(every.total_seconds())} seconds"
