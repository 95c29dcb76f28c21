"""The checks are checked: our program passes each of these days, and each planted mistake is caught on one of them."""

from collections.abc import Callable

import pytest
from sqlalchemy.exc import IntegrityError

from tests.faults.planted import DAYS, MISTAKES, Mistake
from tests.faults.town import Day
from tests.faults.truth import Broken


@pytest.mark.parametrize("happens", DAYS, ids=lambda happens: happens.__name__)
def test_our_program_passes(day: Day, happens: Callable[[Day], None]) -> None:
    happens(day)


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.name)
def test_a_planted_mistake_is_caught(day: Day, mistake: Mistake) -> None:
    """By the check of the truth, or already by a guard of the database."""
    with mistake.plant(), pytest.raises((Broken, IntegrityError)):
        mistake.day(day)
