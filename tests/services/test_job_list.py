"""Which of the clock's jobs are due, also when the clock of the PC was wrong."""

from datetime import timedelta

import pytest

from sacco_desktop.services.office import job_list
from sacco_desktop.services.office.job_list import (
    BALANCE_QUESTION,
    DORMANCY,
    DUE_INSTALMENTS,
    JOBS,
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
    due,
)
from tests.guards.office_clock import OPENING_TIME
from tests.make import PracticeOffice

DAILY = Job("day-end proof", timedelta(days=1))
NOW = OPENING_TIME


def test_a_job_that_never_ran_is_due() -> None:
    assert due((DAILY, RELAY_SYNC), {}, NOW) == (DAILY, RELAY_SYNC)


@pytest.mark.parametrize(
    ("ago", "is_due"),
    [
        (timedelta(0), False),
        (timedelta(hours=23, minutes=59), False),
        (timedelta(days=1), True),
        (timedelta(days=400), True),
    ],
)
def test_a_job_is_due_again_after_its_time(ago: timedelta, is_due: bool) -> None:
    assert (due((DAILY,), {DAILY.name: NOW - ago}, NOW) == (DAILY,)) is is_due


def test_a_start_in_the_future_counts_as_none_because_the_clock_was_put_back() -> None:
    started = {DAILY.name: NOW + timedelta(days=365)}
    assert due((DAILY,), started, NOW) == (DAILY,)


def test_jobs_keep_the_order_of_the_list() -> None:
    assert due(JOBS, {}, NOW) == (
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
    assert due((PAYOUT_FOLLOW_UP, RELAY_SYNC), {}, NOW) == (PAYOUT_FOLLOW_UP, RELAY_SYNC)


def test_a_run_is_written_down_before_and_after(office: PracticeOffice) -> None:
    run = office.write(job_list.begin, RELAY_SYNC)
    assert office.sql("SELECT outcome, business_date FROM job_run") == [("running", "2026-03-16")]
    office.write(job_list.end, JobEnd(run, "done", "2 taken in."))
    assert office.sql("SELECT outcome, words FROM job_run") == [("done", "2 taken in.")]


def test_a_run_that_a_crash_left_open_is_closed_as_failed_by_the_next(
    office: PracticeOffice,
) -> None:
    office.write(job_list.begin, RELAY_SYNC)
    office.write(job_list.begin, PAYOUT_FOLLOW_UP)
    office.write(job_list.begin, RELAY_SYNC)
    outcomes = office.sql("SELECT job, outcome FROM job_run ORDER BY id")
    assert [outcome for _job, outcome in outcomes] == ["failed", "running", "running"]


def test_after_the_clock_was_put_back_a_job_does_not_run_at_every_tick(
    office: PracticeOffice,
) -> None:
    """The newest run counts, not the one with the latest date: that one lies in the future for a year."""
    office.clock.set_to(NOW + timedelta(days=365))
    office.write(job_list.begin, DAILY)
    office.clock.set_to(NOW)
    assert due((DAILY,), office.read(job_list.last_starts, None), NOW) == (DAILY,)
    office.write(job_list.begin, DAILY)
    assert due((DAILY,), office.read(job_list.last_starts, None), NOW) == ()
