"""Measures our way beside a reference in one run and writes the ratios down; a ratio holds on other machines,
a time does not.
"""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

ROUNDS = 5


@dataclass(frozen=True)
class Row:
    """One case: ours and the reference in the same unit, their ratio, and the goal that the ratio must not pass."""

    case: str
    ours: float
    reference: float
    unit: str
    ratio: float
    goal: float
    met: bool


def compare(
    case: str, ours: Callable[[], None], reference: Callable[[], None], *, times: int, goal: float
) -> Row:
    """Milliseconds for one of `times` repetitions, the medians of interleaved rounds, and ours by the reference's."""
    own: list[float] = []
    raw: list[float] = []
    for _ in range(ROUNDS):
        own.append(_milliseconds(ours, times))
        raw.append(_milliseconds(reference, times))
    mine, theirs = statistics.median(own), statistics.median(raw)
    ratio = mine / theirs
    return Row(case, round(mine, 4), round(theirs, 4), "ms", round(ratio, 2), goal, ratio <= goal)


def _milliseconds(work: Callable[[], None], times: int) -> float:
    began = time.perf_counter()
    for _ in range(times):
        work()
    return (time.perf_counter() - began) * 1000 / times


def report(name: str, rows: list[Row]) -> None:
    """Print the table and write out/bench/NAME.json."""
    print(f"{'case':<44}{'ours':>10}{'reference':>12}{'ratio':>8}{'goal':>7}  met")
    for row in rows:
        met = "yes" if row.met else "NO"
        print(
            f"{row.case:<44}{row.ours:>8.3f}ms{row.reference:>10.3f}ms{row.ratio:>8.2f}"
            f"{row.goal:>7.2f}  {met}"
        )
    folder = Path("out") / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps([asdict(row) for row in rows], indent=2)
    (folder / f"{name}.json").write_text(text, encoding="utf-8")
