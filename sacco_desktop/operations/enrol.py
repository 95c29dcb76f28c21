"""Enrols this office: at a relay by a pairing code, and at M-Pesa by its key, secret, user and certificate."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from urllib.parse import urlsplit

from callback_relay.protocol.chain import Position
from sacco_desktop.gateways.daraja.credential import certificate_facts
from sacco_desktop.gateways.relay.client import RelayClient
from sacco_desktop.gateways.relay.pairing import pair
from sacco_desktop.operations.office import (
    MpesaSecrets,
    Office,
    mpesa_secret_name,
    relay_secret_name,
)
from sacco_desktop.services import mpesa_connections, relays
from sacco_desktop.services.mpesa_connections import ConnectionFacts
from sacco_desktop.services.relays import NewRelay
from sacco_desktop.services.work import Actor


@dataclass(frozen=True, slots=True)
class PairingCode:
    """What the relay's operator gives: a name for it, its address and a code that works once."""

    name: str
    api_url: str
    code: str = field(repr=False)
    device_name: str


async def enrol_at_relay(office: Office, code: PairingCode, actor: Actor) -> int:
    """Pair with a relay, keep its keys in the keyring, get a callback token, and write the relay down.

    The keys are kept before the relay is written down: a crash in between leaves keys that nobody uses, never a relay
    without its keys.
    """
    connection = await pair(
        code.api_url, code.code, code.device_name, http=office.http(), now=office.now
    )
    office.secrets.write(relay_secret_name(code.name), connection.to_secret())
    client = RelayClient(connection, office.http(), office.now)
    token = await client.new_token("payout")
    start = Position.start(connection.tenant)
    return await office.write(
        relays.add,
        NewRelay(
            name=code.name,
            api_url=connection.api_url,
            callback_url=connection.callback_url,
            host=urlsplit(connection.callback_url).netloc,
            tenant=connection.tenant,
            token=token.token,
            epoch=start.epoch,
            sequence=start.sequence,
            chain_hash=start.chain_hash,
        ),
        actor,
    )


@dataclass(frozen=True, slots=True)
class MpesaAccess:
    """The connection and its secrets, as an administrator enters them."""

    facts: ConnectionFacts
    secrets: MpesaSecrets


async def connect_mpesa(office: Office, access: MpesaAccess, actor: Actor) -> str:
    """Keep the secrets in the keyring and the facts in the books, then check key and secret. Returns the fingerprint.

    Raises InvalidInput, or OutsideUnavailable when M-Pesa refuses the key or cannot be reached; both are kept anyway.
    """
    await office.write(mpesa_connections.save, access.facts, actor)
    office.secrets.write(
        mpesa_secret_name(access.facts.environment), json.dumps(asdict(access.secrets))
    )
    client = await office.mpesa()
    await client.check_keys()
    return certificate_facts(access.facts.certificate).sha256_fingerprint
