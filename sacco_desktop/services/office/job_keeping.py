"""What people see of the clock's jobs, and what they may do about them: stop one, let it run again, run it now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from sacco_desktop.db.tables import JobPause, JobRun, User
from sacco_desktop.domain.errors import InvalidInput, NotFound, WrongState
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.books import audit
from sacco_desktop.services.books.work import Topic, Work
from sacco_desktop.services.office import job_list
from sacco_desktop.services.office.job_list import JOBS, Job

# More runs than these nobody reads in a list.
_SHOWN = 2_000


@dataclass(frozen=True, slots=True)
class JobRow:
    """A job and how it stands. `next_at` is none while it is stopped."""

    job: Job
    last_started: datetime | None
    last_ended: datetime | None
    outcome: str
    words: str
    next_at: datetime | None
    paused_by: str
    paused_since: datetime | None
    paused_why: str
    failed_in_a_row: int

    @property
    def is_paused(self) -> bool:
        """Whether somebody has stopped it."""
        return self.paused_since is not None


@dataclass(frozen=True, slots=True)
class RunRow:
    """One run. `took` is none while it runs, or when the program stopped in the middle."""

    run_id: int
    job: str
    started_at: datetime
    took: timedelta | None
    outcome: str
    words: str


@dataclass(frozen=True, slots=True)
class Pause:
    """A job that is to be stopped, and why."""

    job: str
    why: str


def find(name: str) -> Job:
    """The job of that name. Raises NotFound."""
    for job in JOBS:
        if job.name == name:
            return job
    raise NotFound(f"There is no job called {name}.")


def list_jobs(work: Work, _nothing: None = None) -> tuple[JobRow, ...]:
    """Every job in the order in which the clock runs them."""
    work.allow(Act.LOOK)
    newest = select(func.max(JobRun.id)).group_by(JobRun.job)
    last = {
        run.job: run for run in work.session.scalars(select(JobRun).where(JobRun.id.in_(newest)))
    }
    stopped = job_list.paused(work)
    names = {
        user.id: user.full_name
        for user in work.session.scalars(
            select(User).where(User.id.in_({row.changed_by for row in stopped.values()}))
        )
    }
    return tuple(_row(work, job, last.get(job.name), stopped.get(job.name), names) for job in JOBS)


def _row(
    work: Work, job: Job, run: JobRun | None, pause: JobPause | None, names: dict[int, str]
) -> JobRow:
    next_at = None
    if pause is None:
        next_at = work.now if run is None else max(work.now, run.started_at + job.every)
    return JobRow(
        job,
        run.started_at if run else None,
        run.ended_at if run else None,
        run.outcome if run else "",
        run.words if run else "",
        next_at,
        names.get(pause.changed_by, "") if pause else "",
        pause.changed_at if pause else None,
        pause.why if pause else "",
        _failed_in_a_row(work, job) if run and run.outcome == "failed" else 0,
    )


def _failed_in_a_row(work: Work, job: Job) -> int:
    went_well = (
        select(func.coalesce(func.max(JobRun.id), 0))
        .where(JobRun.job == job.name, JobRun.outcome == "done")
        .scalar_subquery()
    )
    return (
        work.session.scalar(
            select(func.count()).where(
                JobRun.job == job.name, JobRun.outcome == "failed", JobRun.id > went_well
            )
        )
        or 0
    )


def list_runs(work: Work, _nothing: None = None) -> tuple[RunRow, ...]:
    """The newest runs of all jobs, the newest first."""
    work.allow(Act.LOOK)
    rows = work.session.scalars(select(JobRun).order_by(JobRun.id.desc()).limit(_SHOWN))
    return tuple(
        RunRow(
            run.id,
            run.job,
            run.started_at,
            run.ended_at - run.started_at if run.ended_at else None,
            run.outcome,
            run.words,
        )
        for run in rows
    )


def pause(work: Work, wish: Pause) -> None:
    """Stop a job until somebody lets it run again. Raises InvalidInput without a reason, WrongState for a job that
    follows money, or that is stopped already.
    """
    work.allow(Act.KEEP_JOBS)
    job = find(wish.job)
    if not job.can_pause:
        raise WrongState(
            f"The job {job.name} follows money that is under way, so it cannot be stopped."
        )
    if not wish.why.strip():
        raise InvalidInput("Say why it is stopped: whoever finds it stopped will ask.", "why")
    if job.name in job_list.paused(work):
        raise WrongState(f"The job {job.name} is stopped already.")
    _write(work, job, wish.why.strip(), is_paused=True)


def resume(work: Work, name: str) -> None:
    """Let a job run again. It makes up for what it missed. Raises WrongState for one that is not stopped."""
    work.allow(Act.KEEP_JOBS)
    job = find(name)
    if job.name not in job_list.paused(work):
        raise WrongState(f"The job {job.name} is not stopped.")
    _write(work, job, "", is_paused=False)


def asked_to_run(work: Work, name: str) -> None:
    """Note that a person runs a job now."""
    work.allow(Act.KEEP_JOBS)
    audit.record(work, "ran a job now", find(name).name)


def _write(work: Work, job: Job, why: str, *, is_paused: bool) -> None:
    work.session.add(
        JobPause(
            job=job.name,
            is_paused=is_paused,
            why=why,
            changed_by=work.actor.user_id,
            changed_at=work.now,
        )
    )
    work.session.flush()
    detail: audit.Detail = {"why": why} if why else {}
    audit.record(work, "stopped a job" if is_paused else "let a job run again", job.name, detail)
    work.changed(Topic.JOBS)
