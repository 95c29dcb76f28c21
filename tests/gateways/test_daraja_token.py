"""One token, one request for it, however many ask; and it dies at the right moment."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import TypeVar

import httpx
import pytest

from sacco_desktop.demo.safaricom.simulator import SimulatedSafaricom
from sacco_desktop.gateways.daraja.connection import Timeouts
from sacco_desktop.gateways.daraja.token import TokenKeeper, TokenNotHad
from tests.guards.office_clock import OfficeClock

T = TypeVar("T")
CLOCK = OfficeClock()


@pytest.fixture(scope="module")
def running() -> Iterator[SimulatedSafaricom]:
    with SimulatedSafaricom(CLOCK.now) as safaricom:
        yield safaricom


@pytest.fixture
def safaricom(running: SimulatedSafaricom) -> SimulatedSafaricom:
    running.reset()
    return running


def with_keeper(safaricom: SimulatedSafaricom, act: Callable[[TokenKeeper], Awaitable[T]]) -> T:
    async def run() -> T:
        connection = safaricom.connection(timeouts=Timeouts(5.0, 5.0))
        async with httpx.AsyncClient(trust_env=False) as http:
            return await act(TokenKeeper(http, connection, CLOCK.now))

    return asyncio.run(run())


def test_many_ask_and_one_request_goes_out(safaricom: SimulatedSafaricom) -> None:
    async def act(keeper: TokenKeeper) -> list[str]:
        return await asyncio.gather(*(keeper.get() for _ in range(50)))

    assert len(set(with_keeper(safaricom, act))) == 1
    assert safaricom.tokens_issued == 1


def test_many_who_waited_share_a_failure(safaricom: SimulatedSafaricom) -> None:
    safaricom.arm("oauth_unavailable")

    async def act(keeper: TokenKeeper) -> list[object]:
        asked = (keeper.get() for _ in range(20))
        return list(await asyncio.gather(*asked, return_exceptions=True))

    answers = with_keeper(safaricom, act)
    assert all(isinstance(answer, TokenNotHad) for answer in answers)
    assert safaricom.tokens_issued == 0


def test_a_failure_is_not_remembered(safaricom: SimulatedSafaricom) -> None:
    safaricom.arm("oauth_unavailable")

    async def act(keeper: TokenKeeper) -> str:
        with pytest.raises(TokenNotHad) as refused:
            await keeper.get()
        assert not refused.value.needs_person
        return await keeper.get()

    assert with_keeper(safaricom, act)


@pytest.mark.parametrize("form", ["string", "number"])
def test_it_is_renewed_a_minute_early(safaricom: SimulatedSafaricom, form: str) -> None:
    safaricom.set_oddities(expires_in=form)

    async def act(keeper: TokenKeeper) -> list[bool]:
        first = await keeper.get()
        CLOCK.advance(seconds=3538)
        second = await keeper.get()
        CLOCK.advance(seconds=2)
        third = await keeper.get()
        return [first == second, second == third]

    assert with_keeper(safaricom, act) == [True, False]


def test_a_clock_set_back_does_not_keep_an_old_token_young(safaricom: SimulatedSafaricom) -> None:
    async def act(keeper: TokenKeeper) -> bool:
        first = await keeper.get()
        CLOCK.set_to(CLOCK.now().replace(year=2025))
        return first == await keeper.get()

    assert not with_keeper(safaricom, act)


def test_only_the_token_that_failed_is_dropped(safaricom: SimulatedSafaricom) -> None:
    async def act(keeper: TokenKeeper) -> None:
        first = await keeper.get()
        keeper.drop(first)
        second = await keeper.get()
        keeper.drop(first)
        assert await keeper.get() == second

    with_keeper(safaricom, act)
    assert safaricom.tokens_issued == 2


def test_the_token_never_shows(safaricom: SimulatedSafaricom) -> None:
    async def act(keeper: TokenKeeper) -> bool:
        token = await keeper.get()
        return token in repr(keeper) or token in repr(keeper._cached)

    assert not with_keeper(safaricom, act)
