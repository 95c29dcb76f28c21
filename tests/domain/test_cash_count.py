"""Notes and coins add up to the sum of the till."""

from __future__ import annotations

import pytest

from sacco_desktop.domain.cash_count import cash_count


def test_notes_and_coins_add_up_and_are_told_the_largest_first() -> None:
    counted = cash_count({20: 3, 1000: 12, 50: 0, 200: 1})
    assert counted.cents == 12_260_00
    assert counted.words == "12 × 1,000, 1 × 200 and 3 × 20"
    assert cash_count({1: 5}).words == "5 × 1"
    assert (cash_count({}).cents, cash_count({}).words) == (0, "")


@pytest.mark.parametrize("numbers", [{25: 1}, {100: -1}])
def test_what_nobody_pays_with_is_refused(numbers: dict[int, int]) -> None:
    with pytest.raises(ValueError, match="in use"):
        cash_count(numbers)
