"""What a loan owes after some payments, and how the next one divides."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sacco_desktop.domain.allocation import AllocationRule, Component, Owed
from sacco_desktop.domain.loan_position import Division, Overpayment, divide, position
from sacco_desktop.domain.schedule import Instalment

JANUARY, FEBRUARY, MARCH = date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31)
SCHEDULE = (
    Instalment(1, JANUARY, 100, 30, 200, 5),
    Instalment(2, FEBRUARY, 100, 20, 100, 5),
    Instalment(3, MARCH, 100, 10, 0, 5),
)
INTEREST, PRINCIPAL = Component.INTEREST, Component.PRINCIPAL


def test_what_is_left_of_each_instalment() -> None:
    found = position(SCHEDULE, [Owed(1, INTEREST, 30), Owed(1, PRINCIPAL, 60)])
    assert [line.total_cents for line in found.left] == [45, 125, 115]
    assert (found.principal_cents, found.unpaid_since) == (240, JANUARY)
    assert found.due_cents(JANUARY) == 45
    assert (found.arrears_cents(JANUARY), found.arrears_cents(FEBRUARY)) == (0, 45)


def test_an_instalment_of_interest_alone_is_late_too() -> None:
    graced = (Instalment(1, JANUARY, 0, 30, 300), Instalment(2, FEBRUARY, 300, 30, 0))
    assert position(graced, []).arrears_cents(FEBRUARY) == 30
    assert position(graced, []).unpaid_since == JANUARY


def test_a_loan_that_is_repaid_owes_nothing_since_no_day() -> None:
    all_of_it = [part for line in position(SCHEDULE, []).left for part in line.owed()]
    found = position(SCHEDULE, all_of_it)
    assert found.is_repaid
    assert found.unpaid_since is None


@pytest.mark.parametrize("part", [Owed(1, INTEREST, 31), Owed(4, PRINCIPAL, 1)])
def test_what_was_never_owed_cannot_have_been_paid(part: Owed) -> None:
    with pytest.raises(ValueError, match="instalment"):
        position(SCHEDULE, [part])


@pytest.mark.parametrize(
    ("over", "prepaid", "deposits"),
    [(Overpayment.HOLD, 15, 0), (Overpayment.DEPOSITS, 0, 15), (Overpayment.REFUSE, 0, 15)],
)
def test_what_is_over(over: Overpayment, prepaid: int, deposits: int) -> None:
    found = divide(150, position(SCHEDULE, []), JANUARY, AllocationRule(), over)
    assert sum(part.cents for part in found.parts) == 135
    assert (found.prepaid_cents, found.deposits_cents) == (prepaid, deposits)


def test_no_more_is_held_than_the_loan_can_take() -> None:
    before = position(SCHEDULE, [], prepaid_cents=100)
    found = divide(1_000, before, JANUARY, AllocationRule(), Overpayment.HOLD)
    # 135 are due, and of the 240 to come 100 were prepaid.
    assert (found.prepaid_cents, found.deposits_cents) == (140, 725)


def test_a_penalty_comes_first() -> None:
    penalty = Owed(0, Component.PENALTY, 40)
    before = position(SCHEDULE, [], penalty_cents=40)
    found = divide(50, before, JANUARY, AllocationRule(), Overpayment.HOLD)
    assert found == Division((penalty, Owed(1, Component.FEE, 5), Owed(1, INTEREST, 5)))


@given(st.integers(1, 400), st.integers(0, 400))
def test_who_pays_more_is_never_later(paid: int, more: int) -> None:
    def unpaid_since(cents: int) -> date:
        start = position(SCHEDULE, [])
        parts = divide(cents, start, MARCH, AllocationRule(), Overpayment.HOLD).parts
        return position(SCHEDULE, parts).unpaid_since or date.max

    assert unpaid_since(paid + more) >= unpaid_since(paid)
