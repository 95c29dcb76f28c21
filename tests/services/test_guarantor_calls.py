"""Calling guarantors: who pays how much, that the loan's position and the ledger agree, and what is given back."""

import pytest

from sacco_desktop.domain.approvals import ApprovalKind, ApprovalStatus
from sacco_desktop.domain.errors import InvalidInput, NotAllowed, WrongState
from sacco_desktop.domain.ledger import JournalEntry, credit, debit
from sacco_desktop.domain.loan_entries import Source
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.committee import decisions
from sacco_desktop.services.committee.decisions import ReversalRequest
from sacco_desktop.services.counter import receipts
from sacco_desktop.services.counter.receipts import ReceiptRequest
from sacco_desktop.services.guarantors import guarantor_pledges
from sacco_desktop.services.guarantors.guarantor_pledges import Pledge
from sacco_desktop.services.lending import (
    guarantor_calls,
    guarantor_recoveries,
    loans,
    recoveries,
    repayment_undoing,
)
from sacco_desktop.services.lending.guarantor_calls import CallFacts, CallWish
from sacco_desktop.services.lending.guarantor_recoveries import NewReimbursement, Reimbursed
from sacco_desktop.services.lending.recoveries import NewRecovery
from sacco_desktop.services.loan_figures import loan_penalties
from sacco_desktop.services.loan_figures.loan_positions import position_of
from sacco_desktop.services.penalties import penalty_rows
from tests import make, make_endings, make_guarantors, make_loans, make_penalties
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


def test_by_a_setting_they_also_pay_what_has_fallen_due(
    office: PracticeOffice, loan_id: int
) -> None:
    make_penalties.switch_on(office, "late_instalment", grace_days=0)
    make_loans.set_rule(office, "guarantor.call_pays", "due")
    office.clock.advance(days=31)
    loan = office.read(loans.row_of, loan_id)
    due = office.read(_due_beside, loan_id)
    assert due > 0
    found = facts(office, loan_id)
    assert (found.outstanding_cents, found.beside_cents) == (100_000_00 + due, due)
    # Principal first: what is taken leaves nothing of it, nor of what fell due; only later interest is left.
    called(office, loan_id)
    assert agrees_with_ledger(office, loan_id) == 0
    assert office.read(_due_beside, loan_id) == 0
    assert sum(one.taken_cents for one in owed(office, loan_id)) == 47_500_00 + due
    assert office.read(penalty_rows.owed_of_loan, loan_id) == 0
    assert (office.balance("1120"), office.balance("1130")) == (0, 0)
    assert loan.number in office.sql("SELECT narration FROM journal_entry ORDER BY id DESC")[0][0]
    # Taken back, all of it is owed again.
    ((entry,),) = office.sql("SELECT max(entry_number) FROM guarantor_recovery")
    office.write(
        lambda work, number: repayment_undoing.reverse_entry(work, number, "Wrong one."), entry
    )
    assert office.read(_due_beside, loan_id) > 0


def _due_beside(work: Work, loan_id: int) -> int:
    found = loan_penalties.position_on(work, loans.load(work, loan_id), work.today)
    lines = found.fallen_due(work.today)
    return found.penalty_cents + sum(line.interest_cents + line.fee_cents for line in lines)


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


def test_guarantors_pay_after_the_write_off_too_and_it_is_recovered(
    office: PracticeOffice, loan_id: int
) -> None:
    make_endings.agree(office, make_endings.ask_write_off(office, loan_id))
    first = office.read(guarantor_recoveries.owed, loan_id)
    assert first == ()
    seen = facts(office, loan_id)
    # The whole principal, of which the own deposits pay 52,500 first; interest stays the borrower's matter.
    assert (seen.outstanding_cents, seen.own_cents, seen.taken_cents) == (
        100_000_00,
        52_500_00,
        47_500_00,
    )
    called(office, loan_id)
    assert [office.balance(code) for code in (OWN, "1110.L-0001", "4200")] == [0, 0, 100_000_00]
    assert [one.taken_cents for one in owed(office, loan_id)] == [23_750_00, 15_833_33, 7_916_67]
    assert [one.live_cents for one in owed(office, loan_id)] == [0, 0, 0]
    left = office.read(recoveries.look, loan_id)
    assert left.recovered_cents == 100_000_00
    assert left.left_cents > 0, "the interest is still owed"
    with pytest.raises(WrongState, match="no guarantor whose promise binds"):
        facts(office, loan_id)
    # What the borrower brings for the guarantors goes back to them, and is no income a second time.
    give_back(office, loan_id, 9_500_00)
    assert office.balance("4200") == 100_000_00
    assert office.balance("2010.M-0002") == 60_000_00 - 23_750_00 + 4_750_00
    # A share that was taken wrongly is reversed: the claim is owed again, and the promise binds again.
    (entry,) = office.sql("SELECT max(entry_number) FROM guarantor_recovery WHERE kind = 'taken'")[
        0
    ]
    asked = ReversalRequest(entry, "It was another member's.")
    make.decide(office, office.write(decisions.ask_reversal, asked, office.grace), office.lucy)
    assert office.read(recoveries.look, loan_id).left_cents == left.left_cents + 7_916_67
    assert facts(office, loan_id).taken_cents == 7_916_67
    number = office.sql("SELECT receipt FROM repayment WHERE source = 'guarantor'")[0][0]
    paper = office.write(receipts.receipt_paper, ReceiptRequest(number), office.peter)
    assert paper.mode.startswith("From the guarantor")


def test_what_came_in_since_the_write_off_lowers_what_guarantors_bear(
    office: PracticeOffice, loan_id: int
) -> None:
    make_endings.agree(office, make_endings.ask_write_off(office, loan_id))
    new = NewRecovery(make.key(), loan_id, 60_000_00, Source.CASH, "", make.day(office))
    office.write(recoveries.take, new, office.grace)
    seen = facts(office, loan_id)
    assert (seen.outstanding_cents, seen.own_cents, seen.taken_cents) == (
        40_000_00,
        40_000_00,
        0,
    )
    # By the promises nothing is locked beyond what is left of the principal.
    pledges = office.read(_pledges_of, loan_id)
    assert [one.locks_cents for one in pledges] == [40_000_00, 40_000_00, 20_000_00]


def _pledges_of(work: Work, loan_id: int) -> tuple[Pledge, ...]:
    return guarantor_pledges.of_loan(work, loan_id)
