"""The sheet of one member: each balance is the ledger's, each line has the balance after it, each limit its figures."""

from __future__ import annotations

import pytest

from sacco_desktop.domain.errors import NotFound
from sacco_desktop.domain.ledger import JournalEntry, Posting
from sacco_desktop.services.books import ledger
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.membership import members
from sacco_desktop.services.membership.members import MemberRow
from sacco_desktop.services.payouts import phone_changes
from sacco_desktop.services.payouts.phone_changes import PhoneChange
from sacco_desktop.services.window import member_sheet
from sacco_desktop.services.window.member_sheet import MemberSheet
from tests import make
from tests.make import PracticeOffice


def sheet_of(office: PracticeOffice, row: MemberRow) -> MemberSheet:
    return office.read(member_sheet.sheet, row.number, office.peter)


def give_shares(office: PracticeOffice, row: MemberRow, kes: int) -> None:
    office.write(_open_shares, row.number, office.grace)
    postings = (
        Posting("1010", kes * 100, 0, ""),
        Posting(members.shares_account(row.number), 0, kes * 100, ""),
    )
    entry = JournalEntry(make.day(office), "share_capital", "Shares bought", "SH-1", postings)
    make.post(office, entry)


def _open_shares(work: Work, number: str) -> None:
    ledger.open_sub_account(work, "3010", number, "Share capital")


def test_the_balances_go_back_line_by_line(office: PracticeOffice) -> None:
    jane = make.member(office, deposits_kes=1_000)
    other = make.member(office, deposits_kes=9)
    make.deposit(office, jane, 250)
    office.clock.advance(days=3)
    make.deposit(office, jane, 50)
    found = sheet_of(office, jane)
    lines = [(line.reference, line.in_cents, line.balance_cents) for line in found.deposits]
    assert lines == [
        ("RC-2026-0004", 50_00, 1_300_00),
        ("RC-2026-0003", 250_00, 1_250_00),
        ("RC-2026-0001", 1_000_00, 1_000_00),
    ]
    assert found.row.deposits_cents == office.balance("2010.M-0001") == 1_300_00
    assert [line.in_cents for line in sheet_of(office, other).deposits] == [9_00]
    assert found.shares == ()
    assert found.row.shares_cents == 0


def test_share_capital_is_no_deposit(office: PracticeOffice) -> None:
    jane = make.member(office, deposits_kes=1_000)
    give_shares(office, jane, 5_000)
    found = sheet_of(office, jane)
    assert (found.row.deposits_cents, found.row.shares_cents) == (1_000_00, 5_000_00)
    assert [(line.words, line.balance_cents) for line in found.shares] == [
        ("Shares bought", 5_000_00)
    ]
    (listed,) = office.read(members.list_members, None, office.peter)
    assert listed == found.row


def test_what_may_be_borrowed_shows_the_figures_of_the_rule(office: PracticeOffice) -> None:
    jane = make.member(office, deposits_kes=100_000)
    make.appraised_loan(office, jane)
    found = sheet_of(office, jane)
    assert found.rooms
    for room in found.rooms:
        assert room.others_cents == 100_000_00
        # Where a deposit of 100,000 at once is a lump, it carries nothing on its first day.
        is_lump = "put in too lately" in room.words
        assert is_lump == (room.product == "Secured loan")
        carries = 0 if is_lump else int(room.multiple * room.deposits_cents)
        assert room.room_cents == max(0, carries - 100_000_00)
    assert [loan.row.status for loan in found.loans] == ["appraised"]
    assert found.loans[0].owed_cents == 0


def test_a_paid_loan_is_owed_by_the_ledger_and_has_its_schedule(office: PracticeOffice) -> None:
    jane = make.member(office, deposits_kes=100_000)
    relay = make.relay(office)
    via = make.route(office, relay)
    order = make.accepted(office, make.approved_payout(office, jane), via)
    make.arrive(office, relay, (order.tag, make.paid_news(order)))
    found = sheet_of(office, jane)
    (loan,) = found.loans
    assert (loan.owed_cents, loan.unpaid_since, len(loan.schedule)) == (100_000_00, None, 12)
    assert (found.row.owed_cents, found.row.loans) == (100_000_00, 1)
    (paid,) = found.payouts
    assert paid.receipt == make.receipt(order)
    office.clock.advance(days=40)
    late = sheet_of(office, jane)
    assert late.row.unpaid_since == late.loans[0].unpaid_since == loan.schedule[0].due_on
    (listed,) = office.read(members.find, "M-0001", office.peter)
    assert listed == late.row


def test_the_history_is_about_this_member_alone(office: PracticeOffice) -> None:
    jane = make.member(office, deposits_kes=100_000)
    other = make.member(office, deposits_kes=7)
    make.appraised_loan(office, jane)
    change = PhoneChange(jane.member_id, jane.version, "0733 999 888")
    office.write(phone_changes.change_phone, change, office.peter)
    found = sheet_of(office, jane)
    assert [(each.action, each.subject) for each in found.history] == [
        ("changed the phone of", "M-0001"),
        ("appraised a loan", "L-0001"),
        ("wrote a loan application", "L-0001"),
        ("took a cash deposit", "RC-2026-0001"),
        ("registered a member", "M-0001"),
    ]
    assert found.fresh is not None
    assert len(sheet_of(office, other).history) == 2


def test_there_is_no_sheet_of_nobody(office: PracticeOffice) -> None:
    with pytest.raises(NotFound, match="M-0404"):
        office.read(member_sheet.sheet, "M-0404", office.peter)
