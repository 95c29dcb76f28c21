"""A few seeded histories; `dev.py faults histories --seeds N` lives through many more."""

from pathlib import Path

import pytest

from tests.faults.histories import live
from tests.faults.town import Town

# A few seeds a test, so that one that fails names itself within seconds.
A_TEST = 4
FIRST_SEEDS = range(0, 8, A_TEST)


@pytest.mark.parametrize("first", FIRST_SEEDS)
def test_whatever_happens_each_loan_is_paid_once_at_most(
    town: Town, tmp_path: Path, first: int
) -> None:
    for seed in range(first, first + A_TEST):
        live(town, tmp_path / f"{seed}", seed)


def test_a_seed_replays_exactly(town: Town, tmp_path: Path) -> None:
    once, again = (live(town, tmp_path / name, 4) for name in ("once", "again"))
    assert once == again
    assert len(once) > 8
