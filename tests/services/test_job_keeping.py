"""What people see of the clock's jobs, and what they may do about them."""

from datetime import timedelta

import pytest

from sacco_desktop.domain.errors import InvalidInput, NotAllowed, NotFound, WrongState
from sacco_desktop.services.office import job_keeping, job_list
from sacco_desktop.services.office.job_keeping import JobRow, Pause
from sacco_desktop.services.office.job_list import JOBS, PENALTIES, RELAY_SYNC, Job, JobEnd
from tests.make import PracticeOffice


def _run(
    office: PracticeOffice, job: Job, outcome: str = "done", words: str = "Nothing new."
) -> None:
    run = office.write(job_list.begin, job)
    office.clock.advance(seconds=3)
    office.write(job_list.end, JobEnd(run, outcome, words))


def _row(office: PracticeOffice, job: Job) -> JobRow:
    return next(row for row in office.read(job_keeping.list_jobs, None) if row.job == job)


def test_a_job_that_was_stopped_is_not_due_until_it_is_let_run_again(
    office: PracticeOffice,
) -> None:
    office.write(
        job_keeping.pause, Pause("penalties", " The rules are being changed. "), office.grace
    )
    assert PENALTIES not in office.read(job_list.due_now, None)
    row = _row(office, PENALTIES)
    assert (row.is_paused, row.paused_by, row.next_at) == (True, office.grace.full_name, None)
    assert row.paused_why == "The rules are being changed."
    with pytest.raises(WrongState, match="stopped already"):
        office.write(job_keeping.pause, Pause("penalties", "Again."), office.admin)
    office.write(job_keeping.resume, "penalties", office.admin)
    assert PENALTIES in office.read(job_list.due_now, None)
    assert not _row(office, PENALTIES).is_paused
    with pytest.raises(WrongState, match="not stopped"):
        office.write(job_keeping.resume, "penalties", office.admin)
    acts = [row[0] for row in office.sql("SELECT action FROM audit_row ORDER BY id")][-2:]
    assert acts == ["stopped a job", "let a job run again"]


def test_what_follows_money_cannot_be_stopped_and_every_stop_has_a_reason(
    office: PracticeOffice,
) -> None:
    for job in JOBS:
        if not job.can_pause:
            with pytest.raises(WrongState, match="follows money"):
                office.write(job_keeping.pause, Pause(job.name, "Too slow."), office.grace)
    assert RELAY_SYNC in [job for job in JOBS if not job.can_pause]
    with pytest.raises(InvalidInput):
        office.write(job_keeping.pause, Pause("penalties", " "), office.grace)
    with pytest.raises(NotFound):
        office.write(job_keeping.pause, Pause("dancing", "Why not."), office.grace)
    with pytest.raises(NotAllowed):
        office.write(job_keeping.pause, Pause("penalties", "No."), office.peter)
    assert office.count("job_pause") == 0


def test_the_list_says_when_each_ran_how_it_went_and_when_it_runs_next(
    office: PracticeOffice,
) -> None:
    never = _row(office, PENALTIES)
    assert (never.last_started, never.outcome, never.next_at) == (None, "", office.clock.now())
    began = office.clock.now()
    _run(office, PENALTIES)
    row = _row(office, PENALTIES)
    assert (row.last_started, row.outcome, row.words) == (began, "done", "Nothing new.")
    assert row.next_at == began + PENALTIES.every
    for _ in range(2):
        _run(office, PENALTIES, "failed", "The disk is full.")
    assert _row(office, PENALTIES).failed_in_a_row == 2
    newest, *_rest = office.read(job_keeping.list_runs, None)
    assert (newest.job, newest.took, newest.words) == (
        "penalties",
        timedelta(seconds=3),
        "The disk is full.",
    )
    _run(office, PENALTIES)
    assert _row(office, PENALTIES).failed_in_a_row == 0


def test_what_went_well_is_forgotten_after_a_month_and_what_failed_is_kept(
    office: PracticeOffice,
) -> None:
    _run(office, PENALTIES)
    _run(office, PENALTIES, "failed")
    _run(office, RELAY_SYNC)
    office.clock.advance(days=31)
    _run(office, PENALTIES)
    kept = [(row.job, row.outcome) for row in office.read(job_keeping.list_runs, None)]
    assert kept == [("penalties", "done"), ("relay sync", "done"), ("penalties", "failed")]
