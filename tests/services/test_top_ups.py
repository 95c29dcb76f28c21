"""A new loan clears an older one: the figures at each step, the payout, and what becomes of it otherwise."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from sacco_desktop.domain.approvals import ApprovalKind
from sacco_desktop.domain.errors import InvalidInput, SaccoError, WrongState
from sacco_desktop.domain.fees import (
    Deduction,
    Fee,
    FeeBasis,
    FeeTiming,
    fee_lines,
    net_disbursement,
)
from sacco_desktop.domain.loan_entries import Source
from sacco_desktop.domain.payout_ways import Way
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.committee import decisions, smaller_sums
from sacco_desktop.services.committee.decisions import ReversalRequest
from sacco_desktop.services.committee.smaller_sums import LessVerdict
from sacco_desktop.services.lending import (
    due_instalments,
    eligibility,
    loans,
    payoffs,
    repayments,
    top_ups,
)
from sacco_desktop.services.lending.due_instalments import Slice
from sacco_desktop.services.lending.loans import Appraisal, LoanRow, NewApplication
from sacco_desktop.services.lending.repayments import NewRepayment, RepaymentQuestion
from sacco_desktop.services.lending.top_ups import TopUpAnew
from sacco_desktop.services.payouts import payouts, returned_payments
from sacco_desktop.services.payouts.payouts import NewPayout, PayoutChange, PayoutRow
from sacco_desktop.services.payouts.returned_payments import ReturnedPayment
from sacco_desktop.services.sending.payout_sending import Route
from tests import make, make_loans, make_payments
from tests.make import PracticeOffice

# KES 100,000 at 1 % a month over twelve, rounded up to the shilling; paid out on 16 March.
INSTALMENT = 888_500
OLD, PREPAID = "1110.L-0001", "2165.L-0001"


@pytest.fixture
def old_id(office: PracticeOffice) -> int:
    """A loan of which one instalment is paid, where one is enough, on the day it fell due."""
    row = make_loans.active_loan(office)
    make_loans.set_rule(office, "top_up.least_instalments", "1")
    make_loans.set_rule(office, "evidence.pay_again_cents", "25000000")
    office.clock.advance(days=(date(2026, 4, 16) - make.day(office)).days)
    office.write(due_instalments.catch_up_slice, Slice(None))
    pay(office, row.loan_id, INSTALMENT)
    return row.loan_id


def pay(office: PracticeOffice, loan_id: int, cents: int) -> None:
    new = NewRepayment(make.key(), loan_id, cents, Source.CASH, "", make.day(office))
    office.write(repayments.take, new, office.grace)


def applied(office: PracticeOffice, old_id: int, kes: int = 150_000) -> LoanRow:
    member_id = office.read(loans.row_of, old_id).member_id
    new = NewApplication(
        make.key(), member_id, "development", kes * 100, 12, "A second cow", old_id
    )
    return office.write(loans.apply, new, office.peter)


def appraised(office: PracticeOffice, row: LoanRow) -> LoanRow:
    return office.write(loans.appraise, Appraisal(row.loan_id, row.version, "Good."), office.peter)


def approved(office: PracticeOffice, row: LoanRow) -> LoanRow:
    row = appraised(office, row)
    request = make.waiting_request(office, ApprovalKind.LOAN, row.loan_id)
    make.decide(office, request, office.daniel)
    return office.read(loans.row_of, row.loan_id)


def asked(office: PracticeOffice, row: LoanRow) -> PayoutRow:
    return office.write(payouts.request, NewPayout(make.key(), row.loan_id), office.grace)


def paid_out(office: PracticeOffice, payout: PayoutRow, via: Route) -> None:
    make.approve_payout(office, payout, office.daniel)
    order = make.accepted(office, make.payout_now(office, payout), via)
    make.arrive(office, via.relay_id, (order.tag, make.paid_news(order)))


def route(office: PracticeOffice) -> Route:
    return make.route(office, office.sql("SELECT min(id) FROM relay")[0][0])


def deducted(office: PracticeOffice, loan_id: int) -> dict[str, int]:
    found = office.read(loans.detail, loan_id)
    return {line.name: line.amount_cents for line in found.deductions}


def status(office: PracticeOffice, loan_id: int) -> str:
    return office.read(loans.row_of, loan_id).status


def test_a_top_up_clears_the_old_loan_and_pays_the_rest_out(
    office: PracticeOffice, old_id: int
) -> None:
    via = route(office)
    make.float_of(office, 300_000)
    row = applied(office, old_id)
    # The whole interest of the next fortnight's period is set aside, and given back as far as it is not needed.
    sum_cents = 9_211_500 + 92_115
    assert deducted(office, row.loan_id)["Clears L-0001"] == sum_cents
    assert row.net_cents == 15_000_000 - sum(deducted(office, row.loan_id).values())
    checks = office.read(loan_checks, row.loan_id)
    assert checks["top_up"].startswith("Of L-0001 1 instalments are paid, of 1")
    with pytest.raises(InvalidInput, match="L-0002 is to clear L-0001 already"):
        applied(office, old_id)
    payout = asked(office, approved(office, row))
    assert status(office, old_id) == "active"
    deposits = office.balance("2010.M-0001")
    paid_out(office, payout, via)
    assert (status(office, old_id), status(office, row.loan_id)) == ("closed", "active")
    assert office.balance(OLD) == office.balance(PREPAID) == office.balance("1120") == 0
    assert office.balance("1110.L-0002") == 15_000_000
    # On the day an instalment fell due there is no interest of the next period yet.
    assert office.balance("2010.M-0001") - deposits == 92_115 + row.net_cents % 100
    entry = office.sql("SELECT entry_number FROM loan_top_up")[0][0]
    with pytest.raises(WrongState, match="L-0002 cleared this loan"):
        office.write(decisions.ask_reversal, ReversalRequest(entry, "Wrong"), office.grace)


def loan_checks(work: Work, loan_id: int) -> dict[str, str]:
    return {one.rule: one.words for one in eligibility.checks_of(work, loans.load(work, loan_id))}


def test_less_than_was_asked_for_still_clears_the_old_loan(
    office: PracticeOffice, old_id: int
) -> None:
    via = route(office)
    make.float_of(office, 300_000)
    row = appraised(office, applied(office, old_id))
    request = make.waiting_request(office, ApprovalKind.LOAN, row.loan_id)
    (shown,) = office.sql("SELECT fingerprint FROM approval_request WHERE id = ?", request)[0]
    before = deducted(office, row.loan_id)
    # Less than the old loan and the fees come to would leave nothing to clear it with.
    less = LessVerdict(request, shown, 92_000_00, 12, "The shop earns too little.")
    with pytest.raises(InvalidInput, match="more than the loan"):
        office.write(smaller_sums.approve_less, less, office.daniel)
    assert deducted(office, row.loan_id) == before
    office.write(smaller_sums.approve_less, replace(less, cents=100_000_00), office.daniel)
    after = deducted(office, row.loan_id)
    # What clears the old loan, and the fee on that, stay; fees of the new loan are of the smaller sum.
    fixed = {name for name in before if "L-0001" in name or "op-up" in name}
    assert fixed
    assert {name: after[name] for name in fixed} == {name: before[name] for name in fixed}
    assert all(after[name] * 3 == before[name] * 2 for name in before if name not in fixed)
    payout = asked(office, office.read(loans.row_of, row.loan_id))
    assert payout.net_cents == 100_000_00 - sum(after.values())
    paid_out(office, payout, via)
    assert (status(office, old_id), office.balance(OLD)) == ("closed", 0)


def test_a_payout_that_is_taken_back_or_runs_out_leaves_the_old_loan_as_it_was(
    office: PracticeOffice, old_id: int
) -> None:
    row = approved(office, applied(office, old_id))
    payout = asked(office, row)
    before = office.count("journal_entry")
    office.write(
        payouts.take_back, PayoutChange(payout.payout_id, payout.version, "Later"), office.grace
    )
    assert office.count("journal_entry") == before
    assert (status(office, old_id), status(office, row.loan_id)) == ("active", "approved")
    # After the fortnight the sum holds no more: it is reckoned anew at another appraisal.
    office.clock.advance(days=31)
    row = office.read(loans.row_of, row.loan_id)
    with pytest.raises(WrongState, match="agreed until 30 Apr 2026"):
        asked(office, row)
    pay(office, old_id, INSTALMENT)
    said = office.write(top_ups.reckon_again, TopUpAnew(row.loan_id, row.version), office.peter)
    assert "appraised again" in said
    row = approved(office, office.read(loans.row_of, row.loan_id))
    assert deducted(office, row.loan_id)["Clears L-0001"] == 9_211_500 - 796_385 + 84_151
    asked(office, row)


def test_a_loan_that_was_paid_meanwhile_gives_what_was_set_aside_to_the_deposits(
    office: PracticeOffice, old_id: int
) -> None:
    via = route(office)
    make.float_of(office, 300_000)
    row = approved(office, applied(office, old_id))
    payout = asked(office, row)
    make.approve_payout(office, payout, office.daniel)
    order = make.accepted(office, make.payout_now(office, payout), via)
    # The payment is on its way when the member pays the old loan off at the counter.
    shown = office.read(payoffs.look, payoffs.PayoffQuestion(old_id, make.day(office)))
    new = payoffs.NewPayoff(
        make.key(), old_id, shown.settlement.to_bring_cents, Source.CASH, "", make.day(office)
    )
    office.write(payoffs.settle, new, office.grace)
    deposits = office.balance("2010.M-0001")
    make.arrive(office, via.relay_id, (order.tag, make.paid_news(order)))
    assert office.balance("2010.M-0001") - deposits == 9_211_500 + 92_115 + row.net_cents % 100
    assert office.balance(PREPAID) == 0


def test_a_sum_that_no_longer_suffices_when_the_result_comes_late_pays_what_it_can(
    office: PracticeOffice, old_id: int
) -> None:
    via = route(office)
    make.float_of(office, 300_000)
    row = approved(office, applied(office, old_id))
    payout = asked(office, row)
    make.approve_payout(office, payout, office.daniel)
    order = make.accepted(office, make.payout_now(office, payout), via)
    agreed = deducted(office, row.loan_id)["Clears L-0001"]
    # M-Pesa paid at once, and its word comes three instalments later.
    office.clock.advance(days=(date(2026, 7, 20) - make.day(office)).days)
    office.write(due_instalments.catch_up_slice, Slice(None))
    today = payoffs.PayoffQuestion(old_id, make.day(office))
    needed = office.read(payoffs.look, today).settlement.to_bring_cents
    assert needed > agreed
    deposits = office.balance("2010.M-0001")
    make.arrive(office, via.relay_id, (order.tag, make.paid_news(order)))
    # Nothing is lost: the instalments that fell due are paid, the rest is kept, and what is missing stays owed.
    assert (status(office, old_id), status(office, row.loan_id)) == ("active", "active")
    assert office.balance("2010.M-0001") - deposits == row.net_cents % 100
    assert office.balance("1120") == 0
    after = office.read(payoffs.look, today).settlement
    assert after.to_bring_cents == needed - agreed
    assert office.sql("SELECT entry_number FROM loan_top_up") == [(None,)]
    # The member brings the rest, and all of it is settled; the payout that came so late is not undone by it.
    new = payoffs.NewPayoff(
        make.key(), old_id, after.to_bring_cents, Source.CASH, "", make.day(office)
    )
    office.write(payoffs.settle, new, office.grace)
    assert status(office, old_id) == "closed"
    assert [office.balance(code) for code in (OLD, PREPAID, "1120")] == [0, 0, 0]


def test_the_rules_of_a_top_up_are_judged_with_figures(office: PracticeOffice, old_id: int) -> None:
    make_loans.set_rule(office, "top_up.least_instalments", "6")
    row = applied(office, old_id)
    with pytest.raises(SaccoError, match="1 instalments are paid, of 6"):
        appraised(office, row)
    other = make.member(office, deposits_kes=100_000, national_id="33445566", phone="0722000009")
    stranger = NewApplication(
        make.key(), other.member_id, "development", 5_000_000, 12, "A cow", old_id
    )
    with pytest.raises(InvalidInput, match="same member"):
        office.write(loans.apply, stranger, office.peter)


def test_a_payment_that_comes_back_lets_the_old_loan_be_owed_again(
    office: PracticeOffice, old_id: int
) -> None:
    make_payments.bank_of(office, 300_000)
    before = office.read(repayments.offer, question(office, old_id))
    row = approved(office, applied(office, old_id))
    cheque = NewPayout(make.key(), row.loan_id, Way.CHEQUE)
    payout = office.write(payouts.request, cheque, office.grace)
    payout = make_payments.handed_over(office, payout, "000123")
    assert (status(office, old_id), status(office, row.loan_id)) == ("closed", "active")
    back = ReturnedPayment(payout.payout_id, payout.version, "RTN 1", make.day(office), "No funds.")
    request = office.write(returned_payments.ask, back, office.grace)
    make.decide(office, request, office.daniel)
    assert (status(office, old_id), status(office, row.loan_id)) == (
        "active",
        "disbursement_pending",
    )
    assert office.read(repayments.offer, question(office, old_id)) == before
    assert office.balance(OLD) == 9_211_500
    assert office.balance(PREPAID) == office.balance("1110.L-0002") == 0


def question(office: PracticeOffice, loan_id: int) -> RepaymentQuestion:
    return RepaymentQuestion(loan_id, 100, make.day(office))


def test_g19_the_fee_on_what_is_cleared() -> None:
    fee = Fee(
        "top_up",
        "Top-up fee",
        Decimal(2),
        None,
        None,
        None,
        "4025",
        basis=FeeBasis.CLEARED_PRINCIPAL,
    )
    taken = (
        *fee_lines((fee,), FeeTiming.UPFRONT_DEDUCTED, 15_000_000, 5_149_209),
        Deduction("Clears L-0001", 5_149_209, PREPAID),
    )
    assert net_disbursement(15_000_000, taken) == 9_747_807
