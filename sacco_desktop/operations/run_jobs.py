"""Runs the clock's jobs: written down before they begin and after they end, each only when it is due."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date

from sacco_desktop.domain.errors import OutsideUnavailable, SaccoError, WrongState
from sacco_desktop.operations.ask_balance import ask_daily
from sacco_desktop.operations.collect import follow_prompts, read_list
from sacco_desktop.operations.follow_up import ask_due
from sacco_desktop.operations.lanes import Lane
from sacco_desktop.operations.money_back import follow
from sacco_desktop.operations.office import Office
from sacco_desktop.operations.send_messages import send_waiting
from sacco_desktop.operations.send_payouts import resend_for_the_clock
from sacco_desktop.operations.sync_relays import retry_parked, sync_all
from sacco_desktop.services.books.work import Actor
from sacco_desktop.services.charging import penalty_run
from sacco_desktop.services.charging.penalty_run import Run
from sacco_desktop.services.lending import due_instalments
from sacco_desktop.services.lending.due_instalments import Slice
from sacco_desktop.services.membership import dormancy
from sacco_desktop.services.membership.dormancy import DormancySlice
from sacco_desktop.services.office import job_keeping, job_list
from sacco_desktop.services.office.job_list import (
    BALANCE_QUESTION,
    DORMANCY,
    DUE_INSTALMENTS,
    MESSAGES,
    PAYMENTS_IN,
    PAYMENTS_IN_DOUBT,
    PAYOUT_FOLLOW_UP,
    PENALTIES,
    PROMPTS,
    RELAY_SYNC,
    REMINDERS,
    Job,
    JobEnd,
)
from sacco_desktop.services.reminding import instalment_reminders
from sacco_desktop.services.reminding.instalment_reminders import ReminderSlice


async def _sync(office: Office) -> str:
    outcome = await sync_all(office)
    freed = await retry_parked(office)
    words = f"{outcome.words} {freed} parked entries settled." if freed else outcome.words
    if outcome.trouble:
        raise OutsideUnavailable("relay", words, office.now())
    return words


async def _follow_up(office: Office) -> str:
    words = f"M-Pesa was asked about {await ask_due(office)} payments."
    again = await resend_for_the_clock(office)
    return f"{words} {again} sent again under their old ids." if again else words


async def _fall_due(office: Office) -> str:
    """Slice by slice, so that a person's click goes between two of them."""
    found = await office.write(due_instalments.catch_up_slice, Slice(None))
    while found.last_id is not None:
        found = await office.write(due_instalments.catch_up_slice, found)
    return f"{found.done} loans were brought up to today."


async def charge_penalties(office: Office, as_of: date | None = None) -> str:
    """Charge what the rules charge up to that day, or up to today, slice by slice; what came of it in words."""
    found = await office.write(penalty_run.charge_slice, Run(as_of))
    while not found.is_done:
        found = await office.write(penalty_run.charge_slice, found)
    return f"{found.charges} penalties were charged."


async def _fall_asleep(office: Office) -> str:
    found = await office.write(dormancy.catch_up_slice, DormancySlice(None))
    while found.last_id is not None:
        found = await office.write(dormancy.catch_up_slice, found)
    return f"{found.moved} members became dormant or active again."


async def _remind(office: Office) -> str:
    found = await office.write(instalment_reminders.remind_slice, ReminderSlice(None))
    while found.last_id is not None:
        found = await office.write(instalment_reminders.remind_slice, found)
    return f"{found.written} reminders were written."


_RUNNERS: dict[str, Callable[[Office], Awaitable[str]]] = {
    RELAY_SYNC.name: _sync,
    PAYOUT_FOLLOW_UP.name: _follow_up,
    PROMPTS.name: follow_prompts,
    PAYMENTS_IN_DOUBT.name: follow,
    PAYMENTS_IN.name: read_list,
    BALANCE_QUESTION.name: ask_daily,
    DUE_INSTALMENTS.name: _fall_due,
    PENALTIES.name: charge_penalties,
    DORMANCY.name: _fall_asleep,
    REMINDERS.name: _remind,
    MESSAGES.name: send_waiting,
}


async def run_due(office: Office) -> tuple[JobEnd, ...]:
    """Run every job that is due, in their order; a job that fails is written down and holds back no other.

    Where several PCs share the books, the one that has the clock runs them and the others run none.
    """
    if not await office.lanes.await_on(Lane.READ, office.books.has_clock):
        return ()
    return tuple([await run(office, job) for job in await office.read(job_list.due_now, None)])


async def run(office: Office, job: Job) -> JobEnd:
    """Run one job now and write down how it went. While another runs, whoever asked it to, this one waits."""
    async with office.jobs_lock:
        run_id = await office.write(job_list.begin, job)
        try:
            outcome = JobEnd(run_id, "done", await _RUNNERS[job.name](office))
        except SaccoError as trouble:
            outcome = JobEnd(run_id, "failed", trouble.message)
        await office.write(job_list.end, outcome)
        return outcome


async def run_now(office: Office, name: str, actor: Actor) -> JobEnd:
    """Run a job because a person says so, also one that is stopped. Raises NotAllowed, and WrongState on a PC that
    leaves the jobs to another one.
    """
    await office.write(job_keeping.asked_to_run, name, actor)
    if not await office.lanes.await_on(Lane.READ, office.books.has_clock):
        raise WrongState("Another PC runs the jobs of this office. Run it there.")
    return await run(office, job_keeping.find(name))
