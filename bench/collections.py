"""What money in costs: callbacks into the books one by one and in a catch-up, a statement matched with the receipts,
and the list of what waits; each beside the raw driver.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from bench._callbacks import Desk, Relay
from bench._inbox import scrolling
from bench._measuring import ROUNDS, Row, keep, milliseconds, on_both_clocks, show
from bench.reconciling import matching
from bench.reference.raw_receipts import RawReceipts
from callback_relay.protocol.page import FeedPage
from sacco_desktop.services.proof import verify
from tests import make, make_loans
from tests.make import PracticeOffice

KEPT = Path("out") / "bench"
MEMBERS = 100
ONE_BY_ONE, PAGES, PAGE = 100, 5, 200
_AT_MOST_MS = 0.5
# Whether a notice alone counts for its member, and so whether each callback is posted twice.
WAYS = (("no", "unproven"), ("yes", "to its member"))


def _office(folder: Path, on_claim: str) -> tuple[PracticeOffice, list[str]]:
    """An office with a hundred members, and their numbers as they type them."""
    folder.mkdir()
    office = make.office(folder)
    if on_claim == "yes":
        make_loans.set_rule(office, "money_in.on_claim", on_claim)
    return office, [make.member(office, deposits_kes=100).number for _ in range(MEMBERS)]


def callbacks(folder: Path) -> list[Row]:
    """Each callback verified, opened, matched, posted and the position moved: durably one by one, and in the pages and
    slices of a catch-up.
    """
    rows = []
    for on_claim, words in WAYS:
        office, numbers = _office(folder / on_claim, on_claim)
        relay = Relay(office)
        desk, raw = Desk(relay), RawReceipts(folder / f"{on_claim}.db")
        rows += _one_by_one(relay, desk, raw, words, numbers)
        rows += _catch_up(relay, desk, raw, words, numbers)
        assert office.count("mpesa_receipt") == ROUNDS * (ONE_BY_ONE + PAGES * PAGE)
        assert office.read(verify.verify, None).is_sound
        office.close()
        raw.close()
    return rows


def _one_by_one(
    relay: Relay, desk: Desk, raw: RawReceipts, words: str, numbers: Sequence[str]
) -> list[Row]:
    own, theirs = [], []
    for _ in range(ROUNDS):
        pages = [relay.page([numbers[at % MEMBERS]]) for at in range(ONE_BY_ONE)]
        own.append(milliseconds(partial(_next, desk, pages), ONE_BY_ONE))
        theirs.append(milliseconds(raw.take_one, ONE_BY_ONE))
    return on_both_clocks(f"one callback, {words}, against one raw commit", own, theirs, goal=4.0)


def _catch_up(
    relay: Relay, desk: Desk, raw: RawReceipts, words: str, numbers: Sequence[str]
) -> list[Row]:
    """Milliseconds for one callback of many."""
    own, theirs = [], []
    for _ in range(ROUNDS):
        typed = [numbers[at % MEMBERS] for at in range(PAGE)]
        pages = [relay.page(typed) for _ in range(PAGES)]
        own.append(_of_one(milliseconds(partial(_next, desk, pages), PAGES)))
        theirs.append(_of_one(milliseconds(partial(raw.take_many, PAGE), PAGES)))
    case = f"one callback of a catch-up, {words}"
    rows = on_both_clocks(f"{case}, against the raw bulk", own, theirs, goal=None)
    if words == WAYS[0][1]:
        wanted = [(_AT_MOST_MS, _AT_MOST_MS)] * ROUNDS
        rows += on_both_clocks(f"{case}: 2,000 a second", own, wanted, goal=1.0)
    return rows


def _next(desk: Desk, pages: list[FeedPage]) -> None:
    desk.take(pages.pop(0))


def _of_one(page: tuple[float, float]) -> tuple[float, float]:
    return page[0] / PAGE, page[1] / PAGE


PARTS: dict[str, Callable[[Path], list[Row]]] = {
    "callbacks": callbacks,
    "matching": matching,
    "inbox": scrolling,
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
        keep("collections", rows)


if __name__ == "__main__":
    main()
