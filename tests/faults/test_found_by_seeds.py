"""What seeded histories have found in the program, each as the shortest day on which it showed."""

import shutil
from datetime import timedelta

import pytest

from sacco_desktop.domain.errors import InvalidInput, WrongState
from sacco_desktop.domain.payouts import AttemptStatus, PayoutStatus
from tests.faults.histories import Died
from tests.faults.people import settle
from tests.faults.planted import use_version
from tests.faults.quick.town import QuickTown
from tests.faults.truth import check, check_end

PAYOUT = 1


def test_restored_books_do_not_take_a_busy_gateway_for_a_payment_that_never_left(
    quick_town: QuickTown,
) -> None:
    """It was paid before the restore. A refusal of the second call says nothing about the first."""
    with quick_town.day(1) as day:
        desk = day.open_desk()
        desk.send(PAYOUT)
        desk.close()
        shutil.copyfile(quick_town.start_books, day.books_path)
        desk = day.open_desk()
        desk.sync()
        desk.let_queue_go_on()
        day.safaricom.arm("spike_arrest")
        desk.send(PAYOUT)
        check(desk)
        assert desk.attempt(PAYOUT).status == AttemptStatus.UNKNOWN
        settle(desk, PAYOUT)
        check_end(desk)
        assert desk.row(PAYOUT).status is PayoutStatus.PAID
        desk.close()


def test_a_clock_set_ahead_makes_no_day_of_a_minute(quick_town: QuickTown) -> None:
    """On v1, M-Pesa gave no id to ask by, and still holds the payment; only the relay's clock says how long."""
    with quick_town.day(1) as day:
        desk = day.open_desk()
        desk.write(use_version, "v1")
        day.safaricom.arm("settles_late")
        day.safaricom.arm("drop_after_taking")
        desk.send(PAYOUT)
        day.skew = timedelta(days=2)
        for read_first in (False, True):
            if read_first:
                desk.sync()
            with pytest.raises(WrongState, match="24 hours"):
                desk.two_people_say_not_paid(PAYOUT)
        desk.close()


@pytest.mark.parametrize("days", [-3, 2])
def test_a_true_payment_is_confirmed_whatever_the_clock_of_the_pc_says_or_said(
    quick_town: QuickTown, days: int
) -> None:
    """Behind now, or ahead when it was sent: the relay's clock tells that this lies neither ahead nor before."""
    with quick_town.day(1) as day:
        desk = day.open_desk()
        day.skew = timedelta(days=max(days, 0))
        day.safaricom.arm("hang_after_taking")
        day.safaricom.arm("result_lost")
        desk.send(PAYOUT)
        day.skew = timedelta(days=min(days, 0))
        [paid] = day.safaricom.transactions
        assert paid.finalised_at is not None
        desk.sync()
        with pytest.raises(InvalidInput, match="The clock of this PC says"):
            desk.confirm_paid(PAYOUT, paid.receipt, paid.finalised_at + timedelta(days=1))
        with pytest.raises(InvalidInput, match="before the day it was sent"):
            desk.confirm_paid(PAYOUT, paid.receipt, paid.finalised_at - timedelta(days=1))
        desk.confirm_paid(PAYOUT, paid.receipt, paid.finalised_at)
        check_end(desk)
        desk.close()


def test_a_death_before_the_intent_lay_at_the_relay_leaves_no_doubt_for_ever(
    quick_town: QuickTown,
) -> None:
    """On v1 only the hours by a relay's clock end such a doubt, and there was nothing that they could count from."""
    with quick_town.day(1) as day:
        desk = day.open_desk()
        desk.write(use_version, "v1")
        desk.heart.from_point, desk.heart.beats_left = "/v1/notes before", 1
        with pytest.raises(Died):
            desk.send(PAYOUT)
        desk.close()
        desk = day.open_desk()
        assert desk.attempt(PAYOUT).status == AttemptStatus.UNKNOWN
        settle(desk, PAYOUT)
        check_end(desk)
        assert desk.row(PAYOUT).status is PayoutStatus.PAID
        desk.close()
