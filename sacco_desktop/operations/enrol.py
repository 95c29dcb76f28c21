"""Enrols this office: at a relay by a pairing code, and at M-Pesa by its key, secret, user and certificate."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from urllib.parse import urlsplit

from callback_relay.protocol.chain import Position
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.gateways.daraja.credential import as_pem, certificate_facts
from sacco_desktop.gateways.relay.client import RelayClient
from sacco_desktop.gateways.relay.pairing import pair
from sacco_desktop.operations.office import (
    MpesaSecrets,
    Office,
    mpesa_secret_name,
    relay_secret_name,
)
from sacco_desktop.services.books.work import Actor
from sacco_desktop.services.office import mpesa_connections
from sacco_desktop.services.office.mpesa_connections import ConnectionFacts
from sacco_desktop.services.relays import relays
from sacco_desktop.services.relays.relays import NewRelay

_SECRET_WORDS = {
    "consumer_key": "the consumer key of the app on the Daraja portal",
    "consumer_secret": "the consumer secret of the app on the Daraja portal",
    "initiator_password": "the password of the API operator",
}


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
    # Asked first: the keys of a relay that has this name already must not be overwritten by those of another one.
    await office.read(relays.check_new, code.name, actor)
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
class LoadedCertificate:
    """A certificate file as text for the books, and what a person compares before trusting it."""

    pem: str
    subject: str
    fingerprint: str

    def words(self, bytes_a_line: int = 16) -> str:
        """Subject and fingerprint in lines that a person can compare with the portal's."""
        return f"{self.subject}\nSHA-256\n{in_lines(self.fingerprint, bytes_a_line)}"


def in_lines(fingerprint: str, bytes_a_line: int = 16) -> str:
    """A fingerprint in lines of so many bytes; as one word it would be cut in a narrow place."""
    parts = fingerprint.split(":")
    return "\n".join(
        ":".join(parts[start : start + bytes_a_line])
        for start in range(0, len(parts), bytes_a_line)
    )


def load_certificate(content: bytes) -> LoadedCertificate:
    """Read a certificate file from the portal, as text or binary. Raises InvalidInput under `certificate_pem`."""
    facts = certificate_facts(content)
    return LoadedCertificate(as_pem(content), facts.subject, facts.sha256_fingerprint)


@dataclass(frozen=True, slots=True)
class MpesaAccess:
    """The connection and its secrets, as an administrator enters them. An empty secret keeps the one before."""

    facts: ConnectionFacts
    secrets: MpesaSecrets


async def connect_mpesa(office: Office, access: MpesaAccess, actor: Actor) -> str:
    """Keep the secrets in the keyring and the facts in the books, then check key and secret. Returns the fingerprint.

    Raises InvalidInput, or OutsideUnavailable when M-Pesa refuses the key or cannot be reached; both are kept anyway.
    """
    secrets = _with_kept(office, access)
    fingerprint = certificate_facts(access.facts.certificate).sha256_fingerprint
    # Judged before anything is kept: a connection that cannot be built would stop every payment.
    office.connection(access.facts, secrets)
    await office.write(mpesa_connections.save, access.facts, actor)
    office.secrets.write(mpesa_secret_name(access.facts.environment), json.dumps(asdict(secrets)))
    await office.forget_mpesa()
    client = await office.mpesa()
    await client.check_keys()
    return fingerprint


def _with_kept(office: Office, access: MpesaAccess) -> MpesaSecrets:
    """The secrets typed, and those kept where nothing was typed. Raises InvalidInput under the one that is missing."""
    kept = office.secrets.read(mpesa_secret_name(access.facts.environment))
    before: dict[str, str] = json.loads(kept) if kept is not None else {}
    typed = asdict(access.secrets)
    whole = {name: typed[name].strip() or before.get(name, "") for name in typed}
    for name, words in _SECRET_WORDS.items():
        if not whole[name]:
            raise InvalidInput(f"Write {words}.", name)
    return MpesaSecrets(**whole)


def has_mpesa_secrets(office: Office, environment: str) -> bool:
    """Whether key, secret and password of an environment lie on this PC. Raises when the keyring is locked."""
    return office.secrets.read(mpesa_secret_name(environment)) is not None
