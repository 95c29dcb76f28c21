"""Posting, reversing and reading: entries are final, numbered without a gap, and dated in an open month."""

from dataclasses import replace
from datetime import date

import pytest

from sacco_desktop.domain.errors import (
    InvalidInput,
    NotFound,
    PeriodClosed,
    UnbalancedEntry,
    WrongState,
)
from sacco_desktop.domain.ledger import JournalEntry, Posting
from sacco_desktop.domain.posting_rules import cash_deposit
from sacco_desktop.services.books import ledger
from sacco_desktop.services.books.work import Work
from tests import make
from tests.make import PracticeOffice

MARCH = date(2026, 3, 16)
SALE = JournalEntry(
    MARCH,
    "test",
    "Old chairs sold",
    "slip 9",
    (Posting("1010", 5_000, 0), Posting("4900", 0, 5_000, "Chairs")),
)


def _reverse(office: PracticeOffice, number: int, why: str = "Wrong account.") -> int:
    def reverse(work: Work, given: int) -> int:
        return ledger.reverse(work, given, why).number

    return office.write(reverse, number, office.grace)


def test_what_was_posted_is_read_back_as_it_was_written(office: PracticeOffice) -> None:
    posted = make.post(office, SALE)
    assert office.read(ledger.read_entry, posted.number) == SALE
    assert (office.balance("1010"), office.balance("4900")) == (5_000, 5_000)


def test_entries_are_numbered_from_one_without_a_gap_also_after_a_refusal(
    office: PracticeOffice,
) -> None:
    assert make.post(office, SALE).number == 1
    with pytest.raises(NotFound, match="There is no account 9999"):
        make.post(office, replace(SALE, postings=(*SALE.postings[:1], Posting("9999", 0, 5_000))))
    assert make.post(office, SALE).number == 2


def test_sides_that_differ_are_refused_before_anything_is_written(office: PracticeOffice) -> None:
    with pytest.raises(UnbalancedEntry):
        make.post(office, replace(SALE, postings=(Posting("1010", 2, 0), Posting("4900", 0, 1))))
    assert office.count("journal_entry") == 0


def test_a_control_account_takes_no_postings_of_its_own(office: PracticeOffice) -> None:
    with pytest.raises(Exception, match="posting_on_control_account"):
        make.post(office, replace(SALE, postings=(Posting("1010", 2, 0), Posting("2010", 0, 2))))


def test_a_closed_month_takes_no_more_entries(office: PracticeOffice) -> None:
    office.sql("INSERT INTO closed_month VALUES ('2026-02', 5, '2026-03-01')")
    with pytest.raises(PeriodClosed, match="Use a date in an open month"):
        make.post(office, replace(SALE, value_date=date(2026, 2, 28)))
    make.post(office, replace(SALE, value_date=date(2026, 3, 1)))


def test_a_reversal_is_the_mirror_and_says_of_what(office: PracticeOffice) -> None:
    number = make.post(office, SALE).number
    reversal = office.read(ledger.read_entry, _reverse(office, number))
    assert reversal.reverses == number
    assert [
        (line.account_code, line.debit_cents, line.credit_cents) for line in reversal.postings
    ] == [
        ("1010", 0, 5_000),
        ("4900", 5_000, 0),
    ]
    assert (office.balance("1010"), office.balance("4900")) == (0, 0)
    assert office.read(ledger.read_entry, number) == SALE


def test_an_entry_is_reversed_once_and_a_reversal_never(office: PracticeOffice) -> None:
    number = make.post(office, SALE).number
    reversal = _reverse(office, number)
    with pytest.raises(WrongState, match=f"reversed already, by entry {reversal}"):
        _reverse(office, number)
    with pytest.raises(WrongState, match="A reversal is not reversed"):
        _reverse(office, reversal)
    with pytest.raises(NotFound, match="no entry 77"):
        _reverse(office, 77)


def test_a_reversal_needs_a_reason(office: PracticeOffice) -> None:
    number = make.post(office, SALE).number
    with pytest.raises(InvalidInput) as refused:
        _reverse(office, number, "  ")
    assert refused.value.field == "reason"


def test_the_trial_balance_holds_members_inside_their_control_account(
    office: PracticeOffice,
) -> None:
    for kes in (100, 250):
        make.member(office, deposits_kes=kes)
    balance = office.read(ledger.trial_balance, None)
    rows = {row.code: row.balance_cents for row in balance.rows}
    assert (rows["2010"], rows["1010"]) == (35_000, 35_000)
    assert not any("." in code for code in rows)
    assert (balance.debit_cents, balance.credit_cents) == (35_000, 35_000)


def test_an_account_knows_whether_it_moved_since(office: PracticeOffice) -> None:
    def moved(work: Work, code: str) -> bool:
        return ledger.moved_since(work, code, moment)

    moment = office.clock.now()
    make.post(office, SALE)
    assert not office.read(moved, "1010")
    office.clock.advance(seconds=1)
    make.post(office, SALE)
    assert office.read(moved, "1010")
    assert not office.read(moved, "1020")


def test_an_account_is_opened_under_a_control_account_only(office: PracticeOffice) -> None:
    def open_under(work: Work, code: str) -> str:
        return ledger.open_sub_account(work, code, "M-9999", "Test")

    assert office.write(open_under, "2010") == "2010.M-9999"
    with pytest.raises(WrongState, match="has no accounts under it"):
        office.write(open_under, "1010")


def test_a_member_without_an_account_cannot_be_posted_to(office: PracticeOffice) -> None:
    with pytest.raises(NotFound, match=r"2010\.M-0404"):
        make.post(office, cash_deposit("M-0404", 100, "RC-1", MARCH))
