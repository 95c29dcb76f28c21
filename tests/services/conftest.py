"""Each service test gets an office of its own, and its books must prove themselves afterwards."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import make
from tests.books_watch import PostedRowsWatch, assert_sound
from tests.guards.office_clock import OfficeClock
from tests.make import PracticeOffice


@pytest.fixture
def office(
    request: pytest.FixtureRequest, tmp_path: Path, office_clock: OfficeClock
) -> Iterator[PracticeOffice]:
    """An office with people but without members or money; in a module marked `paying_office`, one with a payout
    that is approved and with two relays.
    """
    if request.node.get_closest_marker("paying_office"):
        office = make.office_from(make.paying_office_file(), tmp_path, office_clock)
    else:
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


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known, since unknown markers are errors here."""
    config.addinivalue_line(
        "markers", "paying_office: begin with an approved payout and two relays"
    )
