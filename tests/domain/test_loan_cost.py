"""What a loan costs: interest and fees, and nothing that stays the member's own."""

from datetime import date

from sacco_desktop.domain.fees import Deduction
from sacco_desktop.domain.loan_cost import INTEREST_IN_ADVANCE, LoanCost, cost_of
from sacco_desktop.domain.schedule import Instalment

ROWS = (
    Instalment(1, date(2026, 1, 31), 50_000, 1_000, 50_000, 200),
    Instalment(2, date(2026, 2, 28), 50_000, 500, 0, 200),
)


def test_interest_fees_and_what_is_repaid() -> None:
    taken = (
        Deduction("Processing fee", 1_000, "4020"),
        Deduction("Excise duty on Processing fee", 200, "2140"),
        Deduction(INTEREST_IN_ADVANCE, 300, "4010"),
    )
    cost = cost_of(ROWS, taken)
    assert cost == LoanCost(1_800, 1_200, 400, 101_900)
    assert cost.fees_cents == 1_600


def test_what_stays_the_members_own_or_clears_a_loan_is_no_cost() -> None:
    taken = (
        Deduction("Share capital that is missing", 2_000, "3010"),
        Deduction("Share capital that is missing", 2_000, "3010.M-0001"),
        Deduction("Old loan cleared", 18_250, "1110.L-0100"),
    )
    assert cost_of(ROWS, taken) == cost_of(ROWS, ())
