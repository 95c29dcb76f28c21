"""Two PCs on the same books in the same moment: one wins, the other is told, and nothing is done twice."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial

import pytest

from sacco_desktop.domain.errors import AlreadyDecided, BooksInUse, SaccoError
from sacco_desktop.domain.payouts import PayoutStatus
from sacco_desktop.services.payouts import payouts
from sacco_desktop.services.payouts.payouts import PayoutChange
from sacco_desktop.services.sending import crash_recovery
from tests.faults.desk import Desk
from tests.faults.people import settle
from tests.faults.town import Day
from tests.faults.truth import check_end


def _together(*acts: Callable[[], object]) -> list[object]:
    """Do several things at the same moment; what each gave or raised."""
    ready = threading.Barrier(len(acts))
    outcomes: list[object] = [None] * len(acts)

    def act(number: int) -> None:
        ready.wait(10)
        try:
            outcomes[number] = acts[number]()
        except SaccoError as refusal:
            outcomes[number] = refusal

    threads = [threading.Thread(target=act, args=(number,)) for number in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return outcomes


def test_of_two_approvers_one_wins_and_the_other_is_told(day: Day) -> None:
    with day.desk() as one, day.second_pc(one) as other:
        for payout_id in (1, 2, 3, 4):
            change = PayoutChange(payout_id, one.row(payout_id).version)
            one.write(payouts.ask_again, change, "grace")
            [request] = one.waiting_requests("lucy")
            outcomes = _together(
                partial(one.decide, request, "lucy"),
                partial(other.decide, request, "daniel"),
            )
            refused = [outcome for outcome in outcomes if isinstance(outcome, SaccoError)]
            assert len(refused) == 1
            assert isinstance(refused[0], AlreadyDecided)
            winner = "Daniel Omondi" if outcomes[0] is refused[0] else "Lucy Chebet"
            assert one.row(payout_id).approved_by == winner
            assert winner in refused[0].message


def test_of_two_senders_one_sends(day: Day) -> None:
    with day.desk() as one, day.second_pc(one) as other:
        for payout_id in (1, 2, 3, 4):
            # Two programs with one key push each other's token out, so a request may be refused and come again.
            _together(partial(one.send, payout_id), partial(other.send, payout_id))
        assert len(day.safaricom.transactions) == 4
        settle(one)
        check_end(one)
        assert len(one.attempts()) == 4


def test_a_batch_sent_twice_at_once_on_one_pc_goes_out_once(desk: Desk) -> None:
    sent = _together(lambda: desk.send(1, 2, 3, 4), lambda: desk.send(1, 2, 3, 4))
    assert len(desk.day.safaricom.transactions) == 4
    told = [line.refusal for batch in sent for line in batch if line.refusal]  # type: ignore[attr-defined]
    assert told
    settle(desk)
    check_end(desk)


def test_two_pcs_reading_the_same_feed_post_once(day: Day) -> None:
    with day.desk() as one, day.second_pc(one) as other:
        one.send(1, 2, 3, 4)
        day.quiet()
        _together(one.sync, other.sync, one.jobs, other.jobs)
        assert {row.status for row in one.rows()} == {PayoutStatus.PAID}
        check_end(one)


def test_what_another_program_takes_for_a_crash_is_still_settled_once(day: Day) -> None:
    """Its start finds an attempt that is being sent and calls it unknown; the answer that comes then is kept."""
    day.safaricom.arm("hang_after_taking")
    with day.desk() as one, day.second_pc(one) as other:
        sending = threading.Thread(target=one.send, args=(1,))
        sending.start()
        assert day.safaricom.wait_for(lambda: bool(day.safaricom.transactions))
        other.write(crash_recovery.recover, None)
        sending.join(30)
        settle(other, 1)
        check_end(other)
        assert len(other.attempts()) == 1


def test_a_second_start_on_the_same_books_is_told_who_works_there(day: Day) -> None:
    with day.desk() as desk:
        with pytest.raises(BooksInUse), day.desk():
            raise AssertionError("two programs worked on the same books")
        desk.send(1)
        settle(desk, 1)
        check_end(desk)
