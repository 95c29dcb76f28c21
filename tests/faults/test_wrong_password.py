"""A password that M-Pesa no longer accepts: three wrong ones lock the API user, so the first must stop everything."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.faults.desk import Desk
from tests.faults.people import settle
from tests.faults.town import PATIENT, Day
from tests.faults.truth import check, check_end

RIGHT = "Practice#2026"


@pytest.fixture
def desk(day: Day) -> Iterator[Desk]:
    """A program that waits for a first result as long as it takes."""
    with day.desk(PATIENT) as opened:
        yield opened


def _wrong_passwords(desk: Desk) -> int:
    """How many wrong passwords M-Pesa has counted since the last right one."""
    return desk.day.safaricom._world.initiator.wrong_passwords


def _change_password(desk: Desk) -> None:
    desk.day.safaricom.set_initiator(password="Changed#2026")


def _put_right(desk: Desk) -> None:
    desk.day.safaricom.set_initiator(password=RIGHT)
    desk.let_queue_go_on()


def test_the_queue_stops_at_the_first_wrong_password(desk: Desk) -> None:
    _change_password(desk)
    desk.send(1, 2, 3, 4)
    desk.news()
    assert _wrong_passwords(desk) == 1
    stop = desk.stop()
    assert stop is not None
    assert stop.code == "2001"
    assert [row.attempt_status is None for row in desk.rows()] == [False, True, True, True]
    check(desk)


def test_nobody_asks_with_a_password_that_was_refused(desk: Desk) -> None:
    _change_password(desk)
    desk.send(1, 2)
    for _ in range(4):
        desk.day.later(minutes=30)
        desk.jobs()
        desk.news()
    assert _wrong_passwords(desk) == 1
    assert not desk.day.safaricom._world.initiator.is_locked


def test_a_refused_user_fails_and_is_paid_once_put_right(desk: Desk) -> None:
    _change_password(desk)
    desk.send(1, 2)
    desk.news()
    _put_right(desk)
    settle(desk, 1, 2)
    check_end(desk)
    assert [facts.status for facts in desk.attempts() if facts.payout_id == 1] == ["failed", "paid"]


def test_a_locked_user_stops_the_queue(desk: Desk) -> None:
    desk.day.safaricom.set_initiator(is_locked=True)
    desk.send(1, 2)
    desk.news()
    stop = desk.stop()
    assert stop is not None
    assert stop.code == "8006"
    assert len(desk.day.safaricom.transactions) == 1


def test_questions_stop_at_the_first_wrong_password_too(desk: Desk) -> None:
    """Four payments are open when the password changes; asking about each would lock the user."""
    safaricom = desk.day.safaricom
    safaricom.arm("result_lost", times=4)
    desk.send(1, 2, 3, 4)
    _change_password(desk)
    for _ in range(5):
        desk.day.later(minutes=30)
        desk.jobs()
        desk.news()
    assert _wrong_passwords(desk) == 1
    assert desk.stop() is not None
    _put_right(desk)
    settle(desk)
    check_end(desk)


def test_a_queue_that_stands_for_another_reason_still_heeds_a_wrong_password(desk: Desk) -> None:
    safaricom = desk.day.safaricom
    safaricom.arm("result_lost", times=2)
    safaricom.arm("result_other_amount")
    desk.send(1, 2, 3)
    desk.news()
    assert desk.stop() is not None
    _change_password(desk)
    for _ in range(5):
        desk.day.later(minutes=30)
        desk.jobs()
        desk.news()
    assert _wrong_passwords(desk) == 1
