"""A relay that is away may be let rest by a person, never the last one, and comes back only when it has been read."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sacco_desktop.domain.errors import InvalidInput, NotAllowed, WrongState
from sacco_desktop.services.payouts import payouts
from sacco_desktop.services.relays import relay_rests, relays
from sacco_desktop.services.relays.relay_rests import LetRest, Waking
from sacco_desktop.services.relays.relays import RelayTrouble
from sacco_desktop.services.sending import payout_intents
from tests import make
from tests.make import PracticeOffice

pytestmark = pytest.mark.paying_office
ONE, TWO = 1, 2


def _in_use(office: PracticeOffice) -> list[int]:
    return [row.relay_id for row in office.read(relays.list_relays, None) if row.is_used]


def test_a_treasurer_lets_a_relay_rest_with_a_reason_but_never_the_last_one(
    office: PracticeOffice,
) -> None:
    with pytest.raises(InvalidInput):
        office.write(relay_rests.let_rest, LetRest(ONE, " "), office.grace)
    with pytest.raises(NotAllowed):
        office.write(relay_rests.let_rest, LetRest(ONE, "Away"), office.peter)
    office.write(relay_rests.let_rest, LetRest(ONE, "Its host is down."), office.grace)
    assert _in_use(office) == [TWO]
    assert office.read(relays.list_relays, None)[0].rest_reason == "Its host is down."
    with pytest.raises(WrongState, match="rests already"):
        office.write(relay_rests.let_rest, LetRest(ONE, "Again"), office.grace)
    with pytest.raises(WrongState, match="only relay in use"):
        office.write(relay_rests.let_rest, LetRest(TWO, "Away too"), office.grace)


def test_it_comes_back_only_when_its_feed_has_been_read_to_its_head(
    office: PracticeOffice,
) -> None:
    with pytest.raises(WrongState, match="in use already"):
        office.write(relay_rests.wake, Waking(ONE), office.grace)
    office.write(relay_rests.let_rest, LetRest(ONE, "Away"), office.grace)
    with pytest.raises(WrongState, match="not been read"):
        office.write(relay_rests.wake, Waking(ONE), office.grace)
    office.clock.advance(minutes=1)
    make.arrive(office, ONE)
    office.write(relays.note_trouble, RelayTrouble(ONE, "It cannot be reached."))
    with pytest.raises(WrongState, match="not been read"):
        office.write(relay_rests.wake, Waking(ONE), office.grace)
    make.arrive(office, ONE)
    office.write(relay_rests.wake, Waking(ONE), office.grace)
    assert _in_use(office) == [ONE, TWO]
    office.write(relay_rests.let_rest, LetRest(ONE, "Away again"), office.grace)
    assert office.count("relay_rest") == 2


def test_what_went_out_while_it_rested_is_known_by_its_intents(office: PracticeOffice) -> None:
    office.write(relay_rests.let_rest, LetRest(ONE, "Its host is down."), office.grace)
    [name] = [row.name for row in office.read(relays.list_relays, None) if not row.is_used]
    assert office.read(payout_intents.sent_since_rest, name) == ()
    # Somebody puts the clock back meanwhile, and it is known all the same.
    office.clock.set_to(office.clock.now() - timedelta(days=20))
    order = make.accepted(office, office.read(payouts.row_of, 1), make.route(office, TWO))
    [missed] = office.read(payout_intents.sent_since_rest, name)
    assert payout_intents.intent_of(missed) == payout_intents.intent_of(order)
    assert payout_intents.note_id(missed) == payout_intents.note_id(order)
