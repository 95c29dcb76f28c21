"""The long form: thousands of quick histories on several processes, each with a town of its own."""

from __future__ import annotations

import atexit
import multiprocessing
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from tests.engines import CHOICE, EngineKind
from tests.faults.quick.history import live
from tests.faults.quick.town import QuickTown
from tests.faults.town import Town
from tests.faults.truth import Broken
from tests.postgresql_server import running

Say = Callable[[str], None]

A_PIECE = 20
SECONDS_BETWEEN_WORDS = 20


class _Process:
    """The town of one worker process, made at its first piece."""

    town: QuickTown | None = None
    stack = ExitStack()


def _use_engine(name: str) -> None:
    """Let the towns of this process keep their books on a file, or on a server of its own."""
    if EngineKind(name) is EngineKind.POSTGRESQL:
        CHOICE.server = _Process.stack.enter_context(running())
        CHOICE.kind = EngineKind.POSTGRESQL
        # A process of a pool ends without a word to the context that it is in.
        atexit.register(_leave)


def _town() -> QuickTown:
    if _Process.town is None:
        folder = Path(_Process.stack.enter_context(tempfile.TemporaryDirectory()))
        town = _Process.stack.enter_context(Town(folder))
        _Process.town = _Process.stack.enter_context(QuickTown(town))
    return _Process.town


def _leave() -> None:
    _Process.stack.close()
    _Process.town = None
    CHOICE.kind = EngineKind.SQLITE


def _piece(seeds: range) -> tuple[int, list[str]]:
    """Live through some seeds; how many there were, and what was not true in those that went wrong."""
    wrong = []
    for seed in seeds:
        try:
            live(_town(), seed)
        except Broken as broken:
            wrong.append(str(broken))
        except Exception:  # noqa: BLE001 - told as a finding
            # Whatever else escapes is a finding too, and must not end the seeds behind it. It travels as words,
            # for not every error can be carried from one process to another.
            wrong.append(f"seed {seed}: {traceback.format_exc()}")
    return len(seeds), wrong


@dataclass(frozen=True, slots=True)
class Campaign:
    """So many seeds from the first one, on so many processes, on this engine."""

    first: int
    count: int
    workers: int = 1
    engine: str = EngineKind.SQLITE.value


def run(campaign: Campaign, say: Say) -> int:
    """Live through the seeds and say how it goes; the number of seeds that went wrong."""
    first, count = campaign.first, campaign.count
    pieces = [
        range(start, min(start + A_PIECE, first + count))
        for start in range(first, first + count, A_PIECE)
    ]
    began = said = time.monotonic()
    done = wrong = 0
    for number, broken in _results(pieces, campaign):
        done, wrong = done + number, wrong + len(broken)
        for words in broken:
            say(f"payouts: {words}")
        if time.monotonic() - said > SECONDS_BETWEEN_WORDS:
            said = time.monotonic()
            say(f"payouts: {_words(done, count, wrong, said - began)}")
    say(f"payouts: {_words(done, count, wrong, time.monotonic() - began)}")
    return wrong


def _results(pieces: list[range], campaign: Campaign) -> Iterator[tuple[int, list[str]]]:
    if campaign.workers == 1:
        try:
            _use_engine(campaign.engine)
            yield from map(_piece, pieces)
        finally:
            _leave()
        return
    # A forked copy of a process that has threads and SQLCipher in it may die, so each one starts anew.
    context = multiprocessing.get_context("spawn")
    start = _use_engine, (campaign.engine,)
    with ProcessPoolExecutor(campaign.workers, context, *start) as pool:
        yield from pool.map(_piece, pieces)


def _words(done: int, count: int, wrong: int, seconds: float) -> str:
    return (
        f"{done} of {count} seeds, {wrong} wrong, {done / max(seconds, 0.001):.1f} seeds a second"
    )


def tell(seed: int, engine: str, say: Say) -> int:
    """Live through one seed and say its story and Safaricom's ledger at its end; 1 when it went wrong."""
    try:
        _use_engine(engine)
        say("\n".join(live(_town(), seed)))
    except Broken as broken:
        say(str(broken))
        return 1
    finally:
        _leave()
    return 0
