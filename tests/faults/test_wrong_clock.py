"""The clock of the office's PC is wrong: the relays and the order of the history tell what may be done, and no true
payment is kept out of the books.
"""

from datetime import timedelta

import pytest
from sqlalchemy import select

from sacco_desktop.db.tables import RelayEntry
from sacco_desktop.domain.dates import business_date
from sacco_desktop.domain.errors import InvalidInput, WrongState
from sacco_desktop.domain.payouts import PayoutStatus
from sacco_desktop.operations.wake_relay import wake_relay
from sacco_desktop.services.books import ledger
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.relays import relay_rests
from sacco_desktop.services.relays.relay_rests import LetRest
from tests.faults.people import settle
from tests.faults.planted import use_version
from tests.faults.quick.counter import close_month
from tests.faults.quick.town import QuickTown
from tests.faults.truth import check_end

PAYOUT = 1


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


def test_a_clock_put_back_by_weeks_makes_no_doubt_wait_for_weeks(quick_town: QuickTown) -> None:
    """The next question was set by the clock as it was before."""
    with quick_town.day(1) as day:
        desk = day.open_desk()
        day.safaricom.arm("hang_after_taking")
        day.safaricom.arm("result_lost")
        desk.send(PAYOUT)
        day.skew = timedelta(days=-20)
        for _ in range(3):
            day.later(minutes=1)
            desk.jobs()
        desk.news()
        assert desk.row(PAYOUT).status is PayoutStatus.PAID
        check_end(desk)
        desk.close()


@pytest.mark.parametrize("fault", ["hang_before_taking", "outcome"])
def test_a_clock_put_back_takes_no_weight_from_what_m_pesa_answers(
    quick_town: QuickTown, fault: str
) -> None:
    """Each answer was taken for one to a question from before the sending, or from before the notice of failure."""
    with quick_town.day(1) as day:
        desk = day.open_desk()
        if fault == "outcome":
            day.safaricom.arm("outcome", code="2040")
        else:
            day.safaricom.arm(fault)
        desk.send(PAYOUT)
        desk.news()
        day.skew = timedelta(days=-20)
        settle(desk, PAYOUT)
        check_end(desk)
        assert desk.row(PAYOUT).status is PayoutStatus.PAID
        desk.close()


def test_what_m_pesa_paid_is_booked_though_the_clock_lies_in_a_closed_month(
    quick_town: QuickTown,
) -> None:
    """A person with the statement was told to use another day, and there was none to choose (seed 1033)."""
    with quick_town.day(1) as day:
        desk = day.open_desk()
        day.safaricom.arm("result_lost")
        desk.send(PAYOUT)
        [paid] = day.safaricom.transactions
        assert paid.finalised_at is not None
        day.skew = timedelta(days=-20)
        desk.close()
        day.bring_back(day.start.books)
        desk = day.open_desk()
        desk.write(close_month, "2026-02")
        desk.sync()
        desk.confirm_paid(PAYOUT, paid.receipt, paid.finalised_at)
        # Its loan runs from the day that M-Pesa and the relay tell, not from that of the PC.
        entry = desk.read(ledger.read_entry, desk.row(PAYOUT).entry_number or 0)
        assert entry.value_date == business_date(paid.finalised_at)
        check_end(desk)
        desk.close()


def test_a_clock_put_back_leaves_no_more_time_to_send_again(quick_town: QuickTown) -> None:
    """Days later M-Pesa may have forgotten the id; the relay knows that they have passed, and the PC did not."""
    with quick_town.day(1) as day:
        desk = day.open_desk()
        day.safaricom.arm("hang_before_taking")
        desk.send(PAYOUT)
        for _ in range(6):
            day.later(minutes=5)
            desk.jobs()
        assert desk.attempt(PAYOUT).may_resend
        day.later(days=3)
        day.skew = timedelta(days=-3)
        desk.sync()
        with pytest.raises(WrongState, match="may not be sent again now"):
            desk.resend(PAYOUT)
        settle(desk, PAYOUT)
        check_end(desk)
        assert desk.row(PAYOUT).status is PayoutStatus.PAID
        desk.close()


def test_a_relay_that_rested_is_told_all_it_missed_whatever_the_clock_says(
    quick_town: QuickTown,
) -> None:
    """The clock was put back after it was let rest: what went out then looked as if it were from before."""
    with quick_town.day(1, relays=2) as day:
        desk = day.open_desk()
        desk.write(relay_rests.let_rest, LetRest(1, "Its host is down."), "grace")
        day.skew = timedelta(days=-20)
        desk.send(PAYOUT)
        desk.run(lambda: wake_relay(desk.office, 1, desk.people["grace"]))
        desk.sync()
        assert desk.read(_relays_that_know_the_intent, None) == {1, 2}
        settle(desk, PAYOUT)
        check_end(desk)
        desk.close()


def _relays_that_know_the_intent(work: Work, _nothing: None) -> set[int]:
    return set(work.session.scalars(select(RelayEntry.relay_id).where(RelayEntry.kind == "note")))
