"""Batches against the simulated Safaricom: whatever stops one, it is continued and everybody is paid once."""

from __future__ import annotations

import pytest

from sacco_desktop.domain.batches import BatchStatus
from sacco_desktop.domain.errors import OutsideUnavailable, QueueStopped, WrongState
from sacco_desktop.domain.payouts import PayoutStatus
from sacco_desktop.operations.send_batches import send_batch, send_new_batch
from sacco_desktop.operations.send_payouts import Sent
from sacco_desktop.services.payouts import payout_holds, payouts
from sacco_desktop.services.payouts.payouts import PayoutChange, PayoutRow
from sacco_desktop.services.sending import payout_batches
from sacco_desktop.services.sending.payout_batches import BatchRow, NewBatch, ShownPayout
from tests.faults.desk import Desk
from tests.faults.people import settle
from tests.faults.town import Day
from tests.faults.truth import check, check_end

ALL = (1, 2, 3, 4)


def _new(desk: Desk, *payout_ids: int) -> NewBatch:
    rows = [desk.row(payout_id) for payout_id in payout_ids or ALL]
    shown = tuple(ShownPayout(row.payout_id, row.version, row.mpesa_cents) for row in rows)
    return NewBatch(shown, sum(row.mpesa_cents for row in rows))


def _send(desk: Desk, *payout_ids: int, most: int = 99, by: str = "grace") -> tuple[Sent, ...]:
    gone: list[Sent] = []
    return desk.run(
        lambda: send_new_batch(
            desk.office,
            _new(desk, *payout_ids),
            desk.people[by],
            progress=gone.append,
            may_go_on=lambda: len(gone) < most,
            pause_seconds=0,
        )
    )


def _continue(desk: Desk, by: str = "grace") -> tuple[Sent, ...]:
    batch = _batch(desk).batch_id
    return desk.run(lambda: send_batch(desk.office, batch, desk.people[by], pause_seconds=0))


def _batch(desk: Desk) -> BatchRow:
    return desk.read(payout_batches.list_batches, None)[0]


def test_a_batch_goes_out_in_its_order_and_is_done(desk: Desk) -> None:
    assert [sent.payout_id for sent in _send(desk, 3, 1, 2)] == [3, 1, 2]
    done = _batch(desk)
    assert (done.status, done.gone, done.made_by) == (BatchStatus.DONE, 3, "Grace Wanjiru")
    assert [row.batch_number for row in desk.rows()] == ["B-0001"] * 3 + [""]
    settle(desk)
    check_end(desk)


def test_what_a_person_holds_is_jumped_over_and_told(desk: Desk) -> None:
    """One before the list begins, one while it goes out."""
    held = [desk.row(2), desk.row(4)]
    batch = desk.write(payout_batches.open_batch, _new(desk), "grace")
    _hold(desk, held[0])
    gone: list[Sent] = []

    def follow(sent: Sent) -> None:
        gone.append(sent)
        if len(gone) == 1:
            _hold(desk, held[1])

    desk.run(
        lambda: send_batch(
            desk.office, batch.batch_id, desk.people["grace"], progress=follow, pause_seconds=0
        )
    )
    assert [(sent.payout_id, sent.is_held) for sent in gone] == [(1, False), (3, False), (4, True)]
    done = _batch(desk)
    assert done.status is BatchStatus.DONE
    for row in held:
        assert f"{row.number} was left out. On hold since" in done.words
        assert desk.row(row.payout_id).status is PayoutStatus.APPROVED
    settle(desk)
    check_end(desk)


def _hold(desk: Desk, row: PayoutRow) -> None:
    now = desk.row(row.payout_id)
    change = PayoutChange(now.payout_id, now.version, "The member called.")
    desk.write(payout_holds.hold, change, "lucy")


def test_a_person_stops_after_this_one_and_goes_on_later(desk: Desk) -> None:
    assert len(_send(desk, most=2)) == 2
    paused = _batch(desk)
    assert (paused.status, paused.waiting, paused.words) == (
        BatchStatus.PAUSED,
        2,
        "A person stopped it.",
    )
    desk.day.later(hours=3)
    assert [sent.payout_id for sent in _continue(desk)] == [3, 4]
    assert _batch(desk).status is BatchStatus.DONE
    settle(desk)
    check_end(desk)


def test_a_start_after_a_crash_finds_what_remains(day: Day) -> None:
    with day.desk() as desk:
        _send(desk, most=1)
        batch = _batch(desk).batch_id
        desk.write(payout_batches.start, payout_batches.StartBatch(batch), "grace")
    with day.desk() as desk:
        standing = _batch(desk)
        assert (standing.status, standing.waiting) == (BatchStatus.PAUSED, 3)
        assert "stopped while this was being sent" in standing.words
        _continue(desk)
        settle(desk)
        assert all(row.status is PayoutStatus.PAID for row in desk.rows())
        check_end(desk)


def test_the_first_trouble_with_our_user_stops_the_batch_and_a_person_continues_it(
    desk: Desk,
) -> None:
    safaricom = desk.day.safaricom
    safaricom.set_initiator(password="Another#2026")
    _send(desk)
    desk.news()
    assert _batch(desk).status is BatchStatus.PAUSED
    assert len(safaricom.transactions) <= 1
    with pytest.raises(QueueStopped):
        _continue(desk)
    safaricom.set_initiator(password=safaricom.profile.initiator_password)
    desk.let_queue_go_on()
    _continue(desk)
    settle(desk)
    check_end(desk)


def test_without_m_pesa_nothing_is_jumped_over_and_all_of_it_waits(desk: Desk) -> None:
    desk.day.safaricom.arm("oauth_unavailable", times=5)
    sent = _send(desk)
    assert len(sent) == 1
    assert (_batch(desk).status, _batch(desk).waiting) == (BatchStatus.PAUSED, 4)
    check(desk)
    desk.day.safaricom.disarm()
    assert len(_continue(desk)) == 4
    settle(desk)
    check_end(desk)


def test_without_the_relay_it_stands_and_says_why(desk: Desk) -> None:
    desk.day.stop_relay()
    with pytest.raises(OutsideUnavailable):
        _send(desk)
    assert "Nothing was sent" in _batch(desk).words
    desk.day.start_relay()
    _continue(desk)
    settle(desk)
    check_end(desk)


def test_a_list_that_changed_is_void_and_what_is_left_of_it_goes_in_a_new_one(desk: Desk) -> None:
    _send(desk, most=1)
    desk.write(payouts.take_back, PayoutChange(3, desk.row(3).version, "Not now"), "grace")
    with pytest.raises(WrongState, match="is void"):
        _continue(desk)
    assert _batch(desk).status is BatchStatus.VOID
    _send(desk, 2, 4)
    settle(desk, 1, 2, 4)
    assert desk.row(3).status is PayoutStatus.CANCELLED
    check_end(desk)


def test_one_doubt_in_the_middle_holds_back_nothing_and_is_not_sent_twice(desk: Desk) -> None:
    desk.day.safaricom.arm("hang_after_taking", match_phone=desk.row(2).phone)
    _send(desk)
    assert _batch(desk).status is BatchStatus.DONE
    settle(desk)
    assert len(desk.day.safaricom.transactions) == 4
    check_end(desk)
