"""Each service test gets an office of its own, and its books must prove themselves afterwards."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import make
from tests.books_watch import PostedRowsWatch, assert_sound
from tests.guards.office_clock import OfficeClock
from tests.make import PracticeOffice


@pytest.fixture
def office(tmp_path: Path, office_clock: OfficeClock) -> Iterator[PracticeOffice]:
    """An office with people but without members or money."""
    office = make.office(tmp_path, office_clock)
    yield office
    office.close()


@pytest.fixture(autouse=True)
def _books_prove_themselves(request: pytest.FixtureRequest) -> Iterator[None]:
    """Whatever a test does through services, the ledger balances and no posted row changes."""
    if "office" not in request.fixturenames:
        yield
        return
    office: PracticeOffice = request.getfixturevalue("office")
    watch = PostedRowsWatch(office)
    yield
    watch.look()
    assert watch.changes == []
    assert_sound(office)


@pytest.fixture
def two_relays(office: PracticeOffice) -> tuple[int, int]:
    """An office that is enrolled at two relays."""
    return make.relay(office, "relay one"), make.relay(office, "relay two")
