"""Batches: bound to what was shown, one at a time for a payout, resumable, void when the list changes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sacco_desktop.domain.batches import BatchStatus, LineStatus
from sacco_desktop.domain.errors import (
    InvalidInput,
    NotAllowed,
    QueueStopped,
    SamePerson,
    WrongState,
)
from sacco_desktop.domain.payouts import PayoutStatus
from sacco_desktop.services.books.work import Actor
from sacco_desktop.services.payouts import payouts
from sacco_desktop.services.payouts.payouts import PayoutChange, PayoutRow
from sacco_desktop.services.sending import (
    crash_recovery,
    payout_batches,
    payout_sending,
    queue_stops,
)
from sacco_desktop.services.sending.payout_batches import (
    BatchRow,
    NewBatch,
    RunEnd,
    ShownPayout,
    StartBatch,
    Started,
)
from sacco_desktop.services.sending.payout_sending import AnswerKind
from tests import make
from tests.engines import Copy, once_per_engine
from tests.make import PracticeOffice

ONE = 1


@once_per_engine
def _three_ready() -> Copy:
    """Three payouts of KES 98,500 that Lucy approved, and a relay."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        office = make.office(Path(folder))
        make.relay(office)
        for _ in range(3):
            make.approved_payout(office)
        return office.snapshot()


@pytest.fixture
def office(tmp_path: Path) -> Iterator[PracticeOffice]:
    office = make.office_from(_three_ready(), tmp_path)
    yield office
    office.close()


def _rows(office: PracticeOffice) -> list[PayoutRow]:
    return [office.read(payouts.row_of, number) for number in (1, 2, 3)]


def _shown(*rows: PayoutRow) -> NewBatch:
    lines = tuple(ShownPayout(row.payout_id, row.version, row.mpesa_cents) for row in rows)
    return NewBatch(lines, sum(line.amount_cents for line in lines))


def _open(office: PracticeOffice, *rows: PayoutRow, by: Actor | None = None) -> BatchRow:
    return office.write(
        payout_batches.open_batch, _shown(*(rows or _rows(office))), by or office.grace
    )


def _start(office: PracticeOffice, batch: BatchRow, by: Actor | None = None) -> Started:
    return office.write(payout_batches.start, StartBatch(batch.batch_id), by or office.grace)


def _end_run(office: PracticeOffice, batch: BatchRow, words: str = "") -> BatchRow:
    return office.write(payout_batches.end_run, RunEnd(batch.batch_id, words), office.grace)


def _now(office: PracticeOffice, batch: BatchRow) -> BatchRow:
    return office.read(payout_batches.view, batch.batch_id).batch


def _lines(office: PracticeOffice, batch: BatchRow) -> list[LineStatus]:
    return [line.status for line in office.read(payout_batches.view, batch.batch_id).lines]


WAITING, GONE, LEFT = LineStatus.WAITING, LineStatus.GONE, LineStatus.LEFT


def test_a_batch_has_a_number_a_count_a_sum_and_remembers_what_waits(
    office: PracticeOffice,
) -> None:
    batch = _open(office)
    assert (batch.number, batch.payouts, batch.sum_cents) == ("B-0001", 3, 295_500_00)
    assert (batch.status, batch.made_by) == (BatchStatus.OPEN, "Grace Wanjiru")
    assert _start(office, batch).payout_ids == (1, 2, 3)
    make.accepted(office, _rows(office)[0], make.route(office, ONE))
    paused = _end_run(office, batch)
    assert (paused.status, paused.words) == (BatchStatus.PAUSED, "A person stopped it.")
    assert (paused.gone, paused.waiting_cents) == (1, 197_000_00)
    assert payout_batches.standing_words(paused) == (
        "B-0001: 1 of 3 sent, KES 197,000.00 waits. A person stopped it."
    )
    assert _start(office, batch).payout_ids == (2, 3)


def test_it_is_done_when_nothing_waits_and_the_payouts_name_it(office: PracticeOffice) -> None:
    batch = _open(office, _rows(office)[0])
    _start(office, batch)
    make.accepted(office, _rows(office)[0], make.route(office, ONE))
    assert _end_run(office, batch).status is BatchStatus.DONE
    assert [row.batch_number for row in _rows(office)] == ["B-0001", "", ""]
    assert office.read(payout_batches.unfinished, None) == ()
    with pytest.raises(WrongState, match="is over"):
        _start(office, batch)


def test_what_reached_nobody_waits_again_in_its_batch(office: PracticeOffice) -> None:
    batch = _open(office)
    _start(office, batch)
    order = make.begin(office, _rows(office)[0], make.route(office, ONE))
    assert _lines(office, batch) == [GONE, WAITING, WAITING]
    said = make.answer(order, AnswerKind.NOT_SENT, words="No connection could be made.")
    office.write(payout_sending.record_answer, said, office.grace)
    assert _lines(office, batch) == [WAITING] * 3
    _end_run(office, batch, "No connection could be made.")
    assert _start(office, batch).payout_ids == (1, 2, 3)


def test_a_payout_waits_in_one_batch_at_most(office: PracticeOffice) -> None:
    first = _open(office, _rows(office)[0])
    with pytest.raises(WrongState, match="waits in B-0001"):
        _open(office)
    office.write(payout_batches.end_batch, RunEnd(first.batch_id, "Not today."), office.grace)
    assert _lines(office, first) == [LEFT]
    assert _rows(office)[0].status is PayoutStatus.APPROVED
    assert _open(office).number == "B-0002"


def test_a_list_that_is_not_what_was_shown_is_not_even_begun(office: PracticeOffice) -> None:
    rows = _rows(office)
    new = _shown(*rows)
    with pytest.raises(WrongState, match="sum"):
        office.write(
            payout_batches.open_batch, NewBatch(new.payouts, new.sum_cents - 1), office.grace
        )
    with pytest.raises(InvalidInput):
        office.write(payout_batches.open_batch, NewBatch((), 0), office.grace)
    office.write(payouts.ask_again, PayoutChange(1, rows[0].version), office.grace)
    with pytest.raises(WrongState, match="changed after it was shown"):
        office.write(payout_batches.open_batch, new, office.grace)
    with pytest.raises(WrongState, match="not approved"):
        _open(office)
    assert office.count("payout_batch") == 0


def test_a_change_of_the_list_makes_the_run_void_even_after_a_new_approval(
    office: PracticeOffice,
) -> None:
    """Payout 2 was taken up again and approved anew, by people who never saw this list."""
    batch = _open(office)
    _start(office, batch)
    _end_run(office, batch)
    rows = _rows(office)
    office.write(payouts.take_back, PayoutChange(2, rows[1].version, "Not now"), office.grace)
    started = _start(office, batch)
    assert started.payout_ids == ()
    assert "PO-2026-0002 has changed" in started.void_words
    assert _now(office, batch).status is BatchStatus.VOID
    assert _lines(office, batch) == [LEFT] * 3
    assert _open(office, rows[0], rows[2]).payouts == 2


def test_a_change_during_the_run_makes_the_rest_void(office: PracticeOffice) -> None:
    batch = _open(office)
    _start(office, batch)
    make.accepted(office, _rows(office)[0], make.route(office, ONE))
    office.write(
        payouts.take_back, PayoutChange(2, _rows(office)[1].version, "Not now"), office.grace
    )
    ended = _end_run(office, batch, "PO-2026-0002 is cancelled and cannot be sent.")
    assert (ended.status, _lines(office, batch)) == (BatchStatus.VOID, [GONE, LEFT, LEFT])
    assert "Make a new list." in ended.words


def test_sending_refuses_a_payout_that_is_not_what_its_batch_agreed_to(
    office: PracticeOffice,
) -> None:
    _start(office, _open(office))
    office.without_guards("UPDATE batch_line SET fingerprint = 'other' WHERE payout_id = 1")
    with pytest.raises(WrongState, match="not what was shown when B-0001"):
        make.begin(office, _rows(office)[0], make.route(office, ONE))
    assert office.count("payout_attempt") == 0


def test_two_people_do_not_send_one_batch_at_once(office: PracticeOffice) -> None:
    batch = _open(office)
    _start(office, batch)
    with pytest.raises(WrongState, match="is being sent by Grace Wanjiru"):
        _start(office, batch)


def test_who_approved_a_payout_of_the_list_cannot_continue_it(office: PracticeOffice) -> None:
    batch = _open(office)
    with pytest.raises(SamePerson, match="You approved PO-2026-0001"):
        _start(office, batch, office.lucy)
    with pytest.raises(WrongState, match="You approved"):
        _open(office, *_rows(office), by=office.lucy)
    assert _now(office, batch).status is BatchStatus.OPEN
    with pytest.raises(NotAllowed):
        _start(office, batch, office.peter)


def test_a_crash_leaves_a_batch_that_stands_and_can_be_continued(office: PracticeOffice) -> None:
    batch = _open(office)
    _start(office, batch)
    make.begin(office, _rows(office)[0], make.route(office, ONE))
    assert office.write(payout_batches.recover, None) == 1
    office.write(crash_recovery.recover, None)
    standing = _now(office, batch)
    assert (standing.status, standing.waiting) == (BatchStatus.PAUSED, 2)
    assert standing.words == "The program stopped while this was being sent."
    assert _start(office, batch).payout_ids == (2, 3)


def test_another_pc_is_left_alone_until_it_gives_no_sign_of_life(office: PracticeOffice) -> None:
    batch = _open(office)
    _start(office, batch)
    office.without_guards("UPDATE payout_batch SET pc_name = 'other-pc'")
    assert office.write(payout_batches.recover, None) == 0
    assert office.write(payout_batches.recover_stale, None) == 0
    office.clock.advance(minutes=11)
    assert office.write(payout_batches.recover_stale, None) == 1
    assert _now(office, batch).status is BatchStatus.PAUSED


def test_a_stopped_queue_begins_no_batch_and_says_why_one_stands(office: PracticeOffice) -> None:
    batch = _open(office)
    _start(office, batch)
    office.write(lambda work, _: queue_stops.stop(work, "2001", "M-Pesa refused our user."), None)
    assert _end_run(office, batch).words == "M-Pesa refused our user."
    for act in (lambda: _start(office, batch), lambda: _open(office)):
        with pytest.raises(QueueStopped):
            act()


def test_ending_a_batch_needs_a_reason_and_a_batch_that_stands(office: PracticeOffice) -> None:
    batch = _open(office)
    with pytest.raises(InvalidInput):
        office.write(payout_batches.end_batch, RunEnd(batch.batch_id, " "), office.grace)
    _start(office, batch)
    with pytest.raises(WrongState, match="sending"):
        office.write(payout_batches.end_batch, RunEnd(batch.batch_id, "Why"), office.grace)
