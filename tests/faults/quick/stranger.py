"""Somebody who knows the token of our relay, and perhaps the ids and the sum of a payment, but not its tag."""

from __future__ import annotations

import random
from collections.abc import Callable

from sacco_desktop.services.relays import relays
from tests.faults.desk import AttemptFacts
from tests.faults.quick.desk import QuickDesk
from tests.faults.quick.town import QuickDay


class Stranger:
    """Forges results about the payments that the desk which `at` gives has sent."""

    def __init__(self, day: QuickDay, chance: random.Random, at: Callable[[], QuickDesk]) -> None:
        self._day, self._chance, self._at = day, chance, at

    def forge(self) -> None:
        """Post one result, rather about a payment that is open."""
        desk = self._at()
        attempts = desk.attempts()
        if not attempts:
            return
        are_open = [facts for facts in attempts if facts.status in ("accepted", "unknown")]
        facts = self._chance.choice(are_open or attempts)
        row = next(r for r in desk.stand().payouts if r.payout_id == facts.payout_id)
        shillings = self._chance.choice((row.mpesa_cents // 100, row.mpesa_cents // 100, 1))
        code = self._chance.choice((0, 0, 0, 1, 2040))
        relay = self._chance.choice(desk.read(relays.list_relays, None))
        tag = self._chance.randbytes(16).hex()
        address = f"{relay.callback_url}/c/{relay.token}/b2c-result/{tag}"
        self._day.post(address, forged_result(facts, code, shillings))


def forged_result(facts: AttemptFacts, code: int, shillings: int) -> dict[str, object]:
    """A result as Safaricom would write it, by somebody who is not Safaricom."""
    items = {"TransactionAmount": shillings, "TransactionReceipt": "FORGED0001"}
    return {
        "Result": {
            "ResultType": 0,
            "ResultCode": code,
            "ResultDesc": "The service request is processed successfully.",
            "OriginatorConversationID": facts.originator_id,
            "ConversationID": facts.conversation_id or "",
            "TransactionID": "FORGED0001",
            "ResultParameters": {
                "ResultParameter": [{"Key": key, "Value": value} for key, value in items.items()]
            },
        }
    }
