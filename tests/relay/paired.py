"""A real relay on loopback with paired desktops, for tests that speak HTTP with it."""

import asyncio
import functools
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import ParamSpec

import httpx

from callback_relay.protocol.chain import Position
from callback_relay.protocol.page import OpenedEntry
from callback_relay.server import RelayServer
from sacco_desktop.gateways.relay.client import NewToken, RelayClient
from sacco_desktop.gateways.relay.pairing import pair

Arguments = ParamSpec("Arguments")
Now = Callable[[], datetime]


def in_loop(test: Callable[Arguments, Awaitable[None]]) -> Callable[Arguments, None]:
    """Run an asynchronous test in an event loop of its own."""

    @functools.wraps(test)
    def run(*args: Arguments.args, **kwargs: Arguments.kwargs) -> None:
        async def whole() -> None:
            await asyncio.wait_for(test(*args, **kwargs), 30)

        asyncio.run(whole())

    return run


@dataclass
class Office:
    """One society's paired desktop with one callback token."""

    client: RelayClient
    http: httpx.AsyncClient
    token: NewToken

    @property
    def start(self) -> Position:
        """The beginning of this society's feed."""
        return Position.start(self.client.connection.tenant)

    async def post(
        self, kind: str = "stk", body: bytes = b"{}", tag: str | None = None
    ) -> httpx.Response:
        """Be Safaricom: post a callback."""
        tag = tag or secrets.token_hex(16)
        address = self.client.callback_address(kind, self.token.token, tag)
        return await self.http.post(address, content=body)

    async def read_all(self, after: Position | None = None) -> list[OpenedEntry]:
        """Everything in the feed after a place, verified page by page."""
        place = after or self.start
        entries: list[OpenedEntry] = []
        while True:
            page = await self.client.fetch(place)
            entries.extend(page.entries)
            place = page.next
            if not page.more:
                return entries

    async def bodies(self, kind: str = "stk") -> list[bytes]:
        """The bodies of one kind, in order."""
        return [entry.body for entry in await self.read_all() if entry.kind == kind]


@asynccontextmanager
async def office(server: RelayServer, now: Now, label: str = "Umoja") -> AsyncIterator[Office]:
    """A society that has just paired its first desktop."""
    code = server.desk.add_tenant(label)["code"]
    async with httpx.AsyncClient() as http:
        connection = await pair(server.api_url, code, "front desk", http=http, now=now)
        client = RelayClient(connection, http, now)
        yield Office(client, http, await client.new_token("stk"))
