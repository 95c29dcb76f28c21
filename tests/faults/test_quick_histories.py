"""A hundred and fifty seeded histories in one thread; `dev.py faults payouts --seeds N` lives through many more."""

import pytest

from tests.faults.quick.history import live
from tests.faults.quick.town import QuickTown

# So many seeds a test that one that fails names itself soon, and the processes can share them.
A_TEST = 25
SEEDS = range(0, 150, A_TEST)


@pytest.mark.parametrize("first", SEEDS)
def test_whatever_happens_each_loan_is_paid_once_at_most(quick_town: QuickTown, first: int) -> None:
    for seed in range(first, first + A_TEST):
        live(quick_town, seed)


@pytest.mark.parametrize("seed", [3, 93, 217, 402])
def test_a_seed_replays_byte_for_byte(quick_town: QuickTown, seed: int) -> None:
    once, again = live(quick_town, seed), live(quick_town, seed)
    assert once == again
    assert len(once) > 8
