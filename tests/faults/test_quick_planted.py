"""The histories are checked: each known mistake, planted into our functions, is caught before too many have passed."""

import pytest

from tests.faults.quick.mistakes import SLIPS, Slip, until_caught
from tests.faults.quick.town import QuickTown

# Rarer ones are for the long form, `dev.py faults slips`, and have days of their own: the late answer in
# test_planted.py, a missing import of the statement in test_double_mistakes.py.
RARE = 500
OFTEN = tuple(slip for slip in SLIPS if slip.seeds < RARE)


# A guard that has to refuse what a mistake would write is one of the ways in which it is caught.
@pytest.mark.may_log("The database refused an entry of the feed")
@pytest.mark.parametrize("slip", OFTEN, ids=lambda slip: slip.name)
def test_a_planted_mistake_is_caught_in_time(quick_town: QuickTown, slip: Slip) -> None:
    caught = until_caught(quick_town, slip)
    assert caught.by, f"it survived {caught.seeds} histories"
