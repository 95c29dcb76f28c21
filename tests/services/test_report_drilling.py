"""From a figure to its postings, to the entry, to the paper; and what a printed report is numbered by."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from sacco_desktop.domain.errors import BooksDamaged, InvalidInput, NotFound
from sacco_desktop.domain.ledger import JournalEntry, Posting
from sacco_desktop.services.books import ledger
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.reports.printing import stamp_report
from sacco_desktop.services.reports.reading import chart, read_report
from sacco_desktop.services.reports.report import (
    Check,
    PaperKind,
    Report,
    ReportKind,
    ReportRequest,
)
from tests import make
from tests.make import PracticeOffice

PERIOD = ReportRequest(ReportKind.TRIAL_BALANCE, date(2026, 1, 1), date(2026, 12, 31))


def _read(office: PracticeOffice, request: ReportRequest) -> Report:
    report = office.read(read_report, request)
    assert report.is_proven
    return report


def _open(office: PracticeOffice, report: Report, key: str) -> Report:
    """What Enter on the row with this key leads to."""
    (row,) = (row for row in report.rows if row.key == key)
    assert row.opens is not None
    return _read(office, row.opens)


def test_from_the_trial_balance_down_to_the_receipt(office: PracticeOffice) -> None:
    first, second = (make.member(office, deposits_kes=kes) for kes in (100, 250))
    control = _open(office, _read(office, PERIOD), "2010")
    assert control.subject == "2010 Members' deposits (BOSA, non-withdrawable)"
    account = _open(office, control, f"2010.{second.number}")
    assert [row.cells[5] for row in account.lines] == [250_00]
    entry = _open(office, account, account.lines[0].key)
    assert entry.paper is not None
    assert entry.paper.kind is PaperKind.RECEIPT
    assert entry.paper.number == account.lines[0].cells[2]
    assert ("Posted by", "Peter Kamau") in entry.facts
    back = _open(office, entry, "1")
    assert back.subject.startswith("1010 ")
    assert first.number in str(back.lines[0].cells[3])


def test_a_paid_loan_leads_to_its_voucher_also_from_the_charge(office: PracticeOffice) -> None:
    relay = make.relay(office)
    order = make.accepted(office, via=make.route(office, relay))
    make.arrive(office, relay, (order.tag, make.paid_news(order)))
    numbers = office.sql(
        "SELECT number FROM journal_entry WHERE kind IN ('loan_disbursement', 'b2c_charge')"
    )
    assert len(numbers) == 2
    for (number,) in numbers:
        request = replace(PERIOD, kind=ReportKind.ENTRY, about=str(number))
        paper = _read(office, request).paper
        assert paper is not None
        assert paper.kind is PaperKind.VOUCHER
        assert paper.number.startswith("PO-")


def test_money_in_flight_is_named_and_not_counted(office: PracticeOffice) -> None:
    make.accepted(office)
    today = office.clock.now().date()
    report = _read(office, replace(PERIOD, last=today))
    assert report.notes[-1].startswith("1 payout is in flight, KES ")
    assert _read(office, replace(PERIOD, last=date(2026, 2, 1))).notes == ()


def test_a_reversal_and_what_it_takes_back_name_each_other(office: PracticeOffice) -> None:
    make.member(office, deposits_kes=100)

    def reverse(work: Work, number: int) -> int:
        return ledger.reverse(work, number, "Wrong member.").number

    reversal = office.write(reverse, 1, office.grace)
    original = _read(office, replace(PERIOD, kind=ReportKind.ENTRY, about="1"))
    mirror = _read(office, replace(PERIOD, kind=ReportKind.ENTRY, about=str(reversal)))
    assert ("Reversed by", f"entry {reversal}") in original.facts
    assert ("Reverses", "entry 1") in mirror.facts
    assert mirror.paper == original.paper


def test_wrong_questions_are_answered_with_a_sentence(office: PracticeOffice) -> None:
    with pytest.raises(InvalidInput, match="ends before it begins"):
        _read(office, replace(PERIOD, kind=ReportKind.INCOME, first=date(2027, 1, 1)))
    with pytest.raises(NotFound, match="no account 9999"):
        _read(office, replace(PERIOD, kind=ReportKind.ACCOUNT, about="9999"))
    with pytest.raises(InvalidInput, match="no cash, bank or M-Pesa"):
        _read(office, replace(PERIOD, kind=ReportKind.CASH_BOOK, about="2140"))
    for number in ("7", "x", "²", ""):
        with pytest.raises(NotFound):
            _read(office, replace(PERIOD, kind=ReportKind.ENTRY, about=number))


def test_the_chart_offers_no_accounts_of_members(office: PracticeOffice) -> None:
    make.member(office)
    rows = office.read(chart, None)
    assert not any("." in row.code for row in rows)
    assert [row.code for row in rows if row.is_cash] == [
        *("1010", "1015", "1020", "1030", "1031", "1032")
    ]


def _sale(cents: int) -> JournalEntry:
    lines = (Posting("1010", cents, 0), Posting("4900", 0, cents))
    return JournalEntry(date(2026, 3, 1), "test", "Chairs sold", "slip 9", lines)


def test_the_second_print_of_the_same_figures_is_a_copy(office: PracticeOffice) -> None:
    make.post(office, _sale(50_00))
    first, second = (
        office.write(stamp_report, _read(office, PERIOD), office.grace).stamp for _ in range(2)
    )
    assert (first.copy_number, second.copy_number) == (1, 2)
    assert first.fingerprint == second.fingerprint
    assert first.number != second.number
    make.post(office, _sale(1))
    third = office.write(stamp_report, _read(office, PERIOD), office.grace).stamp
    assert third.copy_number == 1
    assert third.fingerprint != first.fingerprint


def test_a_report_that_contradicts_itself_gets_no_number(office: PracticeOffice) -> None:
    report = replace(_read(office, PERIOD), checks=(Check("all debits", 1, "all credits", 2),))
    with pytest.raises(BooksDamaged, match=r"all debits \(0.01\) and all credits \(0.02\) differ"):
        office.write(stamp_report, report, office.grace)
    assert office.count("paper_print") == 0


def test_the_database_finds_a_days_entries_by_their_index(office: PracticeOffice) -> None:
    """A late day must not read the whole history: the plan goes by way of the value dates."""
    if office.database.writer.dialect.name != "sqlite":
        return  # PostgreSQL plans by statistics, and of so few rows its plan says nothing.
    plan = office.sql(
        "EXPLAIN QUERY PLAN SELECT sum(debit_cents) FROM posting WHERE entry_id IN"
        " (SELECT id FROM journal_entry WHERE value_date > '2026-03-01' AND posted_at IS NOT NULL)"
    )
    words = " ".join(str(row[-1]) for row in plan)
    assert "ix_journal_entry_value_date" in words
    assert "SEARCH posting USING" in words
    assert "SCAN" not in words
