"""The office at work: the books, the lanes, and the connections to M-Pesa and the relays, which live on the
net lane.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

import httpx

from sacco_desktop.domain.errors import NotFound
from sacco_desktop.gateways.daraja.client import DarajaClient
from sacco_desktop.gateways.daraja.connection import DarajaConnection, Timeouts
from sacco_desktop.gateways.relay.client import RelayClient
from sacco_desktop.gateways.relay.connection import RelayConnection
from sacco_desktop.gateways.secrets import SecretStore
from sacco_desktop.operations.lanes import Lane, Lanes
from sacco_desktop.services.books.work import CLOCK, Actor, Books, Service
from sacco_desktop.services.collecting.payment_checks import PaymentChecks
from sacco_desktop.services.office import mpesa_connections
from sacco_desktop.services.office.mpesa_connections import ConnectionFacts
from sacco_desktop.services.relays import relays
from sacco_desktop.services.relays.relays import RelayRow

Input = TypeVar("Input")
Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class MpesaSecrets:
    """The secrets of one M-Pesa environment, as they lie in the keyring under its name."""

    consumer_key: str = field(repr=False)
    consumer_secret: str = field(repr=False)
    initiator_password: str = field(repr=False)
    # Only prompts need it, and secrets that were kept before there were any lack it.
    passkey: str = field(default="", repr=False)


def mpesa_secret_name(environment: str) -> str:
    """Each environment has its own keyring entry, so that the switch changes hosts and secrets together."""
    return f"mpesa/{environment}"


def relay_secret_name(relay: str) -> str:
    """The keyring entry that holds the keys of a relay."""
    return f"relay/{relay}"


class Office:
    """Everything an operation needs. Its coroutines run on the net lane and await the others."""

    def __init__(
        self,
        books: Books,
        lanes: Lanes,
        secrets: SecretStore,
        *,
        now: Callable[[], datetime],
        timeouts: Timeouts | None = None,
    ) -> None:
        self.books = books
        self.lanes = lanes
        self.secrets = secrets
        self.now = now
        self.feed_lock = asyncio.Lock()
        self.jobs_lock = asyncio.Lock()
        self.read_to_head: set[int] = set()
        # What payments the relays were told to refuse, and when.
        self.payments_checked: tuple[PaymentChecks, datetime] | None = None
        self._timeouts = timeouts or Timeouts()
        self.result_seconds = self._timeouts.result_seconds
        self.balance_seconds = self._timeouts.balance_seconds
        self._daraja: tuple[ConnectionFacts, DarajaClient] | None = None
        self._relays: dict[str, RelayClient] = {}
        self._http: httpx.AsyncClient | None = None

    async def write(
        self, service: Service[Input, Answer], argument: Input, actor: Actor = CLOCK
    ) -> Answer:
        """Run a service in its own transaction on the write lane."""
        return await self.lanes.await_on(
            Lane.WRITE, lambda: self.books.write(service, argument, actor=actor)
        )

    async def read(
        self, service: Service[Input, Answer], argument: Input, actor: Actor = CLOCK
    ) -> Answer:
        """Run a service that only reads on the read lane."""
        return await self.lanes.await_on(
            Lane.READ, lambda: self.books.read(service, argument, actor=actor)
        )

    async def mpesa(self) -> DarajaClient:
        """The client of this society's environment; made anew when the connection was changed. Raises NotFound."""
        facts = await self.read(mpesa_connections.current, None)
        if self._daraja is not None and self._daraja[0] == facts:
            return self._daraja[1]
        await self.forget_mpesa()
        client = DarajaClient(self._connection(facts), self.now)
        self._daraja = (facts, client)
        return client

    async def forget_mpesa(self) -> None:
        """Make the client anew at its next use: its secrets were changed, which its facts do not show."""
        if self._daraja is not None:
            client = self._daraja[1]
            self._daraja = None
            await client.aclose()

    def _connection(self, facts: ConnectionFacts) -> DarajaConnection:
        kept = self.secrets.read(mpesa_secret_name(facts.environment))
        if kept is None:
            raise NotFound(
                "The M-Pesa key, secret and password are not on this computer. Enter them in Settings."
            )
        return self.connection(facts, MpesaSecrets(**json.loads(kept)))

    def connection(self, facts: ConnectionFacts, secret: MpesaSecrets) -> DarajaConnection:
        """The connection that these facts and secrets make. Raises InvalidInput for what cannot be used."""
        return DarajaConnection(
            environment=facts.environment,  # type: ignore[arg-type]  # checked by DarajaConnection itself
            shortcode=facts.shortcode,
            consumer_key=secret.consumer_key,
            consumer_secret=secret.consumer_secret,
            initiator_name=facts.initiator,
            initiator_password=secret.initiator_password,
            certificate_pem=facts.certificate,
            b2c_version=facts.b2c_version,  # type: ignore[arg-type]
            base_url=facts.address,
            timeouts=self._timeouts,
            passkey=secret.passkey,
            c2b_version=facts.c2b_version,  # type: ignore[arg-type]
        )

    def http(self) -> httpx.AsyncClient:
        """The connections to the relays; made on the net lane at first use."""
        if self._http is None:
            self._http = httpx.AsyncClient(trust_env=False)
        return self._http

    def relay(self, row: RelayRow) -> RelayClient:
        """The client of a relay. Raises NotFound when its keys are not on this computer."""
        if row.name not in self._relays:
            kept = self.secrets.read(relay_secret_name(row.name))
            if kept is None:
                raise NotFound(f"The keys of the relay {row.name} are not on this computer.")
            connection = RelayConnection.from_secret(kept)
            self._relays[row.name] = RelayClient(connection, self.http(), self.now)
        return self._relays[row.name]

    async def relays(self) -> tuple[RelayRow, ...]:
        """The relays in use with our positions in their feeds."""
        return await self.read(relays.list_relays, None)

    async def aclose(self) -> None:
        """Close every connection to the outside."""
        await self.forget_mpesa()
        if self._http is not None:
            await self._http.aclose()
            self._http = None
