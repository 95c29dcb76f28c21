"""A town for all fault tests, and a new day in it for each."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.engines import CHOICE, EngineKind, once_per_engine
from tests.faults.desk import Desk
from tests.faults.quick.town import QuickTown
from tests.faults.town import Day, Town


@pytest.fixture(scope="session")
def towns(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Town]]:
    """Safaricom and the furnished office, made once for each engine that is asked for."""
    with ExitStack() as stack:
        yield once_per_engine(lambda: stack.enter_context(Town(tmp_path_factory.mktemp("town"))))


@pytest.fixture(scope="module")
def town(towns: Callable[[], Town], engine: EngineKind) -> Town:
    """The town of the engine that this test runs on."""
    assert CHOICE.kind is engine
    return towns()


@pytest.fixture(scope="module")
def quick_town(town: Town) -> Iterator[QuickTown]:
    """The same office without sockets, threads and waiting."""
    with QuickTown(town) as made:
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
