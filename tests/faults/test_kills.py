"""A desktop killed in the middle of a payout, at its commits and calls; `dev.py faults kills` takes each point."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.kills import COURSES, Course, kill_at, points_of, short_form
from tests.faults.town import Town
from tests.faults.warm_worker import WarmWorker


@pytest.fixture(scope="module")
def worker() -> Iterator[WarmWorker]:
    with WarmWorker() as warm:
        yield warm


@pytest.mark.parametrize("course", COURSES, ids=lambda course: course.name)
def test_a_killed_payout_is_paid_once_after_the_next_start(
    town: Town, worker: WarmWorker, course: Course, tmp_path: Path
) -> None:
    points = points_of(town, worker, course, tmp_path / "alive")
    assert len(points) > 100
    for number in short_form(course, points):
        kill_at(town, worker, course, number, tmp_path / f"{number}")
