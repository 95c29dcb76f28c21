"""Each event makes one whole balanced entry, to the accounts that the society's auditor expects."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sacco_desktop.domain import posting_rules
from sacco_desktop.domain.errors import UnbalancedEntry
from sacco_desktop.domain.fees import Deduction, Fee, FeeTiming, fee_lines, net_disbursement
from sacco_desktop.domain.ledger import JournalEntry, assert_balanced, credit, debit
from sacco_desktop.domain.money import whole_shillings
from sacco_desktop.domain.posting_rules import LoanPaidOut

DAY = date(2026, 7, 3)
G14 = LoanPaidOut(
    loan_number="L-0412",
    member_number="M-0001",
    loan_control="1110",
    gross_cents=10_000_000,
    deductions=(
        Deduction("Processing fee", 100_000, "4020"),
        Deduction("Excise duty on Processing fee", 20_000, "2140"),
        Deduction("Loan insurance", 50_000, "2160"),
        Deduction("Old loan cleared", 1_825_000, "1110.L-0100"),
        Deduction("Interest on the old loan", 18_250, "4010"),
        Deduction("Top-up fee", 91_250, "4025"),
        Deduction("Share capital shortfall", 200_000, "3010"),
    ),
    paid_cents=7_695_500,
    leftover_cents=0,
    receipt="TGH4X1K2LM",
    on=DAY,
)


def amounts(entry: JournalEntry) -> list[tuple[str, int, int]]:
    return [(line.account_code, line.debit_cents, line.credit_cents) for line in entry.postings]


def test_g14_the_entry_of_a_loan_paid_out() -> None:
    entry = posting_rules.loan_disbursement(G14)
    assert amounts(entry) == [
        ("1110.L-0412", 10_000_000, 0),
        ("1031", 0, 7_695_500),
        ("4020", 0, 100_000),
        ("2140", 0, 20_000),
        ("2160", 0, 50_000),
        ("1110.L-0100", 0, 1_825_000),
        ("4010", 0, 18_250),
        ("4025", 0, 91_250),
        ("3010.M-0001", 0, 200_000),
    ]
    assert (entry.reference, entry.value_date, entry.kind) == (
        "TGH4X1K2LM",
        DAY,
        "loan_disbursement",
    )
    assert_balanced(entry)


def test_cents_that_m_pesa_cannot_pay_go_to_the_deposits() -> None:
    paid = replace(
        G14, gross_cents=1_000_050, deductions=(), paid_cents=1_000_000, leftover_cents=50
    )
    assert amounts(posting_rules.loan_disbursement(paid)) == [
        ("1110.L-0412", 1_000_050, 0),
        ("1031", 0, 1_000_000),
        ("2010.M-0001", 0, 50),
    ]


def test_a_net_below_the_least_payment_goes_to_the_deposits_whole() -> None:
    taken = (Deduction("Old loan cleared", 999_500, "1110.L-0100"),)
    paid = replace(G14, gross_cents=1_000_000, deductions=taken, paid_cents=0, leftover_cents=500)
    assert "1031" not in [
        line.account_code for line in posting_rules.loan_disbursement(paid).postings
    ]


def test_the_gross_is_never_taken_for_the_net() -> None:
    """An earlier system credited cash with the gross loan; such an entry cannot balance here."""
    with pytest.raises(UnbalancedEntry):
        posting_rules.loan_disbursement(replace(G14, paid_cents=10_000_000))


def test_m_pesa_pays_no_cents() -> None:
    with pytest.raises(ValueError, match="whole shillings"):
        posting_rules.loan_disbursement(replace(G14, paid_cents=7_695_450, leftover_cents=50))


def test_a_deduction_may_not_hide_which_loan_it_clears() -> None:
    bare = (Deduction("Old loan cleared", 2_304_500, "1110"),)
    with pytest.raises(ValueError, match="sub-account of that loan"):
        posting_rules.loan_disbursement(replace(G14, deductions=bare))


def test_a_deduction_of_nothing_is_no_line() -> None:
    nothing = (*G14.deductions, Deduction("Boosting fee", 0, "4025"))
    assert posting_rules.loan_disbursement(
        replace(G14, deductions=nothing)
    ) == posting_rules.loan_disbursement(G14)


def test_the_charge_of_a_payout() -> None:
    entry = posting_rules.b2c_charge(1_300, "PO-2026-0117", "TGH4X1K2LM", DAY)
    assert entry is not None
    assert entry.postings == (debit("5230", 1_300), credit("1032", 1_300))
    assert "PO-2026-0117" in entry.narration


def test_a_payout_without_a_charge_makes_no_entry() -> None:
    assert posting_rules.b2c_charge(0, "PO-2026-0117", "TGH4X1K2LM", DAY) is None


def test_cash_and_bank() -> None:
    deposit = posting_rules.cash_deposit("M-0001", 500_000, "RC-2026-0001", DAY)
    assert deposit.postings == (debit("1010", 500_000), credit("2010.M-0001", 500_000))
    top_up = posting_rules.float_top_up(9_000_000, "BANK-7", DAY)
    assert top_up.postings == (debit("1031", 9_000_000), credit("1020", 9_000_000))
    opening = posting_rules.opening_bank_balance(50_000_000, "OPEN-1", DAY)
    assert opening.postings == (debit("1020", 50_000_000), credit("3050", 50_000_000))


@pytest.mark.parametrize("cents", [0, -1])
def test_no_entry_of_nothing_or_less(cents: int) -> None:
    with pytest.raises(UnbalancedEntry):
        posting_rules.cash_deposit("M-0001", cents, "RC-2026-0001", DAY)
    with pytest.raises(UnbalancedEntry):
        posting_rules.float_top_up(cents, "BANK-7", DAY)


FEES = st.builds(
    Fee,
    code=st.just("fee"),
    name=st.just("Fee"),
    percent=st.decimals(0, 10, places=3),
    amount_cents=st.none(),
    floor_cents=st.none(),
    cap_cents=st.none() | st.integers(0, 10**6),
    account_code=st.sampled_from(["4020", "4025", "2160", "3010", "2010"]),
    excise_percent=st.sampled_from([Decimal(0), Decimal(20)]),
)


@given(st.integers(100, 10**10), st.lists(FEES, max_size=5))
def test_every_loan_with_any_fees_makes_a_balanced_entry(gross: int, fees: list[Fee]) -> None:
    taken = fee_lines(fees, FeeTiming.UPFRONT_DEDUCTED, gross)
    mpesa, left_over = whole_shillings(net_disbursement(gross, taken))
    paid = LoanPaidOut("L-1", "M-1", "1112", gross, taken, mpesa, left_over, "TGH4X1K2LM", DAY)
    entry = posting_rules.loan_disbursement(paid)
    assert_balanced(entry)
    out = sum(line.credit_cents for line in entry.postings if line.account_code == "1031")
    assert out == mpesa


@given(st.integers(1, 10**12))
def test_every_simple_event_balances(cents: int) -> None:
    for entry in (
        posting_rules.cash_deposit("M-0001", cents, "RC-2026-0001", DAY),
        posting_rules.float_top_up(cents, "BANK-7", DAY),
        posting_rules.opening_bank_balance(cents, "OPEN-1", DAY),
        posting_rules.b2c_charge(cents, "PO-2026-0117", "TGH4X1K2LM", DAY),
    ):
        assert entry is not None
        assert_balanced(entry)
        assert sum(line.debit_cents for line in entry.postings) == cents
