"""A relay for each test that asks for one."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from callback_relay.server import RelayServer
from callback_relay.settings import RelaySettings
from tests.guards.office_clock import OfficeClock


@pytest.fixture
def practice(tmp_path: Path, office_clock: OfficeClock) -> RelaySettings:
    """Settings of a practice relay in a folder of its own, with the test's clock."""
    return replace(RelaySettings.for_practice(tmp_path / "relay"), now=office_clock.now)


@pytest.fixture
def server(practice: RelaySettings) -> Iterator[RelayServer]:
    """A running practice relay."""
    with RelayServer(practice) as running:
        yield running
