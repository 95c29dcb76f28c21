"""When a message may leave: nobody is woken, and who said stop is left alone."""

from datetime import UTC, datetime, timedelta

import pytest

from sacco_desktop.domain.errors import WrongState
from sacco_desktop.domain.messages.events import Event
from sacco_desktop.domain.messages.rules import (
    SendingRules,
    Wish,
    after_daily_cap,
    after_quiet_hours,
    is_stale,
    may_leave_at,
    wants,
)
from sacco_desktop.domain.messages.states import MESSAGE_MOVES, MessageState, check_move

RULES = SendingRules(quiet_from=20, quiet_until=7)
NOTICE, REMINDER, CODE = Event.PAYMENT_RECEIVED, Event.INSTALMENT_SOON, Event.PHONE_CODE


def nairobi(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC) - timedelta(hours=3)


@pytest.mark.parametrize(
    ("rules", "wanted", "leaves"),
    [
        (RULES, nairobi(16, 9), nairobi(16, 9)),
        (RULES, nairobi(16, 19, 59), nairobi(16, 19, 59)),
        (RULES, nairobi(16, 20), nairobi(17, 7)),
        (RULES, nairobi(16, 23, 59), nairobi(17, 7)),
        (RULES, nairobi(17, 0), nairobi(17, 7)),
        (RULES, nairobi(17, 6, 59), nairobi(17, 7)),
        (RULES, nairobi(17, 7), nairobi(17, 7)),
        # Hours that lie within one day, and none at all.
        (SendingRules(12, 14), nairobi(16, 13), nairobi(16, 14)),
        (SendingRules(12, 14), nairobi(16, 23), nairobi(16, 23)),
        (SendingRules(0, 0), nairobi(16, 3), nairobi(16, 3)),
        (SendingRules(18, 0), nairobi(16, 19), nairobi(17, 0)),
    ],
)
def test_nobody_is_woken(rules: SendingRules, wanted: datetime, leaves: datetime) -> None:
    assert after_quiet_hours(wanted, rules) == leaves
    assert may_leave_at(NOTICE, wanted, rules) == leaves
    assert may_leave_at(CODE, wanted, rules) == wanted


def test_a_number_that_was_just_changed_hears_of_no_money() -> None:
    noon = nairobi(16, 12)
    assert may_leave_at(NOTICE, noon, RULES, noon - timedelta(hours=1)) == nairobi(18, 11)
    assert may_leave_at(NOTICE, noon, RULES, noon - timedelta(hours=48)) == noon
    assert may_leave_at(NOTICE, noon, RULES, noon - timedelta(hours=40)) == nairobi(17, 7)
    assert may_leave_at(NOTICE, noon, RULES, noon + timedelta(days=300)) == noon
    assert may_leave_at(CODE, noon, RULES, noon) == noon


def test_who_said_stop_is_left_alone_but_for_a_code_that_was_asked_for() -> None:
    told = {wish: [wants(wish, event) for event in (NOTICE, REMINDER, CODE)] for wish in Wish}
    assert told == {
        Wish.ALL: [True, True, True],
        Wish.NO_REMINDERS: [True, False, True],
        Wish.NONE: [False, False, True],
    }


def test_what_is_too_much_for_a_day_leaves_on_the_next_and_what_is_old_not_at_all() -> None:
    assert after_daily_cap(nairobi(16, 15), RULES) == nairobi(17, 7)
    assert after_daily_cap(nairobi(16, 15), SendingRules(0, 0)) == nairobi(17, 0)
    assert not is_stale(nairobi(16, 9), nairobi(19, 9), RULES)
    assert is_stale(nairobi(16, 9), nairobi(19, 10), RULES)


def test_a_message_moves_by_its_table_only() -> None:
    for old in MessageState:
        for new in MessageState:
            if (old, new) in MESSAGE_MOVES:
                check_move(old, new)
            else:
                with pytest.raises(WrongState):
                    check_move(old, new)
    # Nothing that may have gone out is sent again by the program: only a person puts it back.
    assert {new for old, new in MESSAGE_MOVES if old is MessageState.DELIVERED} == set()
    assert (MessageState.UNKNOWN, MessageState.SENDING) not in MESSAGE_MOVES
    assert (MessageState.SENT, MessageState.WAITING) not in MESSAGE_MOVES
