"""Loans of the first books, after this program has opened them: every schedule is as it was agreed, to the cent."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from sacco_desktop.db import migrate
from sacco_desktop.db.tables import Loan
from sacco_desktop.domain.loan_terms import BrokenPeriod, DayCount, InterestOn
from sacco_desktop.domain.money import Rounding
from sacco_desktop.domain.schedule import make_schedule
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.lending import loans
from sacco_desktop.services.loan_figures import loan_terms
from tests import make
from tests.db.first_books import first_books, first_rows
from tests.engines import copy_of
from tests.guards.office_clock import OfficeClock
from tests.make import PracticeOffice

WEEKLY = (
    "UPDATE loan SET method = 'flat', rate = '0.10', rate_per = 'year', frequency = 'weekly',"
    " instalments = 104, rounding_unit_cents = 1, grace_days = 28 WHERE status = 'appraised'"
)


@pytest.fixture
def old_office(tmp_path: Path, office_clock: OfficeClock) -> Iterator[PracticeOffice]:
    office_clock.advance(hours=3)
    place = first_books().put(tmp_path)
    database = place.open()
    # One of the old loans rounds to the cent, which the first schema did by halves and not upwards.
    with database.writer.begin() as connection:
        assert connection.exec_driver_sql(WEEKLY).rowcount == 1
    migrate.migrate(database, tmp_path / "backups", office_clock.now())
    database.close()
    office = make.office_from(copy_of(place), tmp_path, office_clock)
    yield office
    office.close()
    place.throw_away()


def test_a_paid_loan_keeps_its_schedule_to_the_cent(old_office: PracticeOffice) -> None:
    old_rows = first_rows()["loan_instalment"]
    assert old_rows

    def reckon_again(work: Work, loan_id: int) -> list[tuple[object, ...]]:
        loan = loans.load(work, loan_id)
        assert loan.disbursed_on is not None
        return [
            (
                row.number,
                row.due_on.isoformat(),
                row.principal_cents,
                row.interest_cents,
                row.balance_cents,
            )
            for row in make_schedule(loan_terms.terms_of(work, loan), loan.disbursed_on)
        ]

    for loan_id in {row["loan_id"] for row in old_rows}:
        names = ("number", "due_on", "principal_cents", "interest_cents", "balance_cents")
        agreed = [
            tuple(row[name] for name in names) for row in old_rows if row["loan_id"] == loan_id
        ]
        assert old_office.read(reckon_again, loan_id) == agreed
        kept = old_office.read(loan_terms.kept_schedule, loan_id)
        assert [row.fee_cents for row in kept] == [0] * len(agreed)


def test_an_application_of_the_old_books_has_the_terms_that_it_was_shown_with(
    old_office: PracticeOffice,
) -> None:
    def waiting(work: Work, _nothing: None) -> None:
        found = {loan.rounding_unit_cents: loan for loan in work.session.query(Loan)}
        weekly, monthly = (loan_terms.terms_of(work, found[unit]) for unit in (1, 100))
        assert (weekly.rounding, monthly.rounding) == (Rounding.HALF_UP, Rounding.UP)
        assert {weekly.day_count, monthly.day_count} == {DayCount.PER_PERIOD}
        assert weekly.broken_period is BrokenPeriod.IGNORED
        assert weekly.interest_on is InterestOn.SCHEDULE
        assert found[1].asked_cents == found[1].amount_cents
        rows = make_schedule(weekly, date(2024, 1, 1))
        # Golden case G-07 in its proportions: equal weeks by halves, the first after the days of grace.
        assert rows[0].due_on == date(2024, 2, 5)
        assert rows[0].total_cents == rows[1].total_cents

    old_office.read(waiting, None)
