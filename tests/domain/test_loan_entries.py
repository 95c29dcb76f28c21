"""The entries of a running loan, to the accounts that an auditor expects."""

from datetime import date

import pytest

from sacco_desktop.domain import loan_entries
from sacco_desktop.domain.ledger import JournalEntry
from sacco_desktop.domain.loan_entries import (
    FeeShare,
    LoanAccounts,
    Repaid,
    Source,
    WrittenOff,
)

DAY = date(2026, 7, 31)
LOAN = LoanAccounts("L-0412", "M-0001", "1110")
G15 = Repaid(
    LOAN,
    Source.PAYBILL,
    "TGH4X1K2LM",
    DAY,
    principal_cents=963_461,
    interest_cents=192_115,
    penalty_cents=44_424,
)


def amounts(entry: JournalEntry) -> list[tuple[str, int, int]]:
    return [(line.account_code, line.debit_cents, line.credit_cents) for line in entry.postings]


def test_g15_on_the_cash_basis() -> None:
    assert amounts(loan_entries.repayment(G15)) == [
        ("1030", 1_200_000, 0),
        ("4030", 0, 44_424),
        ("4010", 0, 192_115),
        ("1110.L-0412", 0, 963_461),
    ]


def test_g15_on_the_accrual_basis() -> None:
    booked = Repaid(
        LOAN,
        Source.PAYBILL,
        "TGH4X1K2LM",
        DAY,
        principal_cents=963_461,
        interest_cents=192_115,
        penalty_cents=44_424,
        booked_interest_cents=192_115,
        booked_penalty_cents=44_424,
    )
    assert amounts(loan_entries.repayment(booked)) == [
        ("1030", 1_200_000, 0),
        ("1130", 0, 44_424),
        ("1120", 0, 192_115),
        ("1110.L-0412", 0, 963_461),
    ]


@pytest.mark.parametrize(
    ("source", "account"),
    [
        (Source.CASH, "1010"),
        (Source.BANK, "1020"),
        (Source.CHECK_OFF, "1040"),
        (Source.UNALLOCATED, "2150"),
        (Source.DEPOSITS, "2010.M-0001"),
    ],
)
def test_where_the_money_comes_from(source: Source, account: str) -> None:
    paid = Repaid(LOAN, source, "RC-2026-0001", DAY, 100, 0)
    assert amounts(loan_entries.repayment(paid))[0] == (account, 100, 0)


def test_fees_and_what_is_over_reach_their_own_accounts() -> None:
    paid = Repaid(
        LOAN,
        Source.CASH,
        "RC-2026-0001",
        DAY,
        principal_cents=500,
        interest_cents=100,
        fees=(FeeShare("Loan insurance", "2160", 20),),
        prepaid_cents=30,
        deposits_cents=7,
    )
    assert amounts(loan_entries.repayment(paid)) == [
        ("1010", 657, 0),
        ("4010", 0, 100),
        ("2160", 0, 20),
        ("1110.L-0412", 0, 500),
        ("2165.L-0412", 0, 30),
        ("2010.M-0001", 0, 7),
    ]


def test_what_was_prepaid_pays_an_instalment() -> None:
    used = Repaid(LOAN, Source.CASH, "PP-2026-0001", DAY, 500, 100, booked_interest_cents=100)
    assert amounts(loan_entries.prepayment_used(used)) == [
        ("2165.L-0412", 600, 0),
        ("1120", 0, 100),
        ("1110.L-0412", 0, 500),
    ]


def test_only_the_movement_of_the_allowance_is_posted() -> None:
    up = loan_entries.provision_moved(47_000_000, 39_550_000, "2026-07", DAY)
    assert up is not None
    assert amounts(up) == [("5410", 7_450_000, 0), ("1190", 0, 7_450_000)]
    down = loan_entries.provision_moved(100, 300, "2026-07", DAY)
    assert down is not None
    assert amounts(down) == [("1190", 200, 0), ("5410", 0, 200)]
    assert loan_entries.provision_moved(100, 100, "2026-07", DAY) is None


def test_a_loan_is_written_off_through_the_allowance_and_then_as_expense() -> None:
    loss = WrittenOff(LOAN, 4_500_000, 1_000, 200, "Board minute 7", DAY)
    assert amounts(loan_entries.written_off(loss, 4_500_000)) == [
        ("1190", 4_500_000, 0),
        ("1110.L-0412", 0, 4_500_000),
        ("4010", 1_000, 0),
        ("1120", 0, 1_000),
        ("4030", 200, 0),
        ("1130", 0, 200),
    ]
    short = loan_entries.written_off(loss, 3_000_000)
    assert amounts(short)[:2] == [("1190", 3_000_000, 0), ("5410", 1_500_000, 0)]
    none = loan_entries.written_off(loss, -5)
    assert amounts(none)[0] == ("5410", 4_500_000, 0)


def test_what_comes_back_of_a_loss_is_income() -> None:
    entry = loan_entries.recovered(LOAN, Source.PAYBILL, 600_000, "TGH4X1K2LM", DAY)
    assert amounts(entry) == [("1030", 600_000, 0), ("4200", 0, 600_000)]
