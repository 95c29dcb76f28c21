"""Mistakes that a second layer makes good: alone each harms nobody, and once that layer is gone too it shows at once.

Seeds find these only in thousands, so each has a day of its own. That a late answer has the last word has its day in
test_planted.py, where a guard of the database catches it.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack

import pytest

from sacco_desktop.domain.payouts import PayoutStatus
from tests.faults.people import settle
from tests.faults.planted import use_version
from tests.faults.quick.mistakes import LEAK, NO_COMPARING, NO_INTENTS, NO_STATEMENT, Plant
from tests.faults.quick.stranger import forged_result
from tests.faults.quick.town import QuickDay, QuickTown
from tests.faults.truth import Broken, check, check_end

PAYOUT = 1

Double = Callable[[QuickDay], None]


def _with(town: QuickTown, happens: Double, *plants: Plant) -> None:
    with town.day(1) as day, ExitStack() as stack:
        for plant in plants:
            plant(stack)
        happens(day)


def _books_forget_a_payment(day: QuickDay, version: str = "v3") -> None:
    desk = day.open_desk()
    desk.write(use_version, version)
    desk.send(PAYOUT)
    desk.close()
    day.shelf.put_back(day.start.books)
    desk = day.open_desk()
    desk.write(use_version, version)
    try:
        desk.sync()
        desk.let_queue_go_on()
        desk.send(PAYOUT)
        settle(desk, PAYOUT)
        check_end(desk)
        assert len(day.safaricom.transactions) == 1
        assert desk.row(PAYOUT).status is PayoutStatus.PAID
    finally:
        desk.close()


def test_where_no_intents_are_laid_down_the_id_still_keeps_m_pesa_from_paying_twice(
    quick_town: QuickTown,
) -> None:
    _with(quick_town, _books_forget_a_payment, *NO_INTENTS)
    with pytest.raises(Broken, match="was paid 2 times"):
        _with(quick_town, lambda day: _books_forget_a_payment(day, "v1"), *NO_INTENTS)


def _is_forged_with_another_sum(day: QuickDay) -> None:
    day.safaricom.arm("settles_late")
    desk = day.open_desk()
    try:
        desk.send(PAYOUT)
        relay = desk.run(desk.office.relays)[0]
        address = f"{relay.callback_url}/c/{relay.token}/b2c-result/{'0' * 32}"
        day.post(address, forged_result(desk.attempt(PAYOUT), 0, 1))
        desk.sync()
        check(desk)
    finally:
        desk.close()


def test_where_no_sum_is_compared_the_address_still_keeps_a_forgery_out(
    quick_town: QuickTown,
) -> None:
    _with(quick_town, _is_forged_with_another_sum, NO_COMPARING)
    _with(quick_town, _is_forged_with_another_sum, LEAK)
    with pytest.raises(Broken, match="Safaricom did not pay it"):
        _with(quick_town, _is_forged_with_another_sum, LEAK, NO_COMPARING)


def _only_the_statement_can_tell(day: QuickDay) -> None:
    day.safaricom.arm("hang_after_taking")
    day.safaricom.arm("result_lost")
    desk = day.open_desk()
    try:
        desk.write(use_version, "v1")
        desk.send(PAYOUT)
        settle(desk, PAYOUT)
        check_end(desk)
    finally:
        desk.close()


def test_without_the_statement_a_payment_that_no_answer_tells_of_stays_open(
    quick_town: QuickTown,
) -> None:
    """It is never taken for failed: what is missing is seen as a payment that does not come to an end."""
    _with(quick_town, _only_the_statement_can_tell)
    with pytest.raises(Broken, match="never came to an end"):
        _with(quick_town, _only_the_statement_can_tell, *NO_STATEMENT)
