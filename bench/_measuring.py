"""Measures our way beside a reference in one run and writes the ratios down; a ratio holds on other machines,
a time does not.
"""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

ROUNDS = 5
_FOLDER = Path("out") / "bench"


@dataclass(frozen=True)
class Row:
    """One case: ours and the reference in the same unit, their ratio, and the goal that the ratio must not pass, if
    there is one.
    """

    case: str
    ours: float
    reference: float
    unit: str
    ratio: float
    goal: float | None
    met: bool | None


def row_of(
    case: str,
    ours: Sequence[float],
    reference: Sequence[float],
    *,
    goal: float | None,
    unit: str = "ms",
) -> Row:
    """The medians of both, and ours by the reference's."""
    mine, theirs = statistics.median(ours), statistics.median(reference)
    ratio = mine / theirs
    met = None if goal is None else ratio <= goal
    return Row(case, round(mine, 4), round(theirs, 4), unit, round(ratio, 2), goal, met)


def compare(
    case: str,
    ours: Callable[[], None],
    reference: Callable[[], None],
    *,
    times: int,
    goal: float | None,
) -> list[Row]:
    """Milliseconds for one of `times` repetitions, on the clock and of the processor: medians of rounds in turns, and
    ours by the reference's.
    """
    own: list[tuple[float, float]] = []
    raw: list[tuple[float, float]] = []
    for _ in range(ROUNDS):
        own.append(milliseconds(ours, times))
        raw.append(milliseconds(reference, times))
    return on_both_clocks(case, own, raw, goal)


def on_both_clocks(
    case: str,
    ours: Sequence[tuple[float, float]],
    reference: Sequence[tuple[float, float]],
    goal: float | None,
) -> list[Row]:
    """One row for the clock and one for the processor; the second holds on a machine that others use, too."""
    cases = (case, f"{case}, processor")
    return [
        row_of(name, [each[place] for each in ours], [each[place] for each in reference], goal=goal)
        for place, name in enumerate(cases)
    ]


def milliseconds(work: Callable[[], object], times: int = 1) -> tuple[float, float]:
    """Of one of so many repetitions, on the clock and of the processor."""
    began, busy = time.perf_counter(), time.process_time()
    for _ in range(times):
        work()
    wall, cpu = time.perf_counter() - began, time.process_time() - busy
    return wall * 1000 / times, cpu * 1000 / times


def show(rows: Sequence[Row]) -> None:
    """Print the rows as soon as they are known."""
    for row in rows:
        met = {True: "yes", False: "NO", None: ""}[row.met]
        ours, theirs = f"{row.ours:.3f} {row.unit}", f"{row.reference:.3f} {row.unit}"
        goal = "" if row.goal is None else f"goal {row.goal:.2f}"
        print(
            f"{row.case:<58}{ours:>16}{theirs:>16}{row.ratio:>8.2f}  {goal:<10}  {met}", flush=True
        )


def keep(name: str, rows: Sequence[Row]) -> None:
    """Write the rows to out/bench/NAME.json. Those of cases that were not measured now stay as they are."""
    _FOLDER.mkdir(parents=True, exist_ok=True)
    file = _FOLDER / f"{name}.json"
    before = json.loads(file.read_text(encoding="utf-8")) if file.exists() else []
    found = {row["case"]: row for row in before} | {row.case: asdict(row) for row in rows}
    file.write_text(json.dumps(list(found.values()), indent=2), encoding="utf-8")
