"""What a batch of payouts costs the desktop itself: against the raw driver, for the window beside it, and as the books
grow. M-Pesa and the relay answer at once and cost nothing, so only our own work is measured.

One payout here is its three durable transactions: the intent with all its checks, M-Pesa's answer, and the result as
it comes through the relay, which posts two entries and gives the loan its schedule.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from bench._heartbeat import heartbeat
from bench.books_of_payouts import approved_ids, furnish
from bench.measuring import Row, report
from bench.reference.replay import RawBooks, Recorder
from sacco_desktop.db import migrate
from sacco_desktop.services import payout_sending, relay_feed, verify
from sacco_desktop.services.payout_sending import Route, Sending
from sacco_desktop.ui.pages.payouts.reading import NEWEST, read_payouts
from tests import make
from tests.engines import KEY, BooksPlace, Copy
from tests.guards.office_clock import OfficeClock
from tests.make import PracticeOffice

BATCH = 1_000
PIECE = 50
FEW, MANY = 1_000, 100_000
TOLD = 10_000_000_000_00
KEPT = Path("out") / "bench"


class Sender:
    """Sends the approved payouts of an office one after the other."""

    def __init__(self, office: PracticeOffice) -> None:
        self.office = office
        self._waiting = approved_ids(office)
        self._route: Route = make.route(office, 1)

    def pay(self, count: int) -> None:
        """Pay so many of them."""
        for _ in range(count):
            self.pay_one(self._waiting.pop(0))

    def pay_one(self, payout_id: int) -> None:
        """The three transactions of one payout."""
        office = self.office
        order = office.write(payout_sending.begin, Sending(payout_id, self._route), office.grace)
        office.write(payout_sending.record_answer, make.answer(order), office.grace)
        news = make.paid_news(order, utility_available_cents=TOLD)
        piece = make.next_slice(office, self._route.relay_id, [(order.tag, news)])
        office.write(relay_feed.take_in, piece)


def _office(books: Copy, folder: Path) -> PracticeOffice:
    folder.mkdir(parents=True, exist_ok=True)
    return make.office_from(books, folder)


def _books(paid: int, approved: int) -> Copy:
    with tempfile.TemporaryDirectory() as folder:
        office = make.office(Path(folder))
        furnish(office, paid=paid, approved=approved)
        return office.snapshot()


def _against_the_driver(folder: Path) -> list[Row]:
    books = _books(FEW, BATCH)
    recorded = _office(books, folder / "recorded")
    recorder = Recorder(recorded.database.writer)
    Sender(recorded).pay(BATCH)
    assert recorded.read(verify.verify, None).is_sound
    assert len(recorder.transactions) == 3 * BATCH
    ours, file = _office(books, folder / "ours"), folder / "raw.db"
    file.write_bytes(books.file)
    sender, raw = Sender(ours), RawBooks(file, KEY)
    own: list[tuple[float, float]] = []
    theirs: list[tuple[float, float]] = []
    for start in range(0, BATCH, PIECE):
        piece = recorder.transactions[3 * start : 3 * (start + PIECE)]
        own.append(_times(lambda: sender.pay(PIECE)))
        theirs.append(_times(partial(raw.write, piece)))
    assert ours.read(verify.verify, None).is_sound
    raw.close()
    ours.close()
    recorded.close()
    cases = ("a payout of a batch of 1,000", "the same, processor time alone")
    return [
        _row(case, [each[place] for each in own], [each[place] for each in theirs], goal=3.0)
        for place, case in enumerate(cases)
    ]


def _times(work: Callable[[], None]) -> tuple[float, float]:
    """Milliseconds for a payout of a piece: on the clock, and of the processor."""
    began, busy = time.perf_counter(), time.process_time()
    work()
    wall, cpu = time.perf_counter() - began, time.process_time() - busy
    return wall * 1000 / PIECE, cpu * 1000 / PIECE


def _row(case: str, ours: list[float], reference: list[float], goal: float) -> Row:
    mine, other = statistics.median(ours), statistics.median(reference)
    ratio = mine / other
    return Row(case, round(mine, 3), round(other, 3), "ms", round(ratio, 2), goal, ratio <= goal)


def _as_the_books_grow(folder: Path) -> list[Row]:
    """The same payouts in small books and in large ones, in turns."""
    small = Sender(_office(_books(FEW, 400), folder / "few"))
    shutil.copyfile(_large_books(), folder / "many.db")
    large = Sender(make.office_at(BooksPlace(folder / "many.db"), OfficeClock()))
    few: list[tuple[float, float]] = []
    many: list[tuple[float, float]] = []
    for _ in range(8):
        few.append(_times(lambda: small.pay(PIECE)))
        many.append(_times(lambda: large.pay(PIECE)))
    cases = ("a payout beside 100,000, against beside 1,000", "the same, processor time alone")
    rows = [
        _row(case, [each[place] for each in many], [each[place] for each in few], goal=1.3)
        for place, case in enumerate(cases)
    ]
    return [*rows, _page(large, small)]


def _page(large: Sender, small: Sender) -> Row:
    """What the Payouts page reads each time, in milliseconds."""
    large_times: list[float] = []
    small_times: list[float] = []
    for _ in range(5):
        for sender, times in ((small, small_times), (large, large_times)):
            began = time.perf_counter()
            sender.office.read(read_payouts, NEWEST, sender.office.grace)
            times.append((time.perf_counter() - began) * 1000)
    return _row("the Payouts page beside 100,000, against 1,000", large_times, small_times, 1.3)


def _large_books() -> Path:
    """They take minutes to make, so they are kept as long as the migrations stay what they were."""
    steps = sorted((Path(migrate.__file__).parent / "migrations" / "versions").glob("*.py"))
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in steps)).hexdigest()
    kept = KEPT / f"books-of-{MANY}-{digest[:12]}.db"
    if not kept.exists():
        kept.write_bytes(_books(MANY, 400).file)
    return kept


def main() -> None:
    """Measure, print, write down."""
    KEPT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=KEPT) as name:
        folder = Path(name)
        rows = _against_the_driver(folder)
        rows += heartbeat(folder / "window")
        if "--quick" not in sys.argv:
            rows += _as_the_books_grow(folder)
    report("payouts", rows)


if __name__ == "__main__":
    main()
