"""Reports say what the postings say, whatever was posted: totals, sides, days, control accounts and proofs."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sacco_desktop.domain.chart import AccountType, ChartAccount, sub_account_code
from sacco_desktop.domain.ledger import JournalEntry, Posting
from sacco_desktop.services.books import ledger
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.reports.reading import read_report
from sacco_desktop.services.reports.report import Cell, Report, ReportKind, ReportRequest, RowKind
from tests import make
from tests.make import PracticeOffice

FIRST, LAST = date(2026, 1, 1), date(2026, 3, 16)
DAYS = [date(2025, 11, 1) + timedelta(days=n * 9) for n in range(18)]
MEMBERS = ("M-0001", "M-0002", "M-0003")
SUB_ACCOUNTS = [sub_account_code(code, who) for code in ("2010", "3010") for who in MEMBERS]
ACCOUNTS = [
    *("1010", "1020", "1031", "1190", "1510", "2140", "2155", "3050", "4010", "4020", "4900"),
    *("5010", "5230", "5420", "5500"),
    *SUB_ACCOUNTS,
]


@dataclass(frozen=True, slots=True)
class Asked:
    """Days of a report."""

    first: date
    last: date


def _entry(day: date, number: int, debits: list[tuple[str, int]], credit_to: str) -> JournalEntry:
    lines = [Posting(code, cents, 0) for code, cents in debits]
    lines.append(Posting(credit_to, 0, sum(cents for _, cents in debits)))
    return JournalEntry(day, "test", f"Entry {number}", f"R-{number}", tuple(lines))


ENTRIES = st.lists(
    st.tuples(
        st.sampled_from(DAYS),
        st.lists(
            st.tuples(st.sampled_from(ACCOUNTS), st.integers(1, 10**9)), min_size=1, max_size=3
        ),
        st.sampled_from(ACCOUNTS),
    ),
    max_size=14,
)
PERIODS = st.tuples(st.sampled_from(DAYS), st.sampled_from(DAYS)).map(
    lambda two: Asked(min(two), max(two))
)


def _books(folder: str, entries: list[JournalEntry]) -> PracticeOffice:
    """Books with exactly these entries."""
    office = make.office(Path(folder))

    def fill(work: Work, _nothing: None) -> None:
        for code in ("2010", "3010"):
            for who in MEMBERS:
                ledger.open_sub_account(work, code, who, f"Account of {who}")
        for entry in entries:
            ledger.post(work, entry)

    office.write(fill, None)
    return office


def _read(office: PracticeOffice, kind: ReportKind, asked: Asked, about: str = "") -> Report:
    report = office.read(read_report, ReportRequest(kind, asked.first, asked.last, about))
    assert report.is_proven, [check for check in report.checks if not check.holds]
    return report


def _cents(cell: Cell) -> int:
    assert cell is None or isinstance(cell, int)
    return cell or 0


def _net(entries: list[JournalEntry], first: date, last: date) -> dict[str, int]:
    """Debits less credits by account, added up by hand."""
    net: dict[str, int] = defaultdict(int)
    for entry in entries:
        if first <= entry.value_date <= last:
            for line in entry.postings:
                net[line.account_code] += line.debit_cents - line.credit_cents
    return net


def _total(report: Report, words: str) -> tuple[object, ...]:
    (row,) = (row for row in report.rows if words in row.cells)
    return row.cells


@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(drawn=ENTRIES, asked=PERIODS)
def test_every_report_agrees_with_adding_up_by_hand(
    drawn: list[tuple[date, list[tuple[str, int]], str]], asked: Asked
) -> None:
    entries = [_entry(day, n, debits, to) for n, (day, debits, to) in enumerate(drawn)]
    with tempfile.TemporaryDirectory() as folder:
        office = _books(folder, entries)
        try:
            _compare(office, entries, asked)
        finally:
            office.close()


def _compare(office: PracticeOffice, entries: list[JournalEntry], asked: Asked) -> None:
    at_end = _net(entries, date.min, asked.last)
    moved = _net(entries, asked.first, asked.last)

    def chart_net(net: dict[str, int], code: str) -> int:
        return sum(cents for owner, cents in net.items() if owner.split(".")[0] == code)

    balance = _read(office, ReportKind.TRIAL_BALANCE, asked)
    for row in balance.lines:
        code, _, debit, credit = row.cells
        assert _cents(debit) - _cents(credit) == chart_net(at_end, str(code)), code
    movement = _read(office, ReportKind.MOVEMENTS, asked)
    for row in movement.lines:
        code, _, before, debit, credit, after = row.cells
        assert _cents(debit) - _cents(credit) == chart_net(moved, str(code)), code
        assert _cents(after) == chart_net(at_end, str(code))
        assert _cents(before) + _cents(debit) - _cents(credit) == _cents(after)
    for code in ("2010", "3010"):
        under = _read(office, ReportKind.ACCOUNT, asked, code)
        assert {str(row.cells[0]) for row in under.lines} == {
            each for each in SUB_ACCOUNTS if each.startswith(code)
        }
        assert _total(under, "Total")[-1] == -chart_net(at_end, code)
    for code in ("1020", "2010.M-0002"):
        sign = -1 if code[0] in "23" else 1
        account = _read(office, ReportKind.ACCOUNT, asked, code)
        assert _total(account, "Total and balance")[-1] == sign * at_end[code]
        assert len(account.lines) == sum(
            line.account_code == code
            for entry in entries
            if asked.first <= entry.value_date <= asked.last
            for line in entry.postings
        )
    earned = -sum(cents for code, cents in moved.items() if code[0] in "45")
    income = _read(office, ReportKind.INCOME, asked)
    assert _total(income, "Surplus of the period")[2] == earned
    position = _read(office, ReportKind.POSITION, asked)
    assets = sum(cents for code, cents in at_end.items() if code[0] == "1")
    assert _total(position, "Total assets")[2] == assets
    assert _total(position, "Total liabilities and equity")[2] == assets
    cash = _read(office, ReportKind.CASH_BOOK, asked)
    assert _total(cash, "Total")[-1] == sum(at_end[code] for code in ("1010", "1020", "1031"))


@settings(max_examples=8, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(drawn=ENTRIES, day=st.sampled_from(DAYS))
def test_as_of_a_day_is_the_same_as_books_that_end_there(
    drawn: list[tuple[date, list[tuple[str, int]], str]], day: date
) -> None:
    entries = [_entry(on, n, debits, to) for n, (on, debits, to) in enumerate(drawn)]
    asked = Asked(min(day, FIRST), day)
    with tempfile.TemporaryDirectory() as folder:
        whole = _books(folder, entries)
        ended = _books(folder, [entry for entry in entries if entry.value_date <= day])
        try:
            for kind in (ReportKind.INCOME, ReportKind.POSITION, ReportKind.CASH_BOOK):
                assert _cells(whole, kind, asked) == _cells(ended, kind, asked)
            for kind in (ReportKind.TRIAL_BALANCE, ReportKind.MOVEMENTS):
                assert _figures(whole, kind, asked) == _figures(ended, kind, asked)
            assert _cells(whole, ReportKind.ACCOUNT, asked, "2010") == _cells(
                ended, ReportKind.ACCOUNT, asked, "2010"
            )
        finally:
            whole.close()
            ended.close()


def _cells(office: PracticeOffice, kind: ReportKind, asked: Asked, about: str = "") -> list[object]:
    # Entries have other numbers in other books; what they say is the same.
    return [row.cells for row in _read(office, kind, asked, about).rows]


def _figures(office: PracticeOffice, kind: ReportKind, asked: Asked) -> list[object]:
    """The figures, with "moved to nothing" and "never moved" as the same."""
    return [tuple(cell or 0 for cell in row.cells[2:]) for row in _read(office, kind, asked).rows]


def _posted(office: PracticeOffice) -> None:
    make.post(office, _entry(date(2025, 12, 20), 1, [("1020", 90_000_00)], "3050"))
    make.post(office, _entry(date(2026, 1, 5), 2, [("1020", 5_000_00)], "4010"))
    make.post(office, _entry(date(2026, 2, 9), 3, [("5230", 1_200_50)], "1020"))
    make.post(office, _entry(date(2026, 3, 1), 4, [("5420", 300_00)], "1590"))


def test_a_dated_trial_balance_lists_accounts_that_never_moved(office: PracticeOffice) -> None:
    _posted(office)
    report = _read(office, ReportKind.TRIAL_BALANCE, Asked(FIRST, date(2025, 12, 1)))
    assert len(report.lines) == office.count("account", "control_id IS NULL")
    assert all(row.cells[2:] == (None, None) for row in report.lines[:1])
    assert _total(report, "Total")[2:] == (0, 0)


def test_today_and_a_day_before_differ_by_what_came_between(office: PracticeOffice) -> None:
    _posted(office)
    today = _read(office, ReportKind.TRIAL_BALANCE, Asked(FIRST, LAST))
    january = _read(office, ReportKind.TRIAL_BALANCE, Asked(FIRST, date(2026, 1, 31)))

    def bank(report: Report) -> object:
        return next(row.cells[2] for row in report.lines if row.key == "1020")

    assert (bank(today), bank(january)) == (93_799_50, 95_000_00)


def test_the_income_statement_stands_beside_the_year_before(office: PracticeOffice) -> None:
    make.post(office, _entry(date(2025, 2, 28), 1, [("1020", 700_00)], "4010"))
    _posted(office)
    report = _read(office, ReportKind.INCOME, Asked(FIRST, date(2026, 2, 28)))
    assert _total(report, "Net interest income")[2:] == (5_000_00, 700_00)
    assert _total(report, "Total operating expenses")[2:] == (1_200_50, 0)
    assert _total(report, "Surplus of the period")[2:] == (3_799_50, 700_00)
    assert report.notes[0] == "Year before: 1 Jan 2025 – 28 Feb 2025."


def test_expenses_alone_in_their_group_stand_before_the_groups(office: PracticeOffice) -> None:
    for n, code in enumerate(("5230", "5220", "5410", "5110", "5210")):
        make.post(office, _entry(date(2026, 1, 9), n, [(code, 10_00)], "1020"))
    report = _read(office, ReportKind.INCOME, Asked(FIRST, LAST))
    shown = [str(row.cells[0] or row.cells[1]) for row in report.rows]
    assert shown[shown.index("Operating expenses") :] == [
        *("Operating expenses", "5110", "5210", "5410", "Finance costs", "5220", "5230"),
        *("Total finance costs", "Total operating expenses", "Surplus before tax"),
        "Surplus of the period",
    ]


def test_the_end_of_february_is_compared_with_the_end_of_february(office: PracticeOffice) -> None:
    for last, words in (
        (date(2025, 2, 28), "1 Jan 2024 – 29 Feb 2024."),
        (date(2024, 2, 29), "1 Jan 2023 – 28 Feb 2023."),
    ):
        report = _read(office, ReportKind.INCOME, Asked(date(last.year, 1, 1), last))
        assert report.notes[0] == f"Year before: {words}"


def test_the_position_shows_the_surplus_of_the_period_apart(office: PracticeOffice) -> None:
    make.post(office, _entry(date(2025, 12, 1), 9, [("1010", 50_00)], "4900"))
    _posted(office)
    report = _read(office, ReportKind.POSITION, Asked(FIRST, LAST))
    assert _total(report, "Surplus 1 Jan 2026 – 16 Mar 2026")[2:] == (3_499_50, None)
    assert _total(report, "Surplus before 1 Jan 2026")[2:] == (50_00, 50_00)
    assert _total(report, "Accumulated depreciation")[2:] == (-300_00, 0)
    assert _total(report, "Total assets")[2:] == (93_549_50, 90_050_00)
    assert _total(report, "Total liabilities and equity")[2:] == (93_549_50, 90_050_00)


def test_a_ledger_carries_its_balance_line_by_line(office: PracticeOffice) -> None:
    _posted(office)
    report = _read(office, ReportKind.ACCOUNT, Asked(FIRST, LAST), "1020")
    assert [row.cells[-1] for row in report.rows] == [
        90_000_00,
        95_000_00,
        93_799_50,
        93_799_50,
    ]
    assert [row.kind for row in report.rows] == [
        RowKind.BALANCE,
        RowKind.LINE,
        RowKind.LINE,
        RowKind.TOTAL,
    ]


def test_a_cash_book_of_one_account_says_receipts_and_payments(office: PracticeOffice) -> None:
    _posted(office)
    report = _read(office, ReportKind.CASH_BOOK, Asked(FIRST, LAST), "1020")
    assert report.columns[4].title == "Receipts KES"
    assert _total(report, "Total and balance")[4:] == (5_000_00, 1_200_50, 93_799_50)


def test_an_account_of_ones_own_is_never_left_out_of_a_statement(office: PracticeOffice) -> None:
    own = (
        ChartAccount("1999", "Our own asset", AccountType.ASSET, False, frozenset(), "ours"),
        ChartAccount("5999", "Our own cost", AccountType.EXPENSE, False, frozenset(), "ours"),
    )
    office.write(ledger.open_chart, own)
    make.post(office, _entry(date(2026, 1, 5), 1, [("1999", 10_00), ("5999", 5_00)], "4900"))
    position = _read(office, ReportKind.POSITION, Asked(FIRST, LAST))
    income = _read(office, ReportKind.INCOME, Asked(FIRST, LAST))
    assert _total(position, "Our own asset")[2] == 10_00
    assert _total(income, "Our own cost")[2] == 5_00


@pytest.mark.parametrize("kind", [ReportKind.MOVEMENTS, ReportKind.INCOME, ReportKind.ACCOUNT])
def test_reports_of_empty_books_are_empty_and_proven(
    office: PracticeOffice, kind: ReportKind
) -> None:
    report = _read(office, kind, Asked(FIRST, LAST), "1010")
    assert report.last_entry == 0
    assert all(not cell for row in report.lines for cell in row.cells[4:])
