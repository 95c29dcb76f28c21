"""Two real relays: together they prove an outcome, one alone never; what one does not hold, the other remembers."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func, select

from callback_relay.server import RelayServer
from callback_relay.settings import RelaySettings
from sacco_desktop.db.tables import Question, RelayEntry
from sacco_desktop.domain.errors import OutsideUnavailable, QueueStopped, WrongState
from sacco_desktop.domain.payouts import AttemptStatus, Evidence, PayoutStatus
from sacco_desktop.operations.enrol import PairingCode, enrol_at_relay
from sacco_desktop.operations.wake_relay import wake_relay
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.relays import relay_rests
from sacco_desktop.services.relays.relay_rests import LetRest
from sacco_desktop.services.relays.relays import RelayRow
from tests.faults.desk import Desk
from tests.faults.town import Day
from tests.faults.truth import check, check_end

ONE, TWO = 1, 2


@pytest.fixture
def second(day: Day, tmp_path: Path) -> Iterator[RelayServer]:
    """Another relay, run by somebody else."""
    settings = replace(RelaySettings.for_practice(tmp_path / "relay two", 0), now=day.clock.now)
    with RelayServer(settings) as relay:
        yield relay


@pytest.fixture
def desk(day: Day, second: RelayServer) -> Iterator[Desk]:
    """The program, enrolled at both relays; four payouts are approved."""
    with day.desk() as desk:
        code = str(second.desk.add_tenant("Umoja SACCO")["code"])
        pairing = PairingCode("Relay two", second.api_url, code, "OFFICE-PC")
        desk.run(lambda: enrol_at_relay(desk.office, pairing, desk.people["ruth"]))
        yield desk


def _rows(desk: Desk) -> tuple[RelayRow, ...]:
    return desk.run(desk.office.relays)


def _asked_through(desk: Desk, payout_id: int) -> list[int]:
    """The relays by which M-Pesa was asked about a payout, in their order."""
    return desk.read(_relays_asked, desk.attempt(payout_id).attempt_id)


def _relays_asked(work: Work, attempt_id: int) -> list[int]:
    asked = select(Question.relay_id).where(Question.attempt_id == attempt_id)
    return list(work.session.scalars(asked.order_by(Question.id)))


def _notes_at(desk: Desk, relay_id: int) -> int:
    """How many intents the books have read from a relay's feed."""
    return desk.read(_count_notes, relay_id)


def _count_notes(work: Work, relay_id: int) -> int:
    notes = select(func.count()).where(RelayEntry.relay_id == relay_id, RelayEntry.kind == "note")
    return work.session.scalar(notes) or 0


def _later(desk: Desk, minutes: int = 2) -> None:
    """The clock goes on, and its jobs run."""
    desk.day.later(minutes=minutes)
    desk.jobs()
    desk.news()


def _rest(desk: Desk, relay_id: int) -> None:
    desk.write(relay_rests.let_rest, LetRest(relay_id, "Its host is down."), "grace")


def test_a_notice_through_one_and_the_answer_through_the_other_prove_a_payment(desk: Desk) -> None:
    desk.send(1)
    desk.news()
    assert desk.row(1).evidence is Evidence.CLAIMED
    _later(desk)
    assert _asked_through(desk, 1) == [TWO]
    assert desk.row(1).evidence is Evidence.VERIFIED
    assert "through two relays" in desk.row(1).proven_by
    check_end(desk)


def test_a_failed_notice_and_the_other_relays_answer_fail_a_payout_without_a_person(
    desk: Desk,
) -> None:
    desk.day.safaricom.set_outcome(desk.row(1).phone, "2040")
    desk.send(1)
    desk.news()
    assert desk.row(1).attempt_status is AttemptStatus.UNKNOWN
    _later(desk)
    assert _asked_through(desk, 1) == [TWO]
    assert desk.row(1).attempt_status is AttemptStatus.FAILED
    assert desk.row(1).status is PayoutStatus.DRAFT
    check_end(desk)


def test_when_one_drops_the_result_the_other_claims_and_the_first_proves(desk: Desk) -> None:
    desk.day.safaricom.arm("result_lost")
    desk.send(1)
    desk.news()
    _later(desk)
    assert (desk.row(1).status, desk.row(1).evidence) == (PayoutStatus.PAID, Evidence.CLAIMED)
    _later(desk)
    assert _asked_through(desk, 1) == [TWO, ONE]
    assert desk.row(1).evidence is Evidence.VERIFIED
    check_end(desk)


def test_a_failure_made_up_by_one_relay_never_fails_a_payment(desk: Desk) -> None:
    desk.day.safaricom.arm("result_forged_failure")
    desk.send(1)
    desk.news()
    assert desk.row(1).claim == "failed"
    _later(desk)
    assert desk.row(1).status is PayoutStatus.PAID
    check(desk)
    _later(desk, 20)
    assert desk.row(1).evidence is Evidence.VERIFIED
    check_end(desk)


def test_a_payment_made_up_by_one_relay_stops_everything_when_the_other_says_no(
    desk: Desk,
) -> None:
    desk.day.safaricom.set_outcome(desk.row(1).phone, "2040")
    desk.day.safaricom.arm("result_forged_payment")
    desk.send(1)
    desk.news()
    assert desk.row(1).evidence is Evidence.CLAIMED
    _later(desk)
    stop = desk.stop()
    assert stop is not None
    assert "Two relays say different things" in stop.reason
    assert desk.row(1).evidence is Evidence.CLAIMED


def test_nothing_is_sent_while_one_of_two_relays_cannot_be_read(desk: Desk) -> None:
    desk.day.stop_relay()
    with pytest.raises(OutsideUnavailable) as refused:
        desk.send(1)
    name = _rows(desk)[0].name
    assert refused.value.message.startswith(f"{name} cannot be read, and may hold what these books")
    assert "let it rest" in refused.value.message
    assert desk.day.safaricom.transactions == ()
    assert desk.row(1).status is PayoutStatus.APPROVED


def test_a_person_lets_one_rest_and_payments_go_on_through_the_other(
    desk: Desk,
) -> None:
    desk.day.stop_relay()
    _rest(desk, ONE)
    desk.send(1)
    desk.news()
    assert desk.row(1).status is PayoutStatus.PAID
    assert (_notes_at(desk, ONE), _notes_at(desk, TWO)) == (0, 1)
    with pytest.raises(WrongState, match="not been read"):
        desk.run(lambda: wake_relay(desk.office, ONE, desk.people["grace"]))
    desk.day.start_relay()
    desk.run(lambda: wake_relay(desk.office, ONE, desk.people["grace"]))
    assert [row.is_used for row in _rows(desk)] == [True, True]
    _later(desk)
    assert (_notes_at(desk, ONE), _notes_at(desk, TWO)) == (1, 1)
    assert desk.row(1).evidence is Evidence.VERIFIED
    desk.send(2)
    desk.news()
    check_end(desk)


def test_an_intent_lies_at_both_relays_and_books_that_forgot_it_find_it_at_either(
    day: Day, desk: Desk, tmp_path: Path
) -> None:
    """The relay by which it went out is away when the office starts from an old copy of its books."""
    shutil.copytree(day.folder / "office", tmp_path / "old" / "office")
    desk.send(1)
    desk.news()
    assert desk.row(1).status is PayoutStatus.PAID
    assert (_notes_at(desk, ONE), _notes_at(desk, TWO)) == (1, 1)
    day.stop_relay()
    with replace(day, folder=tmp_path / "old").desk() as restored:
        with pytest.raises(OutsideUnavailable, match="may hold what these books do not know"):
            restored.send(1)
        # Reading the other one has already found what the books forgot, before anybody lets the first one rest.
        stop = restored.stop()
        assert stop is not None
        assert "restored from an older copy" in stop.reason
        _rest(restored, ONE)
        with pytest.raises(QueueStopped):
            restored.send(1)
        assert restored.row(1).status is PayoutStatus.IN_FLIGHT
    assert len(day.safaricom.transactions) == 1


def test_an_answer_is_asked_for_through_the_relay_that_is_well(desk: Desk) -> None:
    desk.day.safaricom.arm("result_lost")
    desk.send(1)
    desk.day.quiet()
    desk.day.stop_relay()
    _later(desk)
    assert _asked_through(desk, 1) == [TWO]
    assert desk.row(1).status is PayoutStatus.PAID
    _later(desk)
    assert _asked_through(desk, 1) == [TWO, TWO]
    assert desk.row(1).evidence is Evidence.CLAIMED
