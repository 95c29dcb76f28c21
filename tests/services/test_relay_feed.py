"""Slices of a feed: entry, effect and position move together, and one bad entry never holds back the others."""

from dataclasses import replace
from typing import Any

import pytest

from sacco_desktop.domain.errors import InvalidInput, NotAllowed, NotFound, WrongState
from sacco_desktop.domain.payouts import PayoutStatus
from sacco_desktop.services.feed import relay_feed
from sacco_desktop.services.feed.relay_feed import Dismissal, OtherNews, Retry, UnreadableNews
from sacco_desktop.services.payouts import payouts
from sacco_desktop.services.relays import relays
from sacco_desktop.services.sending import payout_news, queue_stops
from sacco_desktop.services.sending.payout_intents import IntentNews
from sacco_desktop.services.sending.payout_sending import SendOrder
from tests import make
from tests.make import PracticeOffice

pytestmark = pytest.mark.paying_office
ONE, TWO = 1, 2


@pytest.fixture
def order(office: PracticeOffice) -> SendOrder:
    """Payout 1, taken by M-Pesa."""
    return make.accepted(office, office.read(payouts.row_of, 1), make.route(office, ONE))


def _sequence(office: PracticeOffice, relay: int = ONE) -> int:
    return int(office.sql("SELECT sequence FROM relay WHERE id = ?", relay)[0][0])


def _is_paid(office: PracticeOffice) -> bool:
    return office.read(payouts.row_of, 1).status is PayoutStatus.PAID


def test_the_position_moves_with_the_effects(office: PracticeOffice, order: SendOrder) -> None:
    piece = make.next_slice(office, ONE, [(order.tag, make.paid_news(order))] * 3)
    taken = office.write(relay_feed.take_in, piece)
    assert (taken.applied, taken.parked, taken.was_stale) == (3, 0, False)
    assert (_sequence(office), office.count("relay_entry"), _is_paid(office)) == (3, 3, True)
    row = office.read(relays.list_relays, None)[0]
    assert (row.chain_hash, row.read_to_head_at) == (piece.end.chain_hash, office.clock.now())


def test_a_slice_that_another_program_took_in_already_changes_nothing(
    office: PracticeOffice, order: SendOrder
) -> None:
    piece = make.next_slice(office, ONE, [(order.tag, make.paid_news(order))])
    office.write(relay_feed.take_in, piece)
    assert office.write(relay_feed.take_in, piece).was_stale
    assert (_sequence(office), office.count("relay_entry")) == (1, 1)


@pytest.mark.parametrize("change", [{"epoch": 2}, {"sequence": 7}, {"chain_hash": b"x" * 32}])
def test_a_slice_that_does_not_follow_our_position_changes_nothing(
    office: PracticeOffice, order: SendOrder, change: dict[str, Any]
) -> None:
    piece = make.next_slice(office, ONE, [(order.tag, make.paid_news(order))])
    stale = replace(piece, after=replace(piece.after, **change))
    assert office.write(relay_feed.take_in, stale).was_stale
    assert (_sequence(office), _is_paid(office)) == (0, False)


def test_a_slice_that_breaks_off_moves_neither_position_nor_effect(
    office: PracticeOffice, order: SendOrder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def the_power_goes(*_args: object) -> None:
        raise RuntimeError("the power goes")

    piece = make.next_slice(office, ONE, [(order.tag, make.paid_news(order, amount_cents=1))])
    monkeypatch.setattr(payout_news, "flag_misfit", the_power_goes)
    with pytest.raises(RuntimeError):
        office.write(relay_feed.take_in, piece)
    assert (_sequence(office), office.count("relay_entry"), _is_paid(office)) == (0, 0, False)


def test_each_relay_has_a_position_of_its_own(office: PracticeOffice) -> None:
    make.arrive(office, TWO, (None, OtherNews("A word of the relay.")))
    assert (_sequence(office, ONE), _sequence(office, TWO)) == (0, 1)


def test_a_parked_entry_does_not_hold_back_those_behind_it(
    office: PracticeOffice, order: SendOrder
) -> None:
    bad = make.paid_news(order, amount_cents=1)
    taken = make.arrive(
        office,
        ONE,
        (order.tag, bad),
        (None, UnreadableNews("It is no JSON.")),
        (order.tag, make.paid_news(order)),
    )
    assert (taken.applied, taken.parked) == (1, 2)
    assert _is_paid(office)
    reasons = [entry.reason for entry in office.read(relay_feed.list_parked, None)]
    assert reasons[1] == "It is no JSON."


@pytest.mark.expects_log("An entry of the feed could not be applied")
def test_a_bug_in_one_entry_parks_it_logs_it_and_spares_the_others(
    office: PracticeOffice, order: SendOrder
) -> None:
    broken = make.paid_news(order, receipt=object())
    taken = make.arrive(office, ONE, (order.tag, broken), (order.tag, make.paid_news(order)))
    assert (taken.applied, taken.parked) == (1, 1)
    assert _is_paid(office)
    (parked,) = office.read(relay_feed.list_parked, None)
    assert parked.reason == (
        "The program could not apply this. The log says why; nothing was booked."
    )


def test_what_a_refused_entry_had_begun_to_write_is_taken_back(
    office: PracticeOffice, order: SendOrder
) -> None:
    other = make.accepted(office, make.approved_payout(office), make.route(office, ONE))
    make.arrive(office, ONE, (order.tag, make.paid_news(order)))
    reused = make.paid_news(
        other, receipt=make.receipt(order), stops_queue=True, utility_available_cents=7
    )
    make.arrive(office, ONE, (other.tag, reused))
    assert office.count("float_reading") == 0
    assert office.count("journal_entry", "kind = 'loan_disbursement'") == 1


def test_words_of_the_relay_itself_are_noted(office: PracticeOffice) -> None:
    taken = make.arrive(office, ONE, (None, OtherNews("Our own test of the relay.")))
    assert (taken.applied, taken.parked) == (1, 0)
    words = office.as_kept("relay_entry.outcome", "Our own test of the relay.")
    assert office.sql("SELECT state, outcome FROM relay_entry") == [("noted", words)]


def _parked_id(office: PracticeOffice) -> int:
    return office.read(relay_feed.list_parked, None)[0].entry_id


def test_a_parked_entry_is_tried_again_and_then_counts(
    office: PracticeOffice, order: SendOrder
) -> None:
    """It could not be read, and a newer program can."""
    make.arrive(office, ONE, (order.tag, UnreadableNews("Unknown form.")))
    words = office.write(relay_feed.retry, Retry(_parked_id(office), make.paid_news(order)))
    assert words.startswith("Paid, receipt")
    assert _is_paid(office)
    assert office.read(relay_feed.list_parked, None) == ()


def test_a_misfit_that_is_tried_again_does_not_stop_the_queue_again(
    office: PracticeOffice, order: SendOrder
) -> None:
    bad = make.paid_news(order, amount_cents=1)
    make.arrive(office, ONE, (order.tag, bad))
    stop = office.read(queue_stops.standing, None)
    assert stop is not None
    clearing = queue_stops.Clearing(stop.stop_id, "Compared with the statement.")
    office.write(queue_stops.clear, clearing, office.grace)
    office.write(relay_feed.retry, Retry(_parked_id(office), bad), office.grace)
    assert office.read(queue_stops.standing, None) is None
    assert office.read(relay_feed.list_parked, None)[0].tries == 2


def test_an_entry_that_waits_no_more_is_not_tried_again(
    office: PracticeOffice, order: SendOrder
) -> None:
    make.arrive(office, ONE, (order.tag, make.paid_news(order)))
    for entry_id in (1, 99):
        with pytest.raises(WrongState, match="waits no more"):
            office.write(relay_feed.retry, Retry(entry_id, make.paid_news(order)))
        with pytest.raises(WrongState, match="waits no more"):
            office.write(relay_feed.dismiss, Dismissal(entry_id, "Seen."), office.grace)


def test_a_treasurer_lets_a_parked_entry_rest_with_a_reason(office: PracticeOffice) -> None:
    make.arrive(office, ONE, ("0" * 32, UnreadableNews("It is no JSON.")))
    entry_id = _parked_id(office)
    with pytest.raises(InvalidInput):
        office.write(relay_feed.dismiss, Dismissal(entry_id, " "), office.grace)
    for person in (office.peter, office.daniel, office.admin):
        with pytest.raises(NotAllowed):
            office.write(relay_feed.dismiss, Dismissal(entry_id, "Seen."), person)
    office.write(relay_feed.dismiss, Dismissal(entry_id, "A test of Safaricom."), office.grace)
    assert office.read(relay_feed.list_parked, None) == ()
    words = "It is no JSON. Let rest by Grace Wanjiru: A test of Safaricom."
    ((state, outcome),) = office.sql("SELECT state, outcome FROM relay_entry")
    assert (state, outcome) == ("noted", office.as_kept("relay_entry.outcome", words))


def test_only_the_clock_takes_in_and_only_those_who_settle_try_again(
    office: PracticeOffice, order: SendOrder
) -> None:
    piece = make.next_slice(office, ONE, [(order.tag, UnreadableNews("No JSON."))])
    for person in (office.peter, office.daniel, office.grace, office.admin):
        with pytest.raises(NotAllowed):
            office.write(relay_feed.take_in, piece, person)
    office.write(relay_feed.take_in, piece)
    again = Retry(_parked_id(office), make.paid_news(order))
    for person in (office.peter, office.daniel, office.admin):
        with pytest.raises(NotAllowed):
            office.write(relay_feed.retry, again, person)
    office.write(relay_feed.retry, again, office.grace)


def test_a_slice_of_an_unknown_relay_is_refused(office: PracticeOffice, order: SendOrder) -> None:
    piece = make.next_slice(office, ONE, [])
    with pytest.raises(NotFound):
        office.write(relay_feed.take_in, replace(piece, relay_id=99))


def test_an_empty_slice_at_the_head_says_that_all_was_read(office: PracticeOffice) -> None:
    office.write(relay_feed.take_in, make.next_slice(office, ONE, []))
    assert office.read(relays.list_relays, None)[0].read_to_head_at == office.clock.now()


# Intents that the books forgot.


def _intent(order: SendOrder, **changes: Any) -> IntentNews:
    news = IntentNews(
        order.originator_conversation_id,
        order.payout_number,
        order.phone,
        order.amount_shillings,
    )
    return replace(news, **changes)


def test_an_intent_that_the_books_know_is_applied(office: PracticeOffice, order: SendOrder) -> None:
    assert make.arrive(office, ONE, (None, _intent(order))).parked == 0


@pytest.mark.parametrize(
    "change",
    [
        {"originator_conversation_id": "PO-2026-0009-abc"},
        {"phone": "254799999999"},
        {"amount_shillings": 7},
    ],
    ids=["another id", "the same id for another phone", "the same id for another sum"],
)
def test_an_intent_that_the_books_forgot_stops_the_queue(
    office: PracticeOffice, order: SendOrder, change: dict[str, Any]
) -> None:
    """Restored books give numbers out anew, so the same id may stand for another payment."""
    assert make.arrive(office, ONE, (None, _intent(order, **change))).parked == 1
    stop = office.read(queue_stops.standing, None)
    assert stop is not None
    assert "restored from an older copy" in stop.reason
