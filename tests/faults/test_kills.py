"""A desktop killed in the middle of a payout, at its commits and calls; `dev.py faults kills` takes each point."""

from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest

from tests.faults.kills import COURSES, Course, kill_at, points_of, short_form
from tests.faults.town import Town
from tests.faults.warm_worker import WarmWorker

# Each course is shared out among tests, so that each of them takes seconds.
SHARES = 4


@pytest.fixture(scope="module")
def worker() -> Iterator[WarmWorker]:
    with WarmWorker() as warm:
        yield warm


@pytest.fixture(scope="module")
def points(
    town: Town, worker: WarmWorker, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, list[int]]:
    """The points of each course that the short form takes."""
    found = {}
    for course in COURSES:
        names = points_of(town, worker, course, tmp_path_factory.mktemp("alive") / "day")
        assert len(names) > 100
        found[course.name] = short_form(course, names)
    return found


@pytest.mark.parametrize(
    ("course", "share"),
    tuple(product(COURSES, range(SHARES))),
    ids=lambda value: value.name if isinstance(value, Course) else str(value),
)
def test_a_killed_payout_is_paid_once_after_the_next_start(
    town: Town,
    worker: WarmWorker,
    points: dict[str, list[int]],
    course: Course,
    share: int,
    tmp_path: Path,
) -> None:
    for number in points[course.name][share::SHARES]:
        kill_at(town, worker, course, number, tmp_path / f"{number}")
