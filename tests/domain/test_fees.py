"""Fees, excise and the net that is paid out."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.fees import (
    Deduction,
    Fee,
    FeeBasis,
    FeeTiming,
    fee_lines,
    net_disbursement,
)

PROCESSING = Fee(
    code="processing",
    name="Processing fee",
    percent=Decimal(1),
    amount_cents=None,
    floor_cents=None,
    cap_cents=None,
    account_code="4020",
    excise_percent=Decimal(20),
)
INSURANCE = replace(
    PROCESSING,
    code="insurance",
    name="Loan insurance",
    percent=Decimal("0.5"),
    account_code="2160",
    excise_percent=Decimal(0),
)
APPROVED = 10_000_000
TOP_UP = replace(
    PROCESSING,
    code="top_up",
    name="Top-up fee",
    percent=Decimal(5),
    account_code="4025",
    excise_percent=Decimal(0),
    basis=FeeBasis.CLEARED_PRINCIPAL,
)
OLD_PRINCIPAL = 1_825_000
# What stands beside the fees of the product in golden case G-14.
CLEARED = (
    Deduction("Old loan cleared", OLD_PRINCIPAL, "1110.L-0100"),
    Deduction("Interest on the old loan", 18_250, "4010"),
    Deduction("Share capital shortfall", 200_000, "3010.M-0001"),
)


def deducted(fees: list[Fee], approved_cents: int) -> tuple[Deduction, ...]:
    return fee_lines(fees, FeeTiming.UPFRONT_DEDUCTED, approved_cents)


def test_g14_deductions_and_net() -> None:
    fees = [PROCESSING, INSURANCE, TOP_UP]
    taken = fee_lines(fees, FeeTiming.UPFRONT_DEDUCTED, APPROVED, OLD_PRINCIPAL)
    assert taken == (
        Deduction("Processing fee", 100_000, "4020"),
        Deduction("Excise duty on Processing fee", 20_000, "2140"),
        Deduction("Loan insurance", 50_000, "2160"),
        Deduction("Top-up fee", 91_250, "4025"),
    )
    assert net_disbursement(APPROVED, taken + CLEARED) == 7_695_500


def test_a_fee_on_the_old_loan_is_nothing_where_no_loan_is_cleared() -> None:
    assert deducted([replace(TOP_UP, floor_cents=50_000)], APPROVED) == ()
    flat = replace(TOP_UP, percent=None, amount_cents=50_000)
    assert fee_lines([flat], FeeTiming.UPFRONT_DEDUCTED, APPROVED, 1) == (
        Deduction("Top-up fee", 50_000, "4025"),
    )


def test_each_fee_stands_only_where_it_is_paid() -> None:
    lent = replace(PROCESSING, timing=FeeTiming.ADDED_TO_LOAN)
    monthly = replace(INSURANCE, timing=FeeTiming.PER_INSTALMENT)
    fees = [lent, monthly]
    assert fee_lines(fees, FeeTiming.UPFRONT_DEDUCTED, APPROVED) == ()
    assert [line.amount_cents for line in fee_lines(fees, FeeTiming.ADDED_TO_LOAN, APPROVED)] == [
        100_000,
        20_000,
    ]
    assert [line.amount_cents for line in fee_lines(fees, FeeTiming.PER_INSTALMENT, APPROVED)] == [
        50_000
    ]


def test_excise_is_off_unless_the_society_turns_it_on() -> None:
    without = replace(PROCESSING, excise_percent=Decimal(0))
    assert [line.account_code for line in deducted([without], APPROVED)] == ["4020"]


@pytest.mark.parametrize(
    ("approved", "fee"),
    [(1_000_000, 50_000), (5_000_000, 50_000), (5_000_100, 50_001), (200_000_000, 1_000_000)],
)
def test_floor_and_cap(approved: int, fee: int) -> None:
    bounded = replace(PROCESSING, floor_cents=50_000, cap_cents=1_000_000)
    assert deducted([bounded], approved)[0].amount_cents == fee


def test_excise_is_reckoned_on_the_fee_after_its_floor() -> None:
    bounded = replace(PROCESSING, floor_cents=50_000)
    assert [line.amount_cents for line in deducted([bounded], 1_000_000)] == [50_000, 10_000]


def test_a_fixed_fee_and_half_cents() -> None:
    fixed = replace(PROCESSING, percent=None, amount_cents=20_003)
    assert [line.amount_cents for line in deducted([fixed], APPROVED)] == [20_003, 4_001]
    half = replace(PROCESSING, percent=Decimal("0.5"), excise_percent=Decimal(0))
    assert deducted([half], 100)[0].amount_cents == 1


def test_fees_of_nothing_leave_no_line() -> None:
    assert deducted([replace(PROCESSING, percent=Decimal(0))], APPROVED) == ()


def test_nothing_is_paid_out_when_the_deductions_exceed_the_loan() -> None:
    with pytest.raises(
        InvalidInput, match=r"KES 100\.01 are more than the loan of KES 100\.00"
    ) as no:
        net_disbursement(10_000, [Deduction("Old loan cleared", 10_001, "1110.L-0100")])
    assert no.value.field == "amount"


def test_a_loan_that_only_clears_another_pays_out_nothing() -> None:
    assert net_disbursement(10_000, [Deduction("Old loan cleared", 10_000, "1110.L-0100")]) == 0


def test_a_negative_deduction_is_a_bug_because_it_would_pay_out_more_than_the_loan() -> None:
    with pytest.raises(ValueError, match="never negative"):
        net_disbursement(10_000, [Deduction("Gift", -1, "4900")])


@pytest.mark.parametrize(
    "change",
    [
        {"amount_cents": 100},
        {"percent": None},
        {"percent": Decimal(-1)},
        {"floor_cents": -1},
        {"excise_percent": Decimal(-20)},
        {"floor_cents": 200, "cap_cents": 100},
    ],
)
def test_refuses_a_fee_without_a_meaning(change: dict[str, object]) -> None:
    with pytest.raises(InvalidInput, match="Processing fee"):
        replace(PROCESSING, **change)  # type: ignore[arg-type]


@given(st.integers(1, 10**11), st.decimals(0, 30, places=3), st.decimals(0, 30, places=2))
def test_net_and_deductions_make_up_the_loan(
    approved: int, percent: Decimal, excise: Decimal
) -> None:
    taken = deducted([replace(PROCESSING, percent=percent, excise_percent=excise)], approved)
    assert net_disbursement(approved, taken) + sum(line.amount_cents for line in taken) == approved
