"""Loans as of any day: owed, late and classed as the loan itself says, and as it said then."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest

from sacco_desktop.domain.loan_classes import REGULATED, class_of
from sacco_desktop.domain.money import round_half_up
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.lending import due_instalments, loans
from sacco_desktop.services.lending.due_instalments import Slice
from sacco_desktop.services.loan_figures import loan_book
from sacco_desktop.services.loan_figures.loan_book import LoanOn
from sacco_desktop.services.loan_figures.loan_positions import position_of
from sacco_desktop.services.reports.reading import read_report
from sacco_desktop.services.reports.report import Report, ReportKind, ReportRequest
from tests import make, make_loans
from tests.make import PracticeOffice
from tests.services.test_repayments import reverse, take

INSTALMENT = 888_500
PAID_OUT = date(2026, 3, 16)


@pytest.fixture
def loan_id(office: PracticeOffice) -> int:
    return make_loans.active_loan(office).loan_id


def on(office: PracticeOffice, day: date) -> tuple[LoanOn, ...]:
    return office.read(loan_book.loans_on, day, office.grace)


def go_to(office: PracticeOffice, day: date) -> None:
    office.clock.advance(days=(day - make.day(office)).days)


def says(work: Work, loan_id: int) -> tuple[int, int, date | None]:
    """What the loan itself says today, read from its own schedule and parts."""
    found = position_of(work, loans.load(work, loan_id))
    late = [line.due_on for line in found.left if line.total_cents and line.due_on < work.today]
    return found.principal_cents, found.arrears_cents(work.today), min(late, default=None)


def report(office: PracticeOffice, kind: ReportKind, day: date) -> Report:
    return office.read(read_report, ReportRequest(kind, day, day), office.grace)


def test_the_book_says_what_each_loan_says_and_later_still_says_it(
    office: PracticeOffice, loan_id: int
) -> None:
    told: dict[date, tuple[LoanOn, ...]] = {}
    for days, cents in ((0, 0), (31, 0), (32, 500_000), (61, 0), (70, 1_500_000), (400, 100)):
        go_to(office, PAID_OUT + timedelta(days=days))
        office.write(due_instalments.catch_up_slice, Slice(None))
        if cents:
            take(office, loan_id, cents)
        day = make.day(office)
        [loan] = told[day] = on(office, day)
        owed, arrears, since = office.read(says, loan_id, office.grace)
        assert (loan.owed_cents, loan.arrears_cents) == (owed, arrears)
        assert loan.days_late == (0 if since is None else (day - since).days)
    assert [rows[0].days_late for rows in told.values()] == [0, 0, 1, 30, 0, 308]
    assert {day: on(office, day) for day in told} == told


def test_a_repayment_that_is_taken_back_counts_until_that_day(
    office: PracticeOffice, loan_id: int
) -> None:
    go_to(office, date(2026, 4, 20))
    taken = take(office, loan_id, INSTALMENT)
    paid_on = make.day(office)
    assert on(office, paid_on)[0].arrears_cents == 0
    office.clock.advance(days=3)
    reverse(office, taken.entry_number)
    assert on(office, make.day(office))[0].arrears_cents == INSTALMENT
    assert on(office, paid_on)[0].arrears_cents == 0
    assert on(office, paid_on - timedelta(days=1))[0].days_late == 3


def test_a_loan_is_in_the_book_from_its_payout_until_it_is_repaid(
    office: PracticeOffice, loan_id: int
) -> None:
    assert on(office, PAID_OUT - timedelta(days=1)) == ()
    go_to(office, date(2027, 3, 16))
    take(office, loan_id, sum(office.read(says, loan_id, office.grace)[:1]) + 700_000)
    while on(office, make.day(office)):
        take(office, loan_id, 10_000)
    assert office.read(says, loan_id, office.grace)[0] == 0
    assert on(office, PAID_OUT)[0].owed_cents == 10_000_000


@pytest.mark.parametrize("days", [0, 1, 30, 31, 180, 181, 360, 361])
def test_classes_provide_by_the_days_of_the_oldest_instalment(
    office: PracticeOffice, loan_id: int, days: int
) -> None:
    day = date(2026, 4, 16) + timedelta(days=days)
    go_to(office, day)
    found = report(office, ReportKind.LOAN_CLASSES, day)
    mine = class_of(days, REGULATED)
    row = next(line for line in found.lines if line.cells[0] == mine.name)
    allowance = round_half_up(Fraction(10_000_000) * Fraction(mine.percent) / 100)
    assert (row.cells[2], row.cells[3], row.cells[6]) == (1, 10_000_000, allowance)
    assert sum(int(str(line.cells[2])) for line in found.lines) == 1
    risk = dict(found.facts)
    for over in (0, 30, 90):
        percent = "100.00 %" if days > over else "0.00 %"
        assert risk[f"Portfolio at risk over {over} days"] == percent


def test_the_society_has_its_own_classes_from_the_day_it_says(
    office: PracticeOffice, loan_id: int
) -> None:
    before = make.day(office)
    go_to(office, date(2026, 5, 1))
    make_loans.set_rule(office, "loan.classes", "0: 0, 10: 2.5, 40: 30, 200: 60, 400: 100")
    found = report(office, ReportKind.LOAN_CLASSES, make.day(office))
    assert [line.cells[1] for line in found.lines] == [
        "0–9",
        "10–39",
        "40–199",
        "200–399",
        "over 399",
    ]
    assert [line.cells[6] for line in found.lines] == [0, 250_000, 0, 0, 0]
    earlier = report(office, ReportKind.LOAN_CLASSES, before)
    assert [line.cells[1] for line in earlier.lines] == [
        "0",
        "1–30",
        "31–180",
        "181–360",
        "over 360",
    ]


def test_late_loans_are_listed_with_the_longest_late_first(
    office: PracticeOffice, loan_id: int
) -> None:
    go_to(office, date(2026, 4, 10))
    assert report(office, ReportKind.LATE_LOANS, make.day(office)).lines == ()
    second = make_loans.active_loan(office)
    go_to(office, date(2026, 6, 1))
    found = report(office, ReportKind.LATE_LOANS, make.day(office))
    assert [line.cells[0] for line in found.lines] == ["L-0001", second.number]
    assert [line.cells[6] for line in found.lines] == [46, 22]
    assert found.rows[-1].cells[5] == sum(int(str(line.cells[5])) for line in found.lines)
