"""Why M-Pesa's word differs from the books: what is sure counts, of what is not the least that explains it."""

import pytest

from sacco_desktop.domain.reconciling.balance_reasons import Cause, explain_balance

TOP_UP, FIRST, SECOND = Cause("top-up", 500), Cause("payout 1", -100), Cause("payout 2", -40)


@pytest.mark.parametrize(
    ("gap", "sure", "perhaps", "found", "unexplained"),
    [
        (0, [], [FIRST], [], 0),
        (500, [TOP_UP], [FIRST], [TOP_UP], 0),
        (400, [TOP_UP], [FIRST, SECOND], [TOP_UP, FIRST], 0),
        (360, [TOP_UP], [FIRST, SECOND], [TOP_UP, FIRST, SECOND], 0),
        (-40, [], [FIRST, SECOND], [SECOND], 0),
        (7, [], [FIRST, SECOND], [], 7),
        (507, [TOP_UP], [FIRST], [TOP_UP], 7),
        (-15, [], [Cause(str(one), -15 * one) for one in range(1, 14)], [], -15),
    ],
)
def test_the_least_that_explains_every_cent(
    gap: int, sure: list[Cause], perhaps: list[Cause], found: list[Cause], unexplained: int
) -> None:
    got = explain_balance(gap, sure, perhaps)
    assert (list(got.causes), got.unexplained_cents) == (found, unexplained)
