"""The long form: thousands of quick histories on several processes, each with a town of its own."""

from __future__ import annotations

import multiprocessing
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from pathlib import Path

from tests.faults.quick.history import live
from tests.faults.quick.town import QuickTown
from tests.faults.town import Town
from tests.faults.truth import Broken

Say = Callable[[str], None]

A_PIECE = 20
SECONDS_BETWEEN_WORDS = 20


class _Process:
    """The town of one worker process, made at its first piece."""

    town: QuickTown | None = None
    stack = ExitStack()


def _town() -> QuickTown:
    if _Process.town is None:
        folder = Path(_Process.stack.enter_context(tempfile.TemporaryDirectory()))
        town = _Process.stack.enter_context(Town(folder))
        _Process.town = _Process.stack.enter_context(QuickTown(town))
    return _Process.town


def _leave() -> None:
    _Process.stack.close()
    _Process.town = None


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


def run(first: int, count: int, workers: int, say: Say) -> int:
    """Live through `count` seeds from `first` and say how it goes; the number of seeds that went wrong."""
    pieces = [
        range(start, min(start + A_PIECE, first + count))
        for start in range(first, first + count, A_PIECE)
    ]
    began = said = time.monotonic()
    done = wrong = 0
    for number, broken in _results(pieces, workers):
        done, wrong = done + number, wrong + len(broken)
        for words in broken:
            say(f"payouts: {words}")
        if time.monotonic() - said > SECONDS_BETWEEN_WORDS:
            said = time.monotonic()
            say(f"payouts: {_words(done, count, wrong, said - began)}")
    say(f"payouts: {_words(done, count, wrong, time.monotonic() - began)}")
    return wrong


def _results(pieces: list[range], workers: int) -> Iterator[tuple[int, list[str]]]:
    if workers == 1:
        try:
            yield from map(_piece, pieces)
        finally:
            _leave()
        return
    # A forked copy of a process that has threads and SQLCipher in it may die, so each one starts anew.
    with ProcessPoolExecutor(workers, multiprocessing.get_context("spawn")) as pool:
        yield from pool.map(_piece, pieces)


def _words(done: int, count: int, wrong: int, seconds: float) -> str:
    return (
        f"{done} of {count} seeds, {wrong} wrong, {done / max(seconds, 0.001):.1f} seeds a second"
    )


def tell(seed: int, say: Say) -> int:
    """Live through one seed and say its story and Safaricom's ledger at its end; 1 when it went wrong."""
    try:
        say("\n".join(live(_town(), seed)))
    except Broken as broken:
        say(str(broken))
        return 1
    finally:
        _leave()
    return 0
