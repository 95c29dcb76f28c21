"""A town for all fault tests, and a new day in it for each."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.desk import Desk
from tests.faults.town import Day, Town


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Safaricom and the furnished office, made once."""
    with Town(tmp_path_factory.mktemp("town")) as made:
        yield made


@pytest.fixture
def day(town: Town, tmp_path: Path) -> Iterator[Day]:
    """A day on which nothing has happened yet; the relay runs, the program does not."""
    with town.day(tmp_path / "day") as begun:
        yield begun


@pytest.fixture
def desk(day: Day) -> Iterator[Desk]:
    """The program, open; four payouts (1 to 4) are approved and wait to be sent by Grace."""
    with day.desk() as opened:
        yield opened
