"""Paying a loan off, and repaying principal early: what is posted, and that taking it back restores everything."""

from datetime import date

import pytest

from sacco_desktop.domain.approvals import ApprovalKind, ApprovalStatus
from sacco_desktop.domain.errors import ChangedMeanwhile, InvalidInput, NotAllowed, WrongState
from sacco_desktop.domain.loan_entries import Source
from sacco_desktop.domain.loan_position import Position
from sacco_desktop.domain.prepayment import Keep
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.committee import decisions
from sacco_desktop.services.committee.decisions import ReversalRequest
from sacco_desktop.services.counter import receipts
from sacco_desktop.services.lending import (
    due_instalments,
    from_deposits,
    loan_standing,
    loans,
    payoffs,
    repayments,
)
from sacco_desktop.services.lending.due_instalments import Slice
from sacco_desktop.services.lending.from_deposits import DepositsWish
from sacco_desktop.services.lending.loan_standing import LoanStanding
from sacco_desktop.services.lending.payoffs import NewPayoff, PayoffFigure, PayoffQuestion
from sacco_desktop.services.lending.repayments import (
    NewRepayment,
    RepaymentQuestion,
    TakenRepayment,
)
from sacco_desktop.services.loan_figures import loan_book
from sacco_desktop.services.loan_figures.loan_positions import position_of
from sacco_desktop.services.membership import members
from tests import make, make_endings, make_guarantors, make_loans
from tests.make import PracticeOffice

# KES 100,000 at 1 % a month over twelve, rounded up to the shilling; paid out on 16 March.
INSTALMENT = 888_500
LOAN, PREPAID = "1110.L-0001", "2165.L-0001"


@pytest.fixture
def loan_id(office: PracticeOffice) -> int:
    return make_loans.active_loan(office).loan_id


def until(office: PracticeOffice, month: int, day: int) -> None:
    office.clock.advance(days=(date(2026, month, day) - make.day(office)).days)
    office.write(due_instalments.catch_up_slice, Slice(None))


def pay(office: PracticeOffice, loan_id: int, cents: int, early: Keep | None = None) -> str:
    new = NewRepayment(make.key(), loan_id, cents, Source.CASH, "", make.day(office), early)
    return office.write(repayments.take, new, office.grace).receipt


def figure(office: PracticeOffice, loan_id: int, on: date | None = None) -> PayoffFigure:
    question = PayoffQuestion(loan_id, on or make.day(office))
    return office.read(payoffs.look, question, office.grace)


def settle(office: PracticeOffice, loan_id: int, **changes: object) -> TakenRepayment:
    shown = figure(office, loan_id).settlement.to_bring_cents
    given = {
        "key": make.key(),
        "loan_id": loan_id,
        "shown_cents": shown,
        "source": Source.CASH,
        "reference": "",
        "value_date": make.day(office),
    } | changes
    return office.write(payoffs.settle, NewPayoff(**given), office.grace)  # type: ignore[arg-type]


def reverse(office: PracticeOffice, entry: int) -> None:
    request = office.write(
        decisions.ask_reversal, ReversalRequest(entry, "Wrong loan"), office.grace
    )
    make.decide(office, request, office.daniel)


def status(office: PracticeOffice, loan_id: int) -> str:
    return office.read(loans.row_of, loan_id).status


def left(office: PracticeOffice, loan_id: int) -> tuple[Position, LoanStanding | None]:
    def read(work: Work, which: int) -> tuple[Position, LoanStanding | None]:
        found = position_of(work, loans.load(work, which))
        return found, loan_standing.standing_of(work, loans.load(work, which))

    return office.read(read, loan_id)


def test_a_loan_is_paid_off_and_reversal_restores_it(office: PracticeOffice, loan_id: int) -> None:
    until(office, 4, 16)
    pay(office, loan_id, INSTALMENT)
    until(office, 5, 26)
    before = left(office, loan_id)
    shown = figure(office, loan_id)
    # May's instalment is late, and the month that has begun bears its whole interest.
    assert shown.settlement.due_cents == INSTALMENT
    principal = 9_211_500 - 796_385
    assert (shown.settlement.principal_cents, shown.settlement.interest_cents) == (
        principal,
        84_151,
    )
    assert shown.holds_until == date(2026, 6, 16)
    with pytest.raises(ChangedMeanwhile):
        settle(office, loan_id, shown_cents=1)
    taken = settle(office, loan_id, key="k-payoff")
    assert taken.amount_cents == INSTALMENT + principal + 84_151
    assert (status(office, loan_id), office.balance(LOAN)) == ("closed", 0)
    # What fell due was income before; the interest of the month that has begun is income now.
    assert office.balance("1120") == 0
    assert office.balance("4010") == 100_000 + 92_115 + 84_151
    paper = office.write(receipts.receipt_paper, receipts.ReceiptRequest(taken.receipt))
    assert (paper.balance_after_cents, paper.title) == (0, "Loan payoff receipt")
    with pytest.raises(WrongState):
        figure(office, loan_id)
    # On any day before it was late, from then on it owes nothing.
    assert [one.owed_cents for one in _book(office, date(2026, 5, 25))] == [9_211_500]
    assert _book(office, date(2026, 5, 26)) == ()
    reverse(office, taken.entry_number)
    assert status(office, loan_id) == "active"
    assert left(office, loan_id) == before
    assert office.balance("1120") == 92_115
    # And it can be paid off again.
    settle(office, loan_id)
    assert status(office, loan_id) == "closed"


def _book(office: PracticeOffice, on: date) -> tuple[loan_book.LoanOn, ...]:
    return office.read(loan_book.loans_on, on)


def test_what_was_prepaid_is_used_first_and_what_is_over_goes_to_the_deposits(
    office: PracticeOffice, loan_id: int
) -> None:
    until(office, 4, 16)
    pay(office, loan_id, INSTALMENT + 300_000)
    until(office, 4, 26)
    before = left(office, loan_id)
    taken = settle(office, loan_id)
    assert taken.amount_cents == 9_211_500 + 92_115 - 300_000
    assert (office.balance(PREPAID), status(office, loan_id)) == (0, "closed")
    use = next(
        row for row in office.read(repayments.history, loan_id) if row.receipt.startswith("PP")
    )
    with pytest.raises(WrongState, match="goes with it"):
        reverse(office, use.entry_number)
    reverse(office, taken.entry_number)
    assert left(office, loan_id) == before
    assert office.balance(PREPAID) == 300_000
    # With all of it prepaid there is nothing to bring, and the interest that is saved goes to the deposits.
    deposits = office.balance("2010.M-0001")
    pay(office, loan_id, 9_500_000)
    shown = figure(office, loan_id).settlement
    assert shown.to_bring_cents == 0
    assert shown.over_cents > 0
    settle(office, loan_id)
    assert status(office, loan_id) == "closed"
    assert office.balance("2010.M-0001") == deposits + 9_800_000 - 9_211_500 - 92_115


def test_a_payoff_is_dated_after_the_last_instalment_that_fell_due(
    office: PracticeOffice, loan_id: int
) -> None:
    until(office, 4, 20)
    with pytest.raises(InvalidInput) as refused:
        figure(office, loan_id, date(2026, 4, 10))
    assert refused.value.field == "value_date"
    # A day to come is answered, and money is not taken for it.
    assert figure(office, loan_id, date(2026, 5, 20)).settlement.due_cents == 2 * INSTALMENT
    with pytest.raises(InvalidInput, match="future"):
        settle(office, loan_id, value_date=date(2026, 4, 21))
    # A repayment on the same day makes it another sum.
    shown = figure(office, loan_id).settlement.to_bring_cents
    pay(office, loan_id, INSTALMENT)
    with pytest.raises(ChangedMeanwhile):
        settle(office, loan_id, shown_cents=shown)
    settle(office, loan_id, shown_cents=shown - INSTALMENT)
    assert status(office, loan_id) == "closed"


@pytest.mark.parametrize("keep", list(Keep))
def test_principal_repaid_early_makes_the_rest_smaller_or_shorter(
    office: PracticeOffice, loan_id: int, keep: Keep
) -> None:
    until(office, 4, 16)
    before = left(office, loan_id)
    cents = INSTALMENT + 3_000_000
    offer = office.read(repayments.offer, RepaymentQuestion(loan_id, cents, make.day(office), keep))
    assert offer.early is not None
    assert (offer.early.cents, offer.prepaid_cents) == (3_000_000, 0)
    receipt = pay(office, loan_id, cents, keep)
    assert office.balance(LOAN) == 9_211_500 - 3_000_000
    rows = office.read(loans.detail, loan_id).schedule
    assert rows == offer.early.rows
    assert sum(row.principal_cents for row in rows) == 10_000_000 - 3_000_000
    assert rows[1].interest_cents == 62_115
    assert (len(rows) < 12) == (keep is Keep.INSTALMENT)
    # Instalments fall due by the new rows; what was paid on them must go before the payment that made them.
    until(office, 5, 16)
    assert office.balance("1120") == 62_115
    second = pay(office, loan_id, rows[1].total_cents)
    entry = {row.receipt: row.entry_number for row in office.read(repayments.history, loan_id)}
    with pytest.raises(WrongState, match=second):
        reverse(office, entry[receipt])
    reverse(office, entry[second])
    reverse(office, entry[receipt])
    assert office.balance("1120") == 100_000 + 92_115
    assert left(office, loan_id)[0] == before[0]


def test_nothing_is_repaid_early_where_the_society_takes_no_more_than_is_due(
    office: PracticeOffice, loan_id: int
) -> None:
    make_loans.set_rule(office, "loan.overpayment", "refuse")
    until(office, 4, 16)
    with pytest.raises(InvalidInput, match="no more than that"):
        pay(office, loan_id, INSTALMENT + 100, Keep.TERM)
    make_loans.set_rule(office, "loan.overpayment", "hold")
    pay(office, loan_id, INSTALMENT, Keep.TERM)
    # More than is left to repay early is a payoff.
    with pytest.raises(InvalidInput) as refused:
        pay(office, loan_id, 9_211_500, Keep.TERM)
    assert refused.value.field == "prepay"


def _from_deposits(office: PracticeOffice, loan_id: int, reason: str = "Letter of today.") -> int:
    wish = DepositsWish(loan_id, office.read(loans.row_of, loan_id).version, reason)
    office.write(from_deposits.ask, wish, office.peter)
    return make.waiting_request(office, ApprovalKind.LOAN_FROM_DEPOSITS, loan_id)


def test_the_members_own_deposits_pay_a_loan_off_where_the_rule_and_two_people_let_them(
    office: PracticeOffice, loan_id: int
) -> None:
    borrower = office.read(loans.row_of, loan_id).member_number
    own = f"2010.{borrower}"
    (member,) = office.read(members.find, borrower)
    make.deposit(office, member, 30_000)
    # A promise for another member's loan keeps so much of the deposits here.
    make_guarantors.agreed(office, make_loans.active_loan(office).loan_id, member, 30_000)
    until(office, 5, 1)
    with pytest.raises(WrongState, match="Deposits do not pay loans here"):
        _from_deposits(office, loan_id)
    make.setting(office, "loan.from_deposits", "yes")
    cents = figure(office, loan_id).settlement.to_bring_cents
    with pytest.raises(WrongState, match=r"come to KES 130,000\.00, of which 30,000\.00 must stay"):
        _from_deposits(office, loan_id)
    make.deposit(office, member, 20_000)
    with pytest.raises(InvalidInput, match="how the member asked"):
        _from_deposits(office, loan_id, " ")
    stale = _from_deposits(office, loan_id)
    pay(office, loan_id, 100)
    assert make.decide(office, stale, office.lucy).status is ApprovalStatus.VOID
    asked, held = _from_deposits(office, loan_id), office.balance(own)
    with pytest.raises(NotAllowed):
        make.decide(office, asked, office.peter)
    assert office.balance(own) == held
    assert "deposits have paid" in make.decide(office, asked, office.lucy).words
    assert office.balance(own) == held - (cents - 100)
    assert office.balance(LOAN) == 0
    assert office.read(loans.row_of, loan_id).status == "closed"
    (receipt, entry), *_rest = office.sql(
        "SELECT receipt, entry_number FROM repayment WHERE source = 'deposits'"
    )
    paper = office.write(receipts.receipt_paper, receipts.ReceiptRequest(receipt), office.peter)
    assert paper.mode == "From the deposits"
    reverse(office, entry)
    assert office.balance(own) == held
    assert office.read(loans.row_of, loan_id).status == "active"


def test_the_deposits_pay_what_is_owed_of_a_loan_written_off(
    office: PracticeOffice, loan_id: int
) -> None:
    make.setting(office, "loan.from_deposits", "yes")
    until(office, 4, 10)
    make_endings.agree(office, make_endings.ask_write_off(office, loan_id))
    make.decide(office, _from_deposits(office, loan_id), office.lucy)
    assert office.read(loans.row_of, loan_id).status == "closed"
    assert office.balance("4200") == 100_000_00
    assert office.balance(f"2010.{office.read(loans.row_of, loan_id).member_number}") == 0
