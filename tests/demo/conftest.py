"""One simulated Safaricom for all tests of a file, as new for each of them."""

from collections.abc import Iterator

import httpx
import pytest

from sacco_desktop.demo.safaricom.callback_inbox import CallbackInbox
from sacco_desktop.demo.safaricom.profile import Profile
from sacco_desktop.demo.safaricom.simulator import SimulatedSafaricom
from tests.demo.caller import Caller
from tests.guards.office_clock import OfficeClock


@pytest.fixture(scope="module")
def practice_clock() -> OfficeClock:
    return OfficeClock()


@pytest.fixture(scope="module")
def _running(practice_clock: OfficeClock) -> Iterator[Caller]:
    with (
        CallbackInbox() as inbox,
        SimulatedSafaricom(practice_clock.now) as safaricom,
        httpx.Client(base_url=safaricom.base_url, trust_env=False, timeout=10) as http,
    ):
        yield Caller(safaricom, inbox, http)


@pytest.fixture
def caller(_running: Caller) -> Caller:
    _running.safaricom.reset(Profile())
    _running.inbox.clear()
    return Caller(_running.safaricom, _running.inbox, _running.http)
