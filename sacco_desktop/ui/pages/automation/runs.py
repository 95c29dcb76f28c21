"""The tab Runs: every run of the last weeks, how long it took, and what came of it."""

from __future__ import annotations

from datetime import datetime, timedelta

from sacco_desktop.domain.dates import format_date, format_time
from sacco_desktop.services.office import job_keeping
from sacco_desktop.services.office.job_keeping import RunRow
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.pages.automation.words import RUN_CHIPS, title_of
from sacco_desktop.ui.tabbed_page import PageTab
from sacco_desktop.ui.widgets.columns import Align, Column, chip_column
from sacco_desktop.ui.widgets.details import Details
from sacco_desktop.ui.widgets.list_plan import EmptyList, ListPlan, SavedFilter

_UNREAD = "The runs could not be read. Nothing is lost; the other pages work."
_FILTERS: tuple[SavedFilter[RunRow], ...] = (
    SavedFilter("failed", "Failed", lambda row: row.outcome == "failed", "Nothing has failed."),
)


class RunsTab(PageTab[RunRow]):
    """The newest first."""

    title = "Runs"
    key = "runs"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, _plan())

    def read(self) -> None:
        """Read the runs again."""
        self.read_by(job_keeping.list_runs, _UNREAD)


def moment_words(moment: datetime) -> str:
    """`16 Mar 2026 09:05`."""
    return f"{format_date(moment)} {format_time(moment)}"


def _took_words(took: timedelta) -> str:
    return f"{took.total_seconds():,.1f} s"


def _plan() -> ListPlan[RunRow]:
    return ListPlan(
        name="job_runs",
        one="run",
        many="runs",
        columns=(
            Column(
                "Began",
                lambda row: row.started_at,
                moment_words,
                widest="30 May 2026 23:59",
                is_figures=True,
            ),
            Column("Job", lambda row: title_of(row.job), longest=22),
            chip_column("State", lambda row: RUN_CHIPS.get(row.outcome), tuple(RUN_CHIPS.values())),
            Column("What came of it", lambda row: row.words or None, priority=2, longest=60),
            Column(
                "Took",
                lambda row: row.took,
                _took_words,
                align=Align.RIGHT,
                priority=2,
                widest="1,999.9 s",
            ),
        ),
        key=lambda row: row.run_id,
        empty=EmptyList("Nothing has run yet. The jobs begin when the society is set up."),
        details=_details,
        filters=_FILTERS,
    )


def _details(row: RunRow) -> Details:
    took = (("Took", _took_words(row.took)),) if row.took is not None else ()
    return Details(
        title=title_of(row.job),
        subtitle=moment_words(row.started_at),
        chip=RUN_CHIPS.get(row.outcome),
        facts=(*took, *((("What came of it", row.words),) if row.words else ())),
    )
