"""Guarantors: what they can promise, what is live of it, and what they bear."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sacco_desktop.domain.guarantees import (
    CapacityRule,
    CapacityTerms,
    GuarantorStanding,
    ReleaseRule,
    ShareRule,
    free_capacity_cents,
    live_pledge_cents,
    rings,
    share_repayment,
    share_shortfall,
    still_carries,
)

STANDING = GuarantorStanding(15_000_000, 4_000_000, (6_000_000, 2_500_000))


@pytest.mark.parametrize(
    ("rule", "free_cents"),
    [
        (CapacityRule.DEPOSITS_LESS_PLEDGES, 2_500_000),
        (CapacityRule.MULTIPLE_LESS_PLEDGES, 36_500_000),
        (CapacityRule.COUNT_ONLY, None),
    ],
)
def test_three_customs_of_capacity(rule: CapacityRule, free_cents: int | None) -> None:
    assert free_capacity_cents(STANDING, CapacityTerms(rule)) == free_cents


@pytest.mark.parametrize("rule", list(CapacityRule))
def test_nobody_guarantees_more_loans_than_the_society_allows(rule: CapacityRule) -> None:
    assert free_capacity_cents(STANDING, CapacityTerms(rule, most_loans=2)) == 0


def test_capacity_is_never_below_zero() -> None:
    poor = GuarantorStanding(1_000, 900, (500,))
    assert free_capacity_cents(poor, CapacityTerms()) == 0


@pytest.mark.parametrize(
    ("rule", "deposits_cents", "still"),
    [
        (CapacityRule.DEPOSITS_LESS_PLEDGES, 12_500_000, True),
        (CapacityRule.DEPOSITS_LESS_PLEDGES, 12_499_999, False),
        (CapacityRule.MULTIPLE_LESS_PLEDGES, 2_833_334, True),
        (CapacityRule.MULTIPLE_LESS_PLEDGES, 2_833_333, False),
        (CapacityRule.COUNT_ONLY, 0, True),
    ],
)
def test_what_was_promised_is_still_carried_or_not(
    rule: CapacityRule, deposits_cents: int, still: bool
) -> None:
    """A lower number of loans that was agreed later takes no promise back."""
    now = replace(STANDING, deposits_cents=deposits_cents)
    assert still_carries(now, CapacityTerms(rule, most_loans=1)) is still


def test_a_pledge_is_released_at_the_end_or_in_proportion() -> None:
    pledge, outstanding, lent = 6_000_000, 12_500_000, 20_000_000
    assert live_pledge_cents(pledge, outstanding, lent, ReleaseRule.PRO_RATA) == 3_750_000
    assert live_pledge_cents(pledge, outstanding, lent, ReleaseRule.ON_CLEARANCE) == pledge
    assert live_pledge_cents(pledge, 0, lent, ReleaseRule.ON_CLEARANCE) == 0


@given(st.integers(1, 10**9), st.integers(0, 10**9), st.integers(1, 10**9))
def test_a_pledge_never_grows(pledge: int, outstanding: int, lent: int) -> None:
    assert 0 <= live_pledge_cents(pledge, outstanding, lent, ReleaseRule.PRO_RATA) <= pledge


@pytest.mark.parametrize(
    ("rule", "shares"),
    [
        (ShareRule.IN_PROPORTION, (2_375_000, 1_583_333, 791_667)),
        (ShareRule.EQUALLY, (1_583_333, 1_583_333, 1_583_334)),
    ],
)
def test_a_shortfall_is_shared(rule: ShareRule, shares: tuple[int, ...]) -> None:
    assert share_shortfall(4_750_000, (6_000_000, 4_000_000, 2_000_000), rule) == shares


def test_equal_shares_stop_at_a_smaller_pledge() -> None:
    assert share_shortfall(900, (100, 1_000, 1_000), ShareRule.EQUALLY) == (100, 400, 400)


@given(
    st.integers(0, 10**9),
    st.lists(st.integers(0, 10**8), min_size=1, max_size=9),
    st.sampled_from(list(ShareRule)),
)
def test_shares_add_up_and_stay_within_the_pledges(
    shortfall: int, pledges: list[int], rule: ShareRule
) -> None:
    shares = share_shortfall(shortfall, pledges, rule)
    assert sum(shares) == min(shortfall, sum(pledges))
    assert all(0 <= share <= pledge for share, pledge in zip(shares, pledges, strict=True))


def test_what_the_borrower_pays_later_goes_back_in_proportion() -> None:
    taken = (2_375_000, 1_583_333, 791_667)
    assert share_repayment(475_000, taken, (0, 0, 0)) == (237_500, 158_333, 79_167)
    assert share_repayment(10**9, taken, (0, 0, 0)) == taken
    assert share_repayment(475_000, taken, taken) == (0, 0, 0)


@given(
    st.integers(0, 10**9),
    st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)), min_size=1, max_size=8),
)
def test_nobody_gets_back_more_than_was_taken(received: int, pairs: list[tuple[int, int]]) -> None:
    taken = [max(pair) for pair in pairs]
    repaid = [min(pair) for pair in pairs]
    back = share_repayment(received, taken, repaid)
    owed = [took - gone for took, gone in zip(taken, repaid, strict=True)]
    assert sum(back) == min(received, sum(owed))
    assert all(0 <= part <= most for part, most in zip(back, owed, strict=True))


def test_members_who_guarantee_each_other_in_a_circle_are_found() -> None:
    assert rings([(1, 2), (2, 3), (3, 1), (4, 1), (5, 6), (6, 5)]) == ((1, 2, 3), (5, 6))
    assert rings([(1, 2), (2, 3)]) == ()


def test_a_long_chain_of_guarantors_is_no_trouble() -> None:
    chain = [(member, member + 1) for member in range(50_000)]
    assert rings(chain) == ()
    assert rings([*chain, (50_000, 0)])[0] == tuple(range(50_001))
