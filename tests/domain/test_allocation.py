"""How repayments divide (golden cases G-15 and G-16)."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sacco_desktop.domain.allocation import (
    DEFAULT_ORDER,
    AllocationRule,
    Claim,
    Component,
    Direction,
    Owed,
    allocate,
    waterfall,
)

PENALTY, INTEREST, PRINCIPAL = Component.PENALTY, Component.INTEREST, Component.PRINCIPAL
# The loan of G-02: the first instalment is late and bears a penalty of 5 %, the second falls due.
OWED = (
    Owed(0, PENALTY, 44_424),
    Owed(1, INTEREST, 100_000),
    Owed(1, PRINCIPAL, 788_488),
    Owed(2, INTEREST, 92_115),
    Owed(2, PRINCIPAL, 796_373),
)


@pytest.mark.parametrize(
    ("amount_cents", "direction", "parts", "over_cents"),
    [
        (1_200_000, Direction.HORIZONTAL, [44_424, 100_000, 788_488, 92_115, 174_973], 0),
        (900_000, Direction.HORIZONTAL, [44_424, 100_000, 755_576, 0, 0], 0),
        (900_000, Direction.VERTICAL, [44_424, 100_000, 663_461, 92_115, 0], 0),
        (2_000_000, Direction.HORIZONTAL, [44_424, 100_000, 788_488, 92_115, 796_373], 178_600),
    ],
)
def test_g15(amount_cents: int, direction: Direction, parts: list[int], over_cents: int) -> None:
    found = allocate(amount_cents, OWED, AllocationRule(direction=direction))
    paid = {(part.instalment, part.component): part.cents for part in found.parts}
    assert [paid.get((due.instalment, due.component), 0) for due in OWED] == parts
    assert found.over_cents == over_cents


@pytest.mark.parametrize(
    ("amount_cents", "claims", "shares"),
    [
        (400_000, [20_000, 50_000, 200_000], [20_000, 50_000, 200_000, 130_000]),
        (10_000, [5_000, 20_000, 100_000], [5_000, 5_000, 0, 0]),
        (125_000, [5_000, 20_000, 100_000], [5_000, 20_000, 100_000, 0]),
        (30_000, [0, 10_000, 50_000], [0, 10_000, 20_000, 0]),
        (3_000, [10_000, 50_000, 100_000], [3_000, 0, 0, 0]),
    ],
)
def test_g16_one_receipt_over_several_purposes(
    amount_cents: int, claims: list[int], shares: list[int]
) -> None:
    named = [Claim(f"purpose {number}", cents) for number, cents in enumerate(claims)]
    found = dict(waterfall(amount_cents, [*named, Claim("deposits", None)]))
    assert list(found.values()) == shares


def test_a_receipt_that_no_purpose_takes_wholly_is_refused() -> None:
    with pytest.raises(ValueError, match="100 cents"):
        list(waterfall(300, [Claim("fees", 200)]))


def test_an_order_names_each_component_once() -> None:
    with pytest.raises(ValueError, match="once"):
        AllocationRule(order=(*DEFAULT_ORDER[:-1], PENALTY))


owed_lists = st.lists(
    st.builds(
        Owed, st.integers(0, 30), st.sampled_from(list(Component)), st.integers(0, 10_000_000)
    ),
    max_size=40,
    unique_by=lambda due: (due.instalment, due.component),
)
rules = st.builds(
    AllocationRule,
    st.permutations(list(Component)).map(tuple),
    st.sampled_from(list(Direction)),
)


@given(st.integers(1, 50_000_000), owed_lists, rules, st.randoms())
def test_not_a_cent_is_lost_and_the_order_of_the_list_decides_nothing(
    amount_cents: int, owed: list[Owed], rule: AllocationRule, chance: random.Random
) -> None:
    found = allocate(amount_cents, owed, rule)
    assert sum(part.cents for part in found.parts) + found.over_cents == amount_cents
    due = {(each.instalment, each.component): each.cents for each in owed}
    assert all(0 < part.cents <= due[part.instalment, part.component] for part in found.parts)
    if found.over_cents:
        assert sum(part.cents for part in found.parts) == sum(due.values())
    mixed = list(owed)
    chance.shuffle(mixed)
    assert allocate(amount_cents, mixed, rule) == found
