"""Lets the relays refuse payments by the rules of the society: marks of its accounts, renewed before they expire."""

from __future__ import annotations

import hashlib
import hmac
from datetime import timedelta

from callback_relay.protocol.validation import Policy
from sacco_desktop.domain.errors import SaccoError
from sacco_desktop.gateways.relay.client import RelayClient
from sacco_desktop.operations.lanes import Lane
from sacco_desktop.operations.office import Office
from sacco_desktop.services.collecting import payment_checks
from sacco_desktop.services.collecting.payment_checks import PaymentChecks

# When this office is away for longer, every payment is accepted again.
_HOLDS = timedelta(hours=48)
# A relay that was started afresh knows nothing of them.
_RENEWED_AFTER = timedelta(hours=3)


async def renew(office: Office) -> str:
    """Tell every relay in use what to refuse, or that nothing is refused any more. A relay that does not take it
    accepts every payment, and the words say so.
    """
    wanted = await office.read(payment_checks.wanted, None)
    told = office.payments_checked
    if (None if told is None else told[0]) == wanted and (
        told is None or office.now() - told[1] < _RENEWED_AFTER
    ):
        return ""
    troubles = []
    for row in await office.relays():
        if not row.is_used:
            continue
        try:
            relay = office.relay(row)
            policy = await _policy(office, relay, wanted) if wanted else None
            await relay.set_validation(policy)
        except SaccoError as trouble:
            troubles.append(f"{row.name} accepts every payment: {trouble.message}")
    if not troubles:
        office.payments_checked = None if wanted is None else (wanted, office.now())
    return " ".join([wanted.words if wanted else "", *troubles]).strip()


async def _policy(office: Office, relay: RelayClient, wanted: PaymentChecks) -> Policy:
    """The marks under a key that follows from a secret of the society and leads back to none."""
    secret = relay.connection.society.tag_key
    key = hmac.digest(secret, b"accounts of payments 1", hashlib.sha256)
    until = office.now() + _HOLDS
    return await office.lanes.await_on(
        Lane.READ, lambda: Policy.of(key, wanted.accounts, wanted.least_cents, until)
    )
