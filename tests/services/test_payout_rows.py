"""Rows and cards of many payouts are what they are one by one, and take the same few statements for any number."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from sacco_desktop.domain.payouts import PayoutStatus
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.payouts import payouts
from sacco_desktop.services.sending import payout_cards
from sacco_desktop.services.sending.payout_cards import PayoutCard
from sacco_desktop.services.sending.payout_sending import Route
from sacco_desktop.services.window import front_desk
from sacco_desktop.ui.pages.payouts.reading import Asked, Tab, locked_why, read_payouts, tab_of
from tests import make
from tests.make import PracticeOffice
from tests.statement_count import statements_of


def _some_of_each(office: PracticeOffice, via: Route) -> None:
    make.requested_payout(office)
    make.approved_payout(office)
    make.accepted(office, via=via)
    order = make.accepted(office, via=via)
    make.arrive(office, via.relay_id, (order.tag, make.paid_news(order)))


def _one_by_one(work: Work, _nothing: None) -> tuple[PayoutCard, ...]:
    every = payouts.list_payouts(work)
    return tuple(payout_cards.card(work, row.payout_id) for row in every)


def _at_once(work: Work, _nothing: None) -> tuple[PayoutCard, ...]:
    return payout_cards.cards_of(work, payouts.list_payouts(work))


def test_many_are_read_as_they_are_one_by_one(office: PracticeOffice) -> None:
    via = make.route(office, make.relay(office))
    _some_of_each(office, via)
    _some_of_each(office, via)
    at_once = office.read(_at_once, None)
    assert len(at_once) == 8
    assert at_once == office.read(_one_by_one, None)
    assert {card.row.status for card in at_once} == {
        PayoutStatus.DRAFT,
        PayoutStatus.APPROVED,
        PayoutStatus.IN_FLIGHT,
        PayoutStatus.PAID,
    }
    assert {card.row.approved_by for card in at_once} == {"", office.lucy.full_name}


def test_no_reading_of_the_window_asks_for_each_payout(office: PracticeOffice) -> None:
    via = make.route(office, make.relay(office))
    readings: dict[str, Callable[[], object]] = {
        tab: partial(office.read, read_payouts, Asked(frozenset([tab])), office.grace)
        for tab in Tab
    }
    readings["what waits"] = partial(office.read, front_desk.waiting, None, office.lucy)
    _some_of_each(office, via)
    few = {name: statements_of(office, read) for name, read in readings.items()}
    for _ in range(3):
        _some_of_each(office, via)
    many = {name: statements_of(office, read) for name, read in readings.items()}
    assert many == few


def test_a_tab_that_is_not_seen_is_counted_and_not_read(office: PracticeOffice) -> None:
    _some_of_each(office, make.route(office, make.relay(office)))
    view = office.read(read_payouts, Asked(frozenset([Tab.DONE])), office.grace)
    whole = office.read(read_payouts, Asked(), office.grace)
    assert (view.to_send, view.in_flight, len(view.done)) == ((), (), 1)
    assert view.counts == whole.counts
    # What is paid and only awaits its proof stands beside those on their way and is not counted with them.
    assert view.counts == {Tab.TO_SEND: 2, Tab.IN_FLIGHT: 1, Tab.DONE: 1, Tab.PROBLEMS: 0}
    ready = [each.row.mpesa_cents for each in whole.to_send if each.card.chip == "ready"]
    assert view.ready_cents == sum(ready) > 0


def test_every_number_leads_to_its_tab(office: PracticeOffice) -> None:
    _some_of_each(office, make.route(office, make.relay(office)))
    whole = office.read(read_payouts, Asked(), office.grace)
    for each in whole.to_send:
        assert office.read(tab_of, each.row.number, office.grace) is Tab.TO_SEND
    for card in whole.in_flight:
        assert office.read(tab_of, card.row.number, office.grace) is Tab.IN_FLIGHT
    assert office.read(tab_of, "PO-2026-99999", office.grace) is Tab.DONE


def test_whoever_approved_is_not_asked_to_send(office: PracticeOffice) -> None:
    row = make.approved_payout(office)
    assert office.read(front_desk.waiting, None, office.grace).payouts == 1
    assert office.read(front_desk.waiting, None, office.lucy).payouts == 0
    assert office.read(locked_why, row.payout_id, office.grace) == ""
    assert "someone else must send it" in office.read(locked_why, row.payout_id, office.lucy)
