"""The jobs of the clock as data, and the pure rule of which are due. Running them is the operations' part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select

from sacco_desktop.db.tables import JobPause, JobRun, User
from sacco_desktop.services.books.work import CLOCK_USER_ID, Topic, Work

# How long runs that went well are kept.
_KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Job:
    """A job, how often it runs at the most, and in a sentence what it does. What follows money that is under way cannot
    be stopped by anybody.
    """

    name: str
    every: timedelta
    does: str = ""
    can_pause: bool = True


RELAY_SYNC = Job(
    "relay sync", timedelta(minutes=1), "Fetches M-Pesa's answers from the relays.", False
)
PAYOUT_FOLLOW_UP = Job(
    "payout follow-up",
    timedelta(minutes=1),
    "Asks M-Pesa about payments whose result has not come.",
    False,
)
BALANCE_QUESTION = Job(
    "balance question", timedelta(minutes=5), "Asks M-Pesa once a day what the accounts hold."
)
PROMPTS = Job(
    "prompts on phones",
    timedelta(minutes=1),
    "Asks M-Pesa about prompts that nobody has answered yet.",
    False,
)
PAYMENTS_IN_DOUBT = Job(
    "payments in doubt",
    timedelta(minutes=1),
    "Asks M-Pesa about payments that only a notice tells of.",
    False,
)
PAYMENTS_IN = Job(
    "list of payments",
    timedelta(minutes=15),
    "Reads M-Pesa's own list of payments to the paybill, for those of which no notice came.",
)
REMINDERS = Job(
    "reminders",
    timedelta(hours=6),
    "Writes the messages about instalments that fall due or are late.",
)
MESSAGES = Job("messages", timedelta(minutes=1), "Sends the messages that wait for members.")
DUE_INSTALMENTS = Job(
    "due instalments", timedelta(hours=1), "Lets the instalments of the day fall due."
)
PENALTIES = Job(
    "penalties", timedelta(hours=12), "Charges the penalties and fines that came due by the rules."
)
DORMANCY = Job(
    "dormant members",
    timedelta(days=1),
    "Marks members as dormant who have not moved anything for the time that the rules give.",
)
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
    stopped = paused(work)
    jobs = tuple(job for job in JOBS if job.name not in stopped)
    return due(jobs, last_starts(work), work.now)


def paused(work: Work, _nothing: None = None) -> dict[str, JobPause]:
    """The jobs that people have stopped, with the row that says who did and why."""
    newest = select(func.max(JobPause.id)).group_by(JobPause.job)
    rows = work.session.scalars(select(JobPause).where(JobPause.id.in_(newest), JobPause.is_paused))
    return {row.job: row for row in rows}


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
    _forget_old(work, job)
    run = JobRun(job=job.name, business_date=work.today, started_at=work.now, outcome="running")
    work.session.add(run)
    work.session.flush()
    return run.id


def _forget_old(work: Work, job: Job) -> None:
    """Some jobs run every minute. What went well is of no use after a while; what failed is kept."""
    work.session.execute(
        delete(JobRun).where(
            JobRun.job == job.name,
            JobRun.outcome == "done",
            JobRun.started_at < work.now - _KEPT,
        )
    )


def end(work: Work, how: JobEnd) -> None:
    """Write how a run went."""
    run = work.session.get_one(JobRun, how.run_id)
    run.outcome, run.words, run.ended_at = how.outcome, how.words, work.now
    work.changed(Topic.JOBS)
