"""Callbacks as a relay hands them over: pages of sealed, chained and signed confirmations of payments to the paybill,
and the way they take into the books.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import count

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from callback_relay.protocol.box import seal
from callback_relay.protocol.chain import Position, link
from callback_relay.protocol.checkpoint import Checkpoint, sign_checkpoint
from callback_relay.protocol.messages import Envelope, Header
from callback_relay.protocol.page import (
    FeedKeys,
    FeedPage,
    OpenedEntry,
    RawEntry,
    VerifiedPage,
    verify_page,
)
from sacco_desktop.operations.news_reading import read_entry
from sacco_desktop.operations.sync_relays import slices
from sacco_desktop.services.feed import relay_feed
from sacco_desktop.services.feed.relay_feed import FeedSlice
from sacco_desktop.services.office import mpesa_connections
from sacco_desktop.services.office.mpesa_connections import ConnectionFacts
from sacco_desktop.services.relays import relays
from sacco_desktop.services.relays.relays import Place
from tests import make
from tests.make import PracticeOffice

SHORTCODE = "600999"
_HOST = "relay.example"


class Relay:
    """A relay of this office with keys of its own. What it seals and signs costs us nothing and is made beforehand."""

    def __init__(self, office: PracticeOffice) -> None:
        facts = ConnectionFacts(
            "practice", "http://127.0.0.1:1", SHORTCODE, "sacco", "-----BEGIN CERTIFICATE-----"
        )
        office.write(mpesa_connections.save, facts, office.admin)
        self.office, self.relay_id = office, make.relay(office)
        [row] = office.read(relays.list_relays, None)
        self.tenant = row.tenant
        self.end = Position(row.epoch, row.sequence, row.chain_hash)
        self._signing, self._inbox = Ed25519PrivateKey.generate(), X25519PrivateKey.generate()
        self.keys = FeedKeys(
            self.tenant, {"rk": self._signing.public_key()}, {"k": self._inbox}, b"t" * 32
        )
        self._numbers = count(1)

    def page(self, references: Sequence[str]) -> FeedPage:
        """The next page: one confirmation for each account that somebody typed."""
        entries, at = [], self.office.clock.now()
        for reference in references:
            header = Header(self.tenant, self.end.epoch, self.end.sequence + 1, at, "k").encode()
            envelope = Envelope("c2b-confirm", self._confirmation(reference, at), None, "127.0.0.1")
            raw = RawEntry(header, seal(self._inbox.public_key(), header, envelope.encode()))
            entries.append(raw)
            after = link(self.end.chain_hash, raw.header, raw.box)
            self.end = Position(self.end.epoch, self.end.sequence + 1, after)
        checkpoint = Checkpoint(_HOST, self.tenant, self.end, at.astimezone(UTC))
        signed = sign_checkpoint(checkpoint, {"rk": self._signing})
        return FeedPage(self.tenant, tuple(entries), False, signed)

    def _confirmation(self, reference: str, at: datetime) -> bytes:
        number = next(self._numbers)
        paid = at + timedelta(hours=3)
        body = {
            "TransactionType": "Pay Bill",
            "TransID": f"U{number:09d}",
            "TransTime": paid.strftime("%Y%m%d%H%M%S"),
            "TransAmount": f"{100 + number % 900}.00",
            "BusinessShortCode": SHORTCODE,
            "BillRefNumber": reference,
            "InvoiceNumber": "",
            "OrgAccountBalance": "49197.00",
            "ThirdPartyTransID": "",
            "MSISDN": "2547 ***** 126",
            "FirstName": "JANE",
        }
        return json.dumps(body).encode()


class Desk:
    """The desktop's side: pages are verified and opened, each entry is read, and slices of them go into the books."""

    def __init__(self, relay: Relay) -> None:
        self._relay, self._after = relay, relay.end

    def take(self, page: FeedPage) -> None:
        """One page, in the transactions in which the sync takes it."""
        found = verify_page(page, after=self._after, keys=self._relay.keys)
        for entries in slices(found.entries):
            self._take_slice(found, entries)

    def _take_slice(self, page: VerifiedPage, entries: Sequence[OpenedEntry]) -> None:
        end = entries[-1].position
        piece = FeedSlice(
            self._relay.relay_id,
            _place(self._after),
            tuple(read_entry(entry) for entry in entries),
            _place(end),
            json.dumps(page.signed.as_message()),
            is_head=entries[-1] is page.entries[-1],
        )
        done = self._relay.office.write(relay_feed.take_in, piece)
        assert (done.applied, done.parked) == (len(entries), 0)
        self._after = end


def _place(position: Position) -> Place:
    return Place(position.epoch, position.sequence, position.chain_hash)
