"""Seeded histories on books that several PCs share on a real server; the others, far more, live on a file."""

import pytest

from tests.engines import EngineKind
from tests.faults.quick.history import live
from tests.faults.quick.town import QuickTown

pytestmark = pytest.mark.parametrize(
    "engine", [EngineKind.POSTGRESQL], ids=str, indirect=True, scope="module"
)

# Seeds of their own, so that they add to what the others have tried.
A_TEST = 2
SEEDS = range(5_000, 5_008, A_TEST)


@pytest.mark.parametrize("first", SEEDS)
def test_whatever_happens_on_a_server_each_loan_is_paid_once_at_most(
    quick_town: QuickTown, first: int
) -> None:
    for seed in range(first, first + A_TEST):
        live(quick_town, seed)
