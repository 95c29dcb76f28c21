"""Takes a relay back into use: reads it to its head, tells it what it missed, and only then sends by it again."""

from __future__ import annotations

from sacco_desktop.domain.errors import NotFound
from sacco_desktop.operations.office import Office
from sacco_desktop.operations.sync_relays import sync_all
from sacco_desktop.services.books.work import Actor
from sacco_desktop.services.relays import relay_rests
from sacco_desktop.services.relays.relay_rests import Waking
from sacco_desktop.services.sending import payout_intents


async def wake_relay(office: Office, relay_id: int, actor: Actor) -> None:
    """Lay down at the relay the intents of all payments that went out without it, then use it again.

    Otherwise books restored from an old copy would not find them there. Raises WrongState when its feed cannot be read
    to its head, OutsideUnavailable when it goes away in between.
    """
    await sync_all(office)
    row = next((row for row in await office.relays() if row.relay_id == relay_id), None)
    if row is None:
        raise NotFound("There is no such relay.")
    if row.rests_since is not None and not row.trouble:
        relay = office.relay(row)
        for order in await office.read(payout_intents.sent_since_rest, row.name):
            await relay.lay_down_note(
                payout_intents.note_id(order), payout_intents.intent_of(order)
            )
    await office.write(relay_rests.wake, Waking(relay_id), actor)
