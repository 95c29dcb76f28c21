"""The jobs of the clock as data, and the pure rule of which are due. Running them is the operations' part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from sacco_desktop.db.tables import JobRun, User
from sacco_desktop.services.books.work import CLOCK_USER_ID, Topic, Work


@dataclass(frozen=True, slots=True)
class Job:
    """A job and how often it runs at the most."""

    name: str
    every: timedelta


RELAY_SYNC = Job("relay sync", timedelta(minutes=1))
PAYOUT_FOLLOW_UP = Job("payout follow-up", timedelta(minutes=1))
BALANCE_QUESTION = Job("balance question", timedelta(minutes=5))
PROMPTS = Job("prompts on phones", timedelta(minutes=1))
PAYMENTS_IN_DOUBT = Job("payments in doubt", timedelta(minutes=1))
PAYMENTS_IN = Job("list of payments", timedelta(minutes=15))
REMINDERS = Job("reminders", timedelta(hours=6))
MESSAGES = Job("messages", timedelta(minutes=1))
DUE_INSTALMENTS = Job("due instalments", timedelta(hours=1))
PENALTIES = Job("penalties", timedelta(hours=12))
DORMANCY = Job("dormant members", timedelta(days=1))
JOBS = (
    RELAY_SYNC,
    PAYOUT_FOLLOW_UP,
    PROMPTS,
    PAYMENTS_IN_DOUBT,
    PAYMENTS_IN,
    BALANCE_QUESTION,
    DUE_INSTALMENTS,
    PENALTIES,
    DORMANCY,
    REMINDERS,
    MESSAGES,
)


@dataclass(frozen=True, slots=True)
class JobEnd:
    """How a run ended."""

    run_id: int
    outcome: str
    words: str


def due(
    jobs: tuple[Job, ...], last_started: Mapping[str, datetime], now: datetime
) -> tuple[Job, ...]:
    """The jobs that should run now, in the order of the list. A start in the future (a clock put back) counts
    as none.
    """
    return tuple(
        job
        for job in jobs
        if job.name not in last_started
        or last_started[job.name] > now
        or now - last_started[job.name] >= job.every
    )


def due_now(work: Work, _nothing: None = None) -> tuple[Job, ...]:
    """The jobs that should run now. Before the society is set up there is nothing to do and no clock to do it."""
    if work.session.get(User, CLOCK_USER_ID) is None:
        return ()
    return due(JOBS, last_starts(work), work.now)


def last_starts(work: Work, _nothing: None = None) -> dict[str, datetime]:
    """When each job was last started: by its newest run, because the clock may have been put back since."""
    newest = select(func.max(JobRun.id)).group_by(JobRun.job)
    rows = work.session.execute(select(JobRun.job, JobRun.started_at).where(JobRun.id.in_(newest)))
    return {row.job: row.started_at for row in rows}


def begin(work: Work, job: Job) -> int:
    """Write a run down before it begins and return its id. Runs left open by a crash are closed as failed."""
    for open_run in work.session.scalars(
        select(JobRun).where(JobRun.job == job.name, JobRun.outcome == "running")
    ):
        open_run.outcome, open_run.words = "failed", "The program stopped while this ran."
        open_run.ended_at = work.now
    run = JobRun(job=job.name, business_date=work.today, started_at=work.now, outcome="running")
    work.session.add(run)
    work.session.flush()
    return run.id


def end(work: Work, how: JobEnd) -> None:
    """Write how a run went."""
    run = work.session.get_one(JobRun, how.run_id)
    run.outcome, run.words, run.ended_at = how.outcome, how.words, work.now
    work.changed(Topic.JOBS)
