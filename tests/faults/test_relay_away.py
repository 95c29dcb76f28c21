"""The relay down, restarted, restored from an old copy: the office works on, no payment is lost or doubled."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest

from sacco_desktop.domain.errors import OutsideUnavailable
from sacco_desktop.domain.payouts import AttemptStatus, PayoutStatus
from sacco_desktop.services.lending import loans
from sacco_desktop.services.lending.loans import Appraisal, NewApplication
from sacco_desktop.services.membership import members
from sacco_desktop.services.relays import relays
from sacco_desktop.services.savings import deposits
from sacco_desktop.services.savings.deposits import NewDeposit
from tests.faults.desk import Desk
from tests.faults.people import settle
from tests.faults.town import Day, Town
from tests.faults.truth import check, check_end, payments_of
from tests.guards.log_records import ExpectLog


def test_without_a_relay_the_office_works_on_and_nothing_is_sent(
    town: Town, tmp_path: Path
) -> None:
    with town.day(tmp_path / "day", with_relay=False) as day, day.desk() as desk:
        _a_usual_morning(desk)
        with pytest.raises(OutsideUnavailable) as refused:
            desk.send(1)
        assert "Nothing was sent" in refused.value.message
        desk.jobs()
        assert desk.row(1).status is PayoutStatus.APPROVED
        assert day.safaricom.messages == ()
        assert "cannot be reached" in desk.read(relays.list_relays, None)[0].trouble
        day.start_relay()
        desk.send(1)
        settle(desk, 1)
        check_end(desk)


def _a_usual_morning(desk: Desk) -> None:
    """Deposits, an application and its approval need nobody outside."""
    member = desk.read(members.list_members, None)[-1]
    today = desk.day.clock.now().date()
    desk.write(deposits.take_cash, NewDeposit("k1", member.member_id, 5_000_00, today), "peter")
    new = NewApplication("k2", member.member_id, "development", 20_000_00, 6, "School fees")
    loan = desk.write(loans.apply, new, "peter")
    desk.write(loans.appraise, Appraisal(loan.loan_id, loan.version, "Pays well."), "peter")
    desk.decide(desk.waiting_requests("daniel")[0], "daniel")
    assert desk.read(loans.row_of, loan.loan_id).status == "approved"


def test_a_society_may_choose_to_send_without_a_relay(town: Town, tmp_path: Path) -> None:
    with town.day(tmp_path / "day", with_relay=False) as day, day.desk() as desk:
        desk.set("payout.send_without_relay", "yes")
        desk.send(1)
        day.quiet()
        assert desk.row(1).attempt_status is AttemptStatus.ACCEPTED
        assert "dropped" in day.safaricom.messages[-1].outcome
        check(desk)
        day.start_relay()
        settle(desk, 1)
        check_end(desk)


def test_a_relay_restarted_in_the_middle_of_a_batch(desk: Desk) -> None:
    desk.send(1, 2)
    desk.day.quiet()
    desk.day.stop_relay()
    with pytest.raises(OutsideUnavailable):
        desk.send(3)
    desk.day.start_relay()
    desk.send(3, 4)
    settle(desk)
    check_end(desk)


def test_results_posted_to_a_closed_door_are_asked_for(desk: Desk) -> None:
    safaricom = desk.day.safaricom
    safaricom.arm("result_late", times=2)
    desk.send(1, 2)
    desk.day.stop_relay()
    safaricom.release_callbacks()
    assert safaricom.wait_for(lambda: safaricom.held_back == 0)
    desk.day.quiet()
    desk.day.later(minutes=3)
    desk.jobs()
    check(desk)
    desk.day.start_relay()
    settle(desk)
    check_end(desk)


@pytest.mark.parametrize("noticed", [True, False], ids=["noticed", "unnoticed"])
def test_a_relay_restored_from_an_old_copy_while_payouts_are_open(
    desk: Desk, tmp_path: Path, noticed: bool, expect_log: ExpectLog
) -> None:
    """Payout 1 is settled and its news forgotten by the relay; 2 is open, and its result is lost with the restore."""
    expect_log("a new epoch 2 was opened in all feeds")
    desk.send(3)
    desk.news()
    day = desk.day
    _copy_relay(day, tmp_path / "copy")
    day.safaricom.arm("result_lost", match_phone=desk.row(2).phone)
    desk.send(1, 2)
    desk.news()
    assert desk.row(1).status is PayoutStatus.PAID
    _restore_relay(day, tmp_path / "copy", forget_high_water=not noticed)
    desk.jobs()
    desk.day.quiet()
    stop = desk.stop()
    assert stop is not None, "a person must hear that the relay has forgotten something"
    assert "restored" in stop.reason
    desk.let_queue_go_on()
    desk.send(4)
    settle(desk)
    check_end(desk)
    assert desk.parked() == ()


@pytest.mark.expects_log("a new epoch 2 was opened in all feeds")
def test_news_that_came_after_a_restore_are_taken_in(desk: Desk, tmp_path: Path) -> None:
    day = desk.day
    _copy_relay(day, tmp_path / "copy")
    day.safaricom.arm("result_late")
    desk.send(1)
    desk.news()
    _restore_relay(day, tmp_path / "copy")
    day.safaricom.release_callbacks()
    assert day.safaricom.wait_for(lambda: day.safaricom.held_back == 0)
    desk.news()
    assert desk.row(1).status is PayoutStatus.PAID
    check(desk)


def _copy_relay(day: Day, target: Path) -> None:
    day.stop_relay()
    shutil.copytree(day.folder / "relay", target)
    day.start_relay()


def _restore_relay(day: Day, source: Path, *, forget_high_water: bool = False) -> None:
    day.stop_relay()
    shutil.rmtree(day.folder / "relay")
    shutil.copytree(source, day.folder / "relay")
    if forget_high_water:
        day.relay_settings.high_water_file.unlink()
    day.start_relay()


def test_books_restored_from_an_old_copy_learn_of_the_payment_they_forgot(
    day: Day, tmp_path: Path
) -> None:
    shutil.copytree(day.folder / "office", tmp_path / "copy")
    with day.desk() as desk:
        desk.send(1)
        desk.news()
        assert desk.row(1).status is PayoutStatus.PAID
    shutil.rmtree(day.folder / "office")
    shutil.copytree(tmp_path / "copy", day.folder / "office")
    with day.desk() as desk:
        desk.sync()
        stop = desk.stop()
        assert stop is not None
        assert "restored from an older copy" in stop.reason
        desk.let_queue_go_on()
        desk.send(1)
        settle(desk, 1)
        check_end(desk)
        [facts] = desk.attempts()
        assert facts.status == "paid"


def test_a_computer_that_was_revoked_at_the_relay_is_told_and_sends_nothing(desk: Desk) -> None:
    day = desk.day
    assert day.relay is not None
    device = desk.office.relay(desk.run(desk.office.relays)[0]).connection.device_id
    day.relay.desk.revoke_device(device)
    desk.jobs()
    assert "revoked" in desk.read(relays.list_relays, None)[0].trouble
    with pytest.raises(OutsideUnavailable) as refused:
        desk.send(1)
    assert "Nothing was sent" in refused.value.message
    assert day.safaricom.messages == ()


def test_a_damaged_entry_stops_the_feed_and_what_came_before_it_counts(desk: Desk) -> None:
    """It is never skipped by the program; sending stands still, and the statement still settles what is open."""
    day = desk.day
    day.safaricom.arm("result_late")
    desk.send(2)
    desk.send(1)
    day.quiet()
    day.safaricom.release_callbacks()
    assert day.safaricom.wait_for(lambda: day.safaricom.held_back == 0)
    day.quiet()
    day.stop_relay()
    with sqlite3.connect(day.relay_settings.database_file) as file:
        file.execute(
            "UPDATE entry SET box = zeroblob(length(box)) WHERE seq = (SELECT max(seq) FROM entry)"
        )
    file.close()
    day.start_relay()
    desk.jobs()
    assert desk.row(1).status is PayoutStatus.PAID
    assert "could not be verified" in desk.read(relays.list_relays, None)[0].trouble
    with pytest.raises(OutsideUnavailable):
        desk.send(3)
    [payment] = payments_of(day.safaricom, desk.row(2).number)
    assert payment.finalised_at is not None
    desk.confirm_paid(2, payment.receipt, payment.finalised_at)
    check_end(desk)


def test_a_clock_that_was_put_back_delays_and_never_pays_twice(desk: Desk) -> None:
    """The PC was two days ahead when it sent, and then somebody put it right."""
    day = desk.day
    right = day.clock.now()
    day.later(days=2)
    day.safaricom.arm("hang_after_taking")
    day.safaricom.arm("result_lost", times=2)
    desk.send(1)
    desk.send(2)
    day.clock.set_to(right)
    settle(desk)
    check_end(desk)
