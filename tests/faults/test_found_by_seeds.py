"""What seeded histories have found in the program, each as the shortest day on which it showed."""

import json
import shutil

import pytest
from sqlalchemy import select

from sacco_desktop.db.tables import RelayEntry
from sacco_desktop.domain.errors import SamePerson, WrongState
from sacco_desktop.domain.payouts import (
    AttemptStatus,
    PayoutStatus,
    intent_note_id,
    originator_conversation_id,
)
from sacco_desktop.services.books import numbering
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.feed import relay_feed
from sacco_desktop.services.feed.relay_feed import Dismissal
from sacco_desktop.services.office import society
from sacco_desktop.services.payouts import forgotten_payments, payouts
from sacco_desktop.services.payouts.payout_moves import load_payout
from sacco_desktop.services.payouts.payouts import NewPayout, PayoutChange
from sacco_desktop.services.relays import relays
from sacco_desktop.services.sending import queue_stops
from sacco_desktop.services.sending.queue_stops import Clearing
from tests.faults.histories import Died
from tests.faults.people import settle
from tests.faults.planted import use_version
from tests.faults.quick.town import QuickDay, QuickDesk, QuickTown
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
        settle(desk, PAYOUT)
        check_end(desk)
        assert desk.row(PAYOUT).status is PayoutStatus.PAID
        desk.close()


def _restore(day: QuickDay, desk: QuickDesk) -> QuickDesk:
    """The books of the first morning come back, as the program brings them back."""
    desk.close()
    day.bring_back(day.start.books)
    return day.open_desk()


@pytest.mark.parametrize("version", ["v1", "v3"])
def test_restored_books_let_nobody_take_back_what_they_may_have_forgotten(
    quick_town: QuickTown, version: str
) -> None:
    """It ended cancelled although M-Pesa had paid it, and its loan could be asked for again (seeds 169 and 491)."""
    with quick_town.day(1) as day:
        desk = day.open_desk()
        desk.write(use_version, version)
        day.safaricom.arm("result_lost")
        desk.send(PAYOUT)
        desk = _restore(day, desk)
        with pytest.raises(WrongState, match="came back from a copy"):
            desk.write(payouts.take_back, _change(desk), "grace")
        with pytest.raises(WrongState, match="came back from a copy"):
            desk.write(payouts.ask_again, _change(desk), "grace")
        desk.sync()
        assert desk.attempt(PAYOUT).status == AttemptStatus.UNKNOWN
        assert desk.attempt(PAYOUT).b2c_version == version
        with pytest.raises(WrongState, match="cannot be taken back"):
            desk.write(payouts.take_back, _change(desk), "grace")
        settle(desk, PAYOUT)
        check_end(desk)
        assert desk.row(PAYOUT).status is PayoutStatus.PAID
        desk.close()


def test_what_waits_for_approval_in_restored_books_is_a_doubt_as_soon_as_it_is_approved(
    quick_town: QuickTown,
) -> None:
    """Nothing goes out without approval in the books, not even on paper; until then nobody takes it back."""
    with quick_town.day(1) as day:
        desk = day.open_desk()
        desk.write(payouts.ask_again, _change(desk), "grace")
        desk.close()
        copy = day.shelf.keep()
        desk = day.open_desk()
        desk.approve_payout(PAYOUT)
        day.safaricom.arm("result_lost")
        desk.send(PAYOUT)
        desk.close()
        day.bring_back(copy)
        desk = day.open_desk()
        desk.sync()
        with pytest.raises(WrongState, match="forgot"):
            desk.write(payouts.take_back, _change(desk), "grace")
        with pytest.raises(WrongState, match="forgot"):
            desk.let_queue_go_on()
        desk.approve_payout(PAYOUT)
        assert desk.attempt(PAYOUT).status == AttemptStatus.UNKNOWN
        settle(desk, PAYOUT)
        check_end(desk)
        assert desk.row(PAYOUT).status is PayoutStatus.PAID
        desk.close()


@pytest.mark.parametrize("version", ["v1", "v3"])
def test_what_never_left_when_the_copy_was_made_may_have_left_since(
    quick_town: QuickTown, version: str
) -> None:
    """The relay knows that intent already, so nothing in its feed tells that it went out under it afterwards."""
    with quick_town.day(1) as day:
        desk = day.open_desk()
        desk.write(use_version, version)
        day.safaricom.arm("spike_arrest")
        desk.send(PAYOUT)
        desk.sync()
        assert desk.attempt(PAYOUT).status == AttemptStatus.UNSENT
        desk.close()
        copy = day.shelf.keep()
        desk = day.open_desk()
        day.safaricom.arm("result_lost")
        desk.send(PAYOUT)
        desk.close()
        day.bring_back(copy)
        desk = day.open_desk()
        desk.sync()
        assert desk.attempt(PAYOUT).status == AttemptStatus.UNKNOWN
        settle(desk, PAYOUT)
        check_end(desk)
        assert desk.row(PAYOUT).status is PayoutStatus.PAID
        desk.close()


def _lay_down(desk: QuickDesk, originator_id: str, number: str, phone: str) -> None:
    """What a relay holds of a payment that went out of books that are gone."""
    said = {"id": originator_id, "payout": number, "phone": phone, "shillings": 777}
    row = desk.run(desk.office.relays)[0]
    note = intent_note_id(originator_id), json.dumps(said).encode()
    desk.run(lambda: desk.office.relay(row).lay_down_note(*note))


def test_a_payment_of_which_restored_books_know_nothing_is_settled_by_two_people(
    quick_town: QuickTown,
) -> None:
    """Whoever let the queue go on alone, without the statement, would have paid it again."""
    with quick_town.day(1) as day:
        desk = day.open_desk()
        _lay_down(desk, "PO-2026-0900-abc", "PO-2026-0900", "254799999999")
        desk.sync()
        [entry] = desk.parked()
        found = Dismissal(entry.entry_id, "The statement does not show it.")
        with pytest.raises(WrongState, match="PO-2026-0900"):
            desk.let_queue_go_on()
        with pytest.raises(WrongState, match="PO-2026-0900"):
            desk.write(payouts.take_back, _change(desk), "grace")
        with pytest.raises(WrongState, match="24 hours"):
            desk.write(relay_feed.dismiss, found, "grace")
        day.later(hours=25)
        desk.sync()
        desk.write(relay_feed.dismiss, found, "grace")
        with pytest.raises(SamePerson):
            desk.let_queue_go_on()
        stop = desk.stop()
        assert stop is not None
        desk.write(queue_stops.clear, Clearing(stop.stop_id, "I compared it too."), "lucy")
        desk.send(PAYOUT)
        settle(desk, PAYOUT)
        check_end(desk)
        # Neither its number nor its id is ever given out again.
        assert desk.write(_next_number, None) == 901
        assert desk.read(forgotten_payments.is_used, "PO-2026-0900-abc")
        desk.close()


def test_an_id_that_went_out_for_another_payment_is_not_used_again(quick_town: QuickTown) -> None:
    """M-Pesa would take ours for that one, and its answers would fit nothing."""
    with quick_town.day(1) as day:
        desk = day.open_desk()
        own_id = desk.read(_first_id, PAYOUT)
        _lay_down(desk, own_id, desk.row(PAYOUT).number, "254799999999")
        desk.sync()
        day.later(hours=25)
        desk.sync()
        [entry] = desk.parked()
        given = Dismissal(entry.entry_id, "The statement does not show it.")
        desk.write(relay_feed.dismiss, given, "lucy")
        desk.let_queue_go_on()
        desk.send(PAYOUT)
        settle(desk, PAYOUT)
        check_end(desk)
        assert desk.attempt(PAYOUT).originator_id != own_id
        desk.close()


def test_a_payout_asked_for_in_place_of_one_that_the_books_forgot_is_that_payment(
    quick_town: QuickTown,
) -> None:
    """The forgotten books had taken it back and asked for it under another number, by which M-Pesa paid it."""
    with quick_town.day(1) as day:
        desk = day.open_desk()
        desk.write(payouts.take_back, _change(desk), "grace")
        loan_id = desk.row(PAYOUT).loan_id
        assert loan_id is not None
        row = desk.write(payouts.request, NewPayout("anew", loan_id), "grace")
        desk.approve_payout(row.payout_id)
        day.safaricom.arm("result_lost")
        desk.send(row.payout_id)
        [paid] = day.safaricom.transactions
        desk = _restore(day, desk)
        desk.sync()
        assert desk.attempt(PAYOUT).originator_id == paid.originator_id
        day.later(minutes=5)
        desk.jobs()
        desk.news()
        assert desk.row(PAYOUT).receipt == paid.receipt
        assert desk.write(_next_number, None) > int(row.number.split("-")[-1])
        desk.close()


def _next_number(work: Work, _nothing: None) -> int:
    return numbering.next_in(work, "payout/2026")


def _first_id(work: Work, payout_id: int) -> str:
    return originator_conversation_id(
        society.books_id(work), load_payout(work, payout_id).number, 0
    )


def _change(desk: QuickDesk) -> PayoutChange:
    return PayoutChange(PAYOUT, desk.row(PAYOUT).version, "Not now")


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


def test_a_relay_that_forgot_unnoticed_and_went_on_is_read_all_the_same(
    quick_town: QuickTown,
) -> None:
    """It gave a number of the same epoch out twice, and the books refused the second entry for ever (seed 4349)."""
    with quick_town.day(1) as day:
        desk, place = day.open_desk(), day.places[0]
        desk.send(PAYOUT)
        place.stop()
        folder, copy = place.settings.data_dir, day.folder / "relay-copy"
        shutil.copytree(folder, copy)
        place.start()
        desk.send(2)
        desk.sync()
        place.stop()
        shutil.rmtree(folder)
        shutil.copytree(copy, folder)
        place.settings.high_water_file.unlink(missing_ok=True)
        place.start()
        # A stranger's word lies where the books have read another one, before any PC can tell that relay.
        row = desk.read(relays.list_relays, None)[0]
        address = f"{row.callback_url}/c/{row.token}/b2c-result/{'0' * 32}"
        day.post(address, {"Result": {"ResultType": 0}})
        desk.sync()
        assert desk.read(_read_twice, None) > 0
        desk.let_queue_go_on()
        desk.send(3)
        settle(desk)
        check_end(desk)
        desk.close()


def _read_twice(work: Work, _nothing: None) -> int:
    places = work.session.execute(select(RelayEntry.epoch, RelayEntry.sequence)).all()
    return len(places) - len(set(places))
