"""What a batch of payouts costs the desktop itself: against the raw driver, for the window beside it, and as the books
grow. M-Pesa and the relay answer at once and cost nothing, so only our own work is measured.

One payout here is its three durable transactions: the intent with all its checks, M-Pesa's answer, and the result as
it comes through the relay, which posts two entries and gives the loan its schedule.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from bench import _books_of_payouts
from bench._books_of_payouts import furnish
from bench._heartbeat import heartbeat
from bench._measuring import Row, keep, on_both_clocks, row_of, show
from bench._sender import Sender
from bench.reference.replay import RawBooks, Recorder
from sacco_desktop.db import migrate
from sacco_desktop.services.proof import verify
from sacco_desktop.ui.pages.payouts.reading import Asked, read_payouts
from tests import make
from tests.engines import KEY, BooksPlace, Copy
from tests.guards.office_clock import OfficeClock
from tests.make import PracticeOffice

BATCH = 1_000
PIECE = 50
FEW, MANY = 1_000, 100_000
KEPT = Path("out") / "bench"


def _office(books: Copy, folder: Path) -> PracticeOffice:
    folder.mkdir(parents=True, exist_ok=True)
    return make.office_from(books, folder)


def _books(paid: int, approved: int) -> Copy:
    with tempfile.TemporaryDirectory() as folder:
        office = make.office(Path(folder))
        furnish(office, paid=paid, approved=approved)
        return office.snapshot()


def _against_the_driver(folder: Path) -> list[Row]:
    """A batch of 1,000, and the same rows in the same transactions by the bare driver, in turns."""
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
        own.append(sender.pay(PIECE))
        theirs.append(_times(partial(raw.write, piece)))
    assert ours.read(verify.verify, None).is_sound
    raw.close()
    ours.close()
    recorded.close()
    return on_both_clocks("a payout of a batch of 1,000", own, theirs, goal=3.0)


def _times(work: Callable[[], None]) -> tuple[float, float]:
    """Milliseconds for a payout of a piece: on the clock, and of the processor."""
    began, busy = time.perf_counter(), time.process_time()
    work()
    wall, cpu = time.perf_counter() - began, time.process_time() - busy
    return wall * 1000 / PIECE, cpu * 1000 / PIECE


def _bytes_written(folder: Path) -> list[Row]:
    """What a payout adds to the write-ahead log, which is what the disk has to take before we go on."""
    books = _books(FEW, PIECE)
    ours, file = _office(books, folder / "ours"), folder / "raw.db"
    file.write_bytes(books.file)
    recorder = Recorder(ours.database.writer)
    with ours.database.writer.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_autocheckpoint=0")
    raw = RawBooks(file, KEY, checkpoints=False)
    sender = Sender(ours)
    before = _log_of(ours.path)
    sender.pay(PIECE)
    own = (_log_of(ours.path) - before) / PIECE
    raw.write(recorder.transactions)
    theirs = _log_of(file) / PIECE
    raw.close()
    ours.close()
    return [row_of("written to the log for a payout", [own], [theirs], goal=None, unit="bytes")]


def _log_of(books: Path) -> int:
    return books.with_name(f"{books.name}-wal").stat().st_size


def _as_the_books_grow(folder: Path) -> list[Row]:
    """The same payouts, and the reading of their page, in small books and in large ones, in turns."""
    small = Sender(_office(_books(FEW, 400), folder / "few"))
    shutil.copyfile(_large_books(), folder / "many.db")
    large = Sender(make.office_at(BooksPlace(folder / "many.db"), OfficeClock()))
    few: list[tuple[float, float]] = []
    many: list[tuple[float, float]] = []
    for _ in range(8):
        few.append(small.pay(PIECE))
        many.append(large.pay(PIECE))
    case = "a payout beside 100,000, against beside 1,000"
    rows = on_both_clocks(case, many, few, goal=1.3)
    rows.append(_page(large, small))
    small.office.close()
    large.office.close()
    return rows


def _page(large: Sender, small: Sender) -> Row:
    """What the Payouts page reads each time, in milliseconds."""
    large_times: list[float] = []
    small_times: list[float] = []
    for _ in range(5):
        for sender, times in ((small, small_times), (large, large_times)):
            began = time.perf_counter()
            sender.office.read(read_payouts, Asked(), sender.office.grace)
            times.append((time.perf_counter() - began) * 1000)
    return row_of(
        "the Payouts page beside 100,000, against 1,000", large_times, small_times, goal=1.3
    )


def _large_books() -> Path:
    """They take a minute or two to make, so they are kept as long as what they are made by stays what it was."""
    steps = sorted((Path(migrate.__file__).parent / "migrations" / "versions").glob("*.py"))
    made_by = [*steps, Path(_books_of_payouts.__file__)]
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in made_by)).hexdigest()
    kept = KEPT / f"books-of-{MANY}-{digest[:12]}.db"
    if not kept.exists():
        for older in KEPT.glob("books-of-*.db"):
            older.unlink()
        print(f"Making books with {MANY:,} payouts, which are then kept.", flush=True)
        with tempfile.TemporaryDirectory(dir=KEPT) as folder:
            office = make.office(Path(folder))
            furnish(office, paid=MANY, approved=400)
            office.database.close()
            office.path.replace(kept)
    return kept


PARTS: dict[str, Callable[[Path], list[Row]]] = {
    "driver": _against_the_driver,
    "bytes": _bytes_written,
    "window": heartbeat,
    "growth": _as_the_books_grow,
}


def main() -> None:
    """Measure, print and write down each part as it is finished."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--part", choices=PARTS, action="append", help="only this; may be repeated")
    chosen = parser.parse_args().part or PARTS
    KEPT.mkdir(parents=True, exist_ok=True)
    for name in chosen:
        with tempfile.TemporaryDirectory(dir=KEPT) as folder:
            rows = PARTS[name](Path(folder))
        show(rows)
        keep("payouts", rows)


if __name__ == "__main__":
    main()
