"""The eyes of the guided tour. They read what happened from elsewhere than the window: the file, the relay,
M-Pesa's ledger.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pypdfium2
import sqlcipher3.dbapi2 as sqlcipher

from callback_relay.protocol.chain import Position
from callback_relay.protocol.page import OpenedEntry
from sacco_desktop.demo.practice_office import PASSPHRASE, RELAY_NAME, PracticeOffice
from sacco_desktop.gateways.relay.client import RelayClient
from sacco_desktop.gateways.relay.connection import RelayConnection
from sacco_desktop.gateways.secrets import FileSecrets
from sacco_desktop.operations.office import relay_secret_name


class NotProven(Exception):
    """The window said one thing and another source says another; the tour has failed."""


def require(what: str, is_so: object) -> None:
    """Raise NotProven unless it is so."""
    if not is_so:
        raise NotProven(what)


@dataclass(frozen=True, slots=True)
class Sources:
    """The three places beside the window, each read in its own way and none through the services."""

    practice: PracticeOffice

    def rows(self, query: str, *values: object) -> Sequence[tuple[Any, ...]]:
        """Ask the encrypted file itself, over a connection of its own that can only read."""
        folder = self.practice.data_dir / "office"
        key = FileSecrets(folder / "secrets.sealed", PASSPHRASE).read("books-key")
        connection = sqlcipher.connect(folder / "books.db")
        try:
            connection.execute(f"PRAGMA key=\"x'{key}'\"")
            connection.execute("PRAGMA query_only=ON")
            found: Sequence[tuple[Any, ...]] = connection.execute(query, values).fetchall()
        finally:
            connection.close()
        return found

    def one(self, query: str, *values: object) -> tuple[Any, ...]:
        """The one row of an answer. Raises NotProven for none or several."""
        found = self.rows(query, *values)
        require(f"one row, not {len(found)}: {query}", len(found) == 1)
        return found[0]

    def feed(self) -> tuple[OpenedEntry, ...]:
        """The whole feed from its first entry, fetched anew from the relay and verified."""
        office = self.practice.office
        secret = office.secrets.read(relay_secret_name(RELAY_NAME)) or ""
        connection = RelayConnection.from_secret(secret)

        async def read() -> tuple[OpenedEntry, ...]:
            async with httpx.AsyncClient(trust_env=False) as http:
                client = RelayClient(connection, http, office.now)
                entries: list[OpenedEntry] = []
                place = Position.start(connection.tenant)
                while True:
                    page = await client.fetch(place)
                    entries.extend(page.entries)
                    place = page.next
                    if not page.more:
                        return tuple(entries)

        return office.lanes.submit_async(read).result(30)

    def safaricom(self) -> dict[str, Any]:
        """M-Pesa's own ledger, as its control address shows it."""
        base = self.practice.safaricom.base_url
        answer = httpx.get(f"{base}/control/ledger", trust_env=False)
        ledger: dict[str, Any] = answer.json()
        return ledger


def pdf_text(path: Path) -> str:
    """The words of a PDF file, as a reader would find them."""
    document = pypdfium2.PdfDocument(path)
    try:
        return "\n".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()
