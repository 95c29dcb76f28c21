"""The tab Jobs: what the program does by itself, how it went the last time, and when it does it next."""

from __future__ import annotations

from sacco_desktop.domain.permissions import Act, may
from sacco_desktop.operations.run_jobs import run_now
from sacco_desktop.services.office import job_keeping
from sacco_desktop.services.office.job_keeping import JobRow, Pause
from sacco_desktop.services.office.job_list import JobEnd
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.pages.automation.runs import moment_words
from sacco_desktop.ui.pages.automation.words import JOB_CHIPS, chip_of, how_often, title_of
from sacco_desktop.ui.tabbed_page import PageTab
from sacco_desktop.ui.theme.tokens import ChipColour
from sacco_desktop.ui.widgets.columns import Column, chip_column
from sacco_desktop.ui.widgets.details import Details, Note, PanelAction
from sacco_desktop.ui.widgets.form_dialog import FormDialog, FormPlan
from sacco_desktop.ui.widgets.list_plan import EmptyList, ListPlan, SavedFilter
from sacco_desktop.ui.widgets.note_edit import NoteEdit

_UNREAD = "The jobs could not be read. They run all the same; the other pages work."
_STOP = "It does not run by itself until somebody lets it run again, and then makes up for what it missed."
_FOLLOWS = "Locked: it follows money that is under way, so it cannot be stopped."
_FILTERS: tuple[SavedFilter[JobRow], ...] = (
    SavedFilter("failed", "Failed", lambda row: row.outcome == "failed", "Nothing has failed."),
    SavedFilter("stopped", "Stopped", lambda row: row.is_paused, "Nothing is stopped."),
)


class JobsTab(PageTab[JobRow]):
    """In the order in which the clock runs them."""

    title = "Jobs"
    key = "jobs"

    def __init__(self, desk: Desk) -> None:
        self._may_keep = may(desk.actor.roles, Act.KEEP_JOBS)
        super().__init__(desk, self._plan())

    def read(self) -> None:
        """Read how each job stands."""
        self.read_by(job_keeping.list_jobs, _UNREAD)

    def _run(self, row: JobRow) -> None:
        office, actor = self.desk.office, self.desk.actor

        def ran(end: JobEnd) -> None:
            self.desk.toast(f"{title_of(row.job.name)}: {end.words}")
            self.read()

        self.desk.background.operate(
            lambda: run_now(office, row.job.name, actor), owner=self.list, done=ran
        )

    def _stop(self, row: JobRow) -> None:
        title = f"Stop {row.job.name}"
        dialog = FormDialog(
            self.desk, FormPlan("stop_job_dialog", title, "Stop it", _STOP), self.list
        )
        why = NoteEdit("why", lines=2)
        dialog.form.add_row("why", "Why", why, "Whoever finds it stopped reads this.")

        def submit() -> None:
            wish = dialog.form.read(lambda: Pause(row.job.name, why.toPlainText()))
            if wish is not None:
                words = f"{title_of(row.job.name)} is stopped."
                dialog.carry_out(job_keeping.pause, wish, lambda _: self.desk.toast(words))

        dialog.submitted.connect(submit)
        dialog.open()
        why.setFocus()

    def _let_run(self, row: JobRow) -> None:
        words = f"{title_of(row.job.name)} runs again."
        self.desk.background.write(
            job_keeping.resume,
            row.job.name,
            owner=self.list,
            done=lambda _: self.desk.toast(words),
        )

    def _plan(self) -> ListPlan[JobRow]:
        return ListPlan(
            name="jobs",
            one="job",
            many="jobs",
            columns=(
                Column("Job", lambda row: title_of(row.job.name), longest=22),
                Column("How often", lambda row: how_often(row.job.every), priority=2),
                chip_column("State", chip_of, JOB_CHIPS),
                Column(
                    "Last began",
                    lambda row: row.last_started,
                    moment_words,
                    widest="30 May 2026 23:59",
                    is_figures=True,
                ),
                Column("What came of it", lambda row: row.words or None, priority=2, longest=46),
                Column(
                    "Next",
                    lambda row: row.next_at,
                    moment_words,
                    priority=2,
                    widest="30 May 2026 23:59",
                    is_figures=True,
                ),
            ),
            key=lambda row: row.job.name,
            empty=EmptyList("There are no jobs."),
            details=self._details,
            filters=_FILTERS,
        )

    def _details(self, row: JobRow) -> Details:
        facts = [("How often", how_often(row.job.every))]
        if row.last_started is not None:
            facts.append(("Last began", moment_words(row.last_started)))
        if row.words:
            facts.append(("What came of it", row.words))
        if row.next_at is not None:
            facts.append(("Next", moment_words(row.next_at)))
        return Details(
            title=title_of(row.job.name),
            subtitle=row.job.does,
            chip=chip_of(row),
            note=_note(row),
            facts=tuple(facts),
            action=self._main(row),
            other_actions=self._others(row),
        )

    def _main(self, row: JobRow) -> PanelAction | None:
        if not self._may_keep:
            return None
        if row.is_paused:
            return PanelAction("resume_job", "Let it run again", lambda: self._let_run(row))
        return PanelAction("run_job", "Run now", lambda: self._run(row))

    def _others(self, row: JobRow) -> tuple[PanelAction, ...]:
        if not self._may_keep or row.is_paused:
            return ()
        act = (lambda: self._stop(row)) if row.job.can_pause else None
        return (PanelAction("stop_job", "Stop…", act, _FOLLOWS),)


def _note(row: JobRow) -> Note | None:
    if row.is_paused and row.paused_since is not None:
        words = f"By {row.paused_by} on {moment_words(row.paused_since)}: {row.paused_why}"
        return Note(words, ChipColour.AMBER, "Stopped")
    if row.failed_in_a_row > 1:
        return Note(row.words, ChipColour.RED, f"Failed {row.failed_in_a_row} times in a row")
    return None
