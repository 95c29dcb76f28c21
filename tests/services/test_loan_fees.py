"""Fees that a member brings beside a loan: with a receipt, before the payout, and given back while nothing has left."""

import pytest

from sacco_desktop.domain.errors import SaccoError, WrongState
from sacco_desktop.services.books import ledger
from sacco_desktop.services.committee import decisions
from sacco_desktop.services.committee.decisions import ReversalRequest
from sacco_desktop.services.counter import receipts
from sacco_desktop.services.counter.receipts import ReceiptRequest
from sacco_desktop.services.lending import loan_fees, loan_papers, loans
from sacco_desktop.services.lending.loan_fees import NewLoanFees, TakenLoanFees
from sacco_desktop.services.lending.loan_papers import Tick, Ticks
from sacco_desktop.services.lending.loans import Appraisal, LoanRow
from sacco_desktop.services.loan_figures import loan_offers
from sacco_desktop.services.loan_figures.loan_offers import LoanQuestion
from sacco_desktop.services.payouts import loan_payouts, loan_steps, payouts
from sacco_desktop.services.payouts.payouts import NewPayout
from tests import make
from tests.make import PracticeOffice

FEE = 1_500_00


def applied(office: PracticeOffice) -> LoanRow:
    of = make.member(office, deposits_kes=100_000)
    row = office.write(loans.apply, make.application(of, product_code="vehicle"), office.peter)
    ticks = tuple(Tick(code, is_there=True) for code in ("signed_form", "quotation"))
    office.write(loan_papers.tick, Ticks(row.loan_id, ticks), office.peter)
    return row


def appraised(office: PracticeOffice, row: LoanRow) -> None:
    office.write(loans.appraise, Appraisal(row.loan_id, row.version, "Good."), office.peter)


def taken(office: PracticeOffice, row: LoanRow, slip: str = "") -> TakenLoanFees:
    new = NewLoanFees(make.key(), row.loan_id, slip, make.day(office))
    return office.write(loan_fees.take, new, office.peter)


def given_back(office: PracticeOffice, entry: int) -> None:
    request = office.write(
        decisions.ask_reversal, ReversalRequest(entry, "The loan is not wanted"), office.grace
    )
    make.decide(office, request, office.daniel)


def test_the_payout_waits_for_the_fees_and_says_so(office: PracticeOffice) -> None:
    question = LoanQuestion("vehicle", 100_000_00, 12, make.day(office))
    offer = office.read(loan_offers.offer, question, office.peter)
    assert (offer.net_cents, offer.cost.fees_cents) == (99_000_00, 1_000_00 + FEE)
    row = applied(office)
    appraised(office, row)
    [shown] = office.read(decisions.list_waiting, None, office.daniel)
    assert shown.content["separate_fees"] == [["Valuation fee", FEE, "4020"]]
    make.decide(office, shown.request_id, office.daniel)
    sheet = office.read(loan_steps.sheet, row.loan_id, office.peter)
    assert sheet.next_step is not None
    assert sheet.next_step.words == "take the fees that are paid beside it"
    broken = office.read(loan_payouts.preview, row.loan_id, office.grace).broken
    assert [one.rule for one in broken] == ["separate_fees"]
    with pytest.raises(WrongState, match=r"KES 1,500\.00 is not brought yet"):
        office.write(payouts.request, NewPayout(make.key(), row.loan_id), office.grace)

    new = NewLoanFees(make.key(), row.loan_id, "SL-9", make.day(office))
    first = office.write(loan_fees.take, new, office.peter)
    assert office.write(loan_fees.take, new, office.peter) == first
    entry = office.read(ledger.read_entry, first.entry_number)
    assert [
        (line.account_code, line.debit_cents, line.credit_cents) for line in entry.postings
    ] == [
        ("1020", FEE, 0),
        ("4020", 0, FEE),
    ]
    paper = office.write(receipts.receipt_paper, ReceiptRequest(first.receipt), office.peter)
    assert (paper.title, paper.mode) == ("Loan fee receipt", "Bank slip SL-9")
    assert paper.shares == (("Valuation fee", FEE),)
    with pytest.raises(WrongState, match="were taken already, by RC-"):
        taken(office, row)

    # As long as nothing was asked for, the fees can be given back, and the payout waits again.
    given_back(office, first.entry_number)
    assert office.balance("4020") == 0
    with pytest.raises(WrongState, match="is not brought yet"):
        office.write(payouts.request, NewPayout(make.key(), row.loan_id), office.grace)
    again = taken(office, row)
    payout = office.write(payouts.request, NewPayout(make.key(), row.loan_id), office.grace)
    assert payout.net_cents == 99_000_00
    with pytest.raises(WrongState, match="so its fees are not given back"):
        given_back(office, again.entry_number)


def test_a_society_may_want_them_before_the_appraisal(office: PracticeOffice) -> None:
    make.setting(office, loan_fees.SETTING, "appraisal")
    row = applied(office)
    with pytest.raises(SaccoError, match="Fees paid beside the loan: KES 1,500"):
        appraised(office, row)
    taken(office, row)
    appraised(office, row)
    plain = make.appraised_loan(office, make.member(office, deposits_kes=100_000))
    with pytest.raises(WrongState, match="has no fee that is paid beside it"):
        taken(office, plain)
