"""Sends approved payouts one after the other and tells what our own work for them costs. What M-Pesa and the relay say
is made beside the measurement.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from bench._books_of_payouts import approved_ids
from sacco_desktop.services.feed import relay_feed
from sacco_desktop.services.feed.relay_feed import FeedEntry, FeedSlice
from sacco_desktop.services.relays import relays
from sacco_desktop.services.relays.relays import Place
from sacco_desktop.services.sending import payout_sending
from sacco_desktop.services.sending.payout_news import ResultNews
from sacco_desktop.services.sending.payout_sending import Route, Sending
from tests import make
from tests.make import PracticeOffice

_TOLD = 10_000_000_000_00


class Sender:
    """The three transactions of a payout: the intent with all its checks, M-Pesa's answer, and the result as it comes
    through the relay.
    """

    def __init__(self, office: PracticeOffice) -> None:
        self.office = office
        self._waiting = approved_ids(office)
        self._route: Route = make.route(office, 1)
        [row] = [row for row in office.read(relays.list_relays, None) if row.relay_id == 1]
        self._place = Place(row.epoch, row.sequence, row.chain_hash)
        self._wall = self._busy = 0.0

    def pay(self, count: int) -> tuple[float, float]:
        """Pay so many of them; milliseconds for one, on the clock and of the processor."""
        self._wall = self._busy = 0.0
        for _ in range(count):
            self._pay_one(self._waiting.pop(0))
        return self._wall * 1000 / count, self._busy * 1000 / count

    def _pay_one(self, payout_id: int) -> None:
        write, grace = self.office.write, self.office.grace
        with self._measured():
            order = write(payout_sending.begin, Sending(payout_id, self._route), grace)
        answer = make.answer(order)
        with self._measured():
            write(payout_sending.record_answer, answer, grace)
        news = make.paid_news(order, utility_available_cents=_TOLD)
        piece = self._next_slice(order.tag, news)
        with self._measured():
            write(relay_feed.take_in, piece)

    def _next_slice(self, tag: str, news: ResultNews) -> FeedSlice:
        after, moment = self._place, self.office.clock.now()
        link = hashlib.sha256(after.chain_hash + tag.encode()).digest()
        self._place = Place(after.epoch, after.sequence + 1, link)
        entry = _entry(self._place, moment, tag, news)
        return FeedSlice(self._route.relay_id, after, (entry,), self._place, "checkpoint", True)

    @contextmanager
    def _measured(self) -> Iterator[None]:
        began, busy = time.perf_counter(), time.process_time()
        yield
        self._busy += time.process_time() - busy
        self._wall += time.perf_counter() - began


def _entry(place: Place, moment: datetime, tag: str, news: ResultNews) -> FeedEntry:
    return FeedEntry(
        place=place,
        received_at=moment,
        kind="b2c-result",
        tag=tag,
        source="127.0.0.1",
        is_listed_source=True,
        body=b"{}",
        news=news,
    )
