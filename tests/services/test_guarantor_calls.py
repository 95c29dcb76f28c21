"""Calling guarantors: who pays how much, that the loan's position and the ledger agree, and what is given back."""

import pytest

from sacco_desktop.domain.approvals import ApprovalKind, ApprovalStatus
from sacco_desktop.domain.errors import InvalidInput, NotAllowed, WrongState
from sacco_desktop.domain.ledger import JournalEntry, credit, debit
from sacco_desktop.domain.loan_entries import Source
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.guarantors.guarantor_pledges import Pledge
from sacco_desktop.services.lending import (
    guarantor_calls,
    guarantor_recoveries,
    loans,
    repayment_undoing,
)
from sacco_desktop.services.lending.guarantor_calls import CallFacts, CallWish
from sacco_desktop.services.lending.guarantor_recoveries import NewReimbursement, Reimbursed
from sacco_desktop.services.loan_figures.loan_positions import position_of
from tests import make, make_guarantors, make_loans
from tests.make import PracticeOffice

# The borrower of the practice loan has 100,000 of deposits and owes 100,000.
OWN = "2010.M-0001"


def spend_own(office: PracticeOffice, leave_kes: int) -> None:
    """Take from the borrower's deposits until so much is left."""
    cents = office.balance(OWN) - leave_kes * 100
    lines = (debit(OWN, cents), credit("1010", cents))
    make.post(office, JournalEntry(make.day(office), "test", "Spent", "T", lines))


@pytest.fixture
def loan_id(office: PracticeOffice) -> int:
    """Owes 100,000, late; the borrower has 52,500 left, so 47,500 are missing."""
    row = make_guarantors.late_loan(office)
    spend_own(office, 52_500)
    return row.loan_id


def facts(office: PracticeOffice, loan_id: int) -> CallFacts:
    return office.read(guarantor_calls.look, loan_id, office.grace)


def called(office: PracticeOffice, loan_id: int) -> None:
    wish = CallWish(loan_id, facts(office, loan_id).version, "Letters of 2 June, calls of 9 June.")
    office.write(guarantor_calls.ask, wish, office.grace)
    request = make.waiting_request(office, ApprovalKind.GUARANTORS_CALLED, loan_id)
    make.decide(office, request, office.lucy)


def owed(office: PracticeOffice, loan_id: int) -> tuple[Pledge, ...]:
    return office.read(guarantor_recoveries.owed, loan_id)


def give_back(office: PracticeOffice, loan_id: int, cents: int) -> Reimbursed:
    new = NewReimbursement(make.key(), loan_id, cents, Source.CASH, "", make.day(office))
    return office.write(guarantor_recoveries.take, new, office.grace)


def agrees_with_ledger(office: PracticeOffice, loan_id: int) -> int:
    """The principal that is left by the instalments, which is what the ledger says."""

    def left(work: Work, key: int) -> int:
        return position_of(work, loans.load(work, key)).principal_cents

    by_parts = office.read(left, loan_id)
    assert by_parts == office.read(loans.row_of, loan_id).balance_cents
    return by_parts


def test_the_worked_shares_in_proportion_and_equally(office: PracticeOffice, loan_id: int) -> None:
    found = facts(office, loan_id)
    assert (found.own_cents, found.shortfall_cents) == (52_500_00, 47_500_00)
    assert [one.share_cents for one in found.shares] == [23_750_00, 15_833_33, 7_916_67]
    make_loans.set_rule(office, "guarantor.share", "equally")
    shares = [one.share_cents for one in facts(office, loan_id).shares]
    assert sorted(shares) == [15_833_33, 15_833_33, 15_833_34]


def test_two_people_call_the_guarantors_and_the_loan_is_paid(
    office: PracticeOffice, loan_id: int
) -> None:
    called(office, loan_id)
    assert agrees_with_ledger(office, loan_id) == 0
    assert office.balance(OWN) == 0
    assert [(one.status, one.taken_cents) for one in owed(office, loan_id)] == [
        ("called_upon", 23_750_00),
        ("called_upon", 15_833_33),
        ("called_upon", 7_916_67),
    ]
    # Interest is still owed by the borrower, so the loan is not closed.
    assert office.read(loans.row_of, loan_id).status == "active"


def test_what_the_deposits_do_not_hold_nobody_pays(office: PracticeOffice) -> None:
    loan_id = make_guarantors.late_loan(office, (30_000,)).loan_id
    spend_own(office, 0)
    found = facts(office, loan_id)
    assert (found.taken_cents, found.uncovered_cents) == (30_000_00, 70_000_00)
    called(office, loan_id)
    assert agrees_with_ledger(office, loan_id) == 70_000_00


def test_a_deposit_meanwhile_makes_the_request_void(office: PracticeOffice, loan_id: int) -> None:
    wish = CallWish(loan_id, facts(office, loan_id).version, "Letters of 2 June.")
    office.write(guarantor_calls.ask, wish, office.grace)
    request = make.waiting_request(office, ApprovalKind.GUARANTORS_CALLED, loan_id)
    spend_own(office, 50_000)
    assert make.decide(office, request, office.lucy).status is ApprovalStatus.VOID
    assert owed(office, loan_id) == ()


def test_guarantors_are_called_late_and_told_before(office: PracticeOffice) -> None:
    loan = make_loans.active_loan(office)
    with pytest.raises(WrongState, match=r"0 days late\. Guarantors are called from 30 days on"):
        facts(office, loan.loan_id)
    office.clock.advance(days=91)
    with pytest.raises(WrongState, match="has no guarantor"):
        facts(office, loan.loan_id)


def test_only_who_asks_for_payouts_calls_and_says_how_they_were_told(
    office: PracticeOffice, loan_id: int
) -> None:
    wish = CallWish(loan_id, facts(office, loan_id).version, " ")
    with pytest.raises(InvalidInput, match="told"):
        office.write(guarantor_calls.ask, wish, office.grace)
    with pytest.raises(NotAllowed):
        office.write(guarantor_calls.ask, wish, office.peter)


def test_what_the_borrower_brings_later_goes_back_in_proportion(
    office: PracticeOffice, loan_id: int
) -> None:
    called(office, loan_id)
    deposits = [f"2010.{one.guarantor_number}" for one in owed(office, loan_id)]
    before = [office.balance(code) for code in deposits]
    back = give_back(office, loan_id, 4_750_00)
    assert back.left_cents == 42_750_00
    gained = [office.balance(code) - old for code, old in zip(deposits, before, strict=True)]
    assert gained == [2_375_00, 1_583_33, 791_67]
    with pytest.raises(InvalidInput, match=r"Only KES 42,750\.00 is owed"):
        give_back(office, loan_id, 42_750_01)
    give_back(office, loan_id, 42_750_00)
    assert all(one.owed_to_cents == 0 for one in owed(office, loan_id))
    with pytest.raises(WrongState, match="owes no guarantor"):
        give_back(office, loan_id, 1)


def test_a_call_that_is_reversed_counts_no_more(office: PracticeOffice, loan_id: int) -> None:
    called(office, loan_id)
    ((entry,),) = office.sql("SELECT entry_number FROM guarantor_recovery ORDER BY id LIMIT 1")
    office.write(
        lambda work, number: repayment_undoing.reverse_entry(work, number, "Wrong one."), entry
    )
    assert agrees_with_ledger(office, loan_id) == 23_750_00
    assert [one.taken_cents for one in owed(office, loan_id)] == [15_833_33, 7_916_67]
