"""The lanes keep order, never cut a write off, and let a hanging request go at once."""

import asyncio
import threading
import time
from collections.abc import Iterator
from concurrent.futures import CancelledError
from functools import partial

import pytest

from sacco_desktop.operations.lanes import Lane, Lanes, LanesClosed

pytestmark = pytest.mark.only_on("sqlite", "the lanes know nothing of books")


@pytest.fixture
def lanes() -> Iterator[Lanes]:
    lanes = Lanes()
    yield lanes
    assert lanes.close(5)


def test_writes_run_one_after_another_in_the_order_asked(lanes: Lanes) -> None:
    seen: list[int] = []
    futures = [lanes.submit(Lane.WRITE, partial(seen.append, n)) for n in range(200)]
    for future in futures:
        future.result(5)
    assert seen == list(range(200))


def test_each_lane_has_its_own_named_threads(lanes: Lanes) -> None:
    names = {lane: lanes.submit(lane, _thread_name).result(5) for lane in _POOLS}
    assert [names[lane].rsplit("_", 1)[0] for lane in _POOLS] == [f"lane-{lane}" for lane in _POOLS]

    async def name_of_net() -> str:
        return _thread_name()

    assert lanes.submit_async(name_of_net).result(5) == "lane-net"


def test_a_slow_write_does_not_hold_up_reading(lanes: Lanes) -> None:
    go_on = threading.Event()
    write = lanes.submit(Lane.WRITE, lambda: go_on.wait(5))
    try:
        assert lanes.submit(Lane.READ, lambda: 7).result(5) == 7
        assert not write.done()
    finally:
        go_on.set()


def test_an_error_reaches_whoever_asked(lanes: Lanes) -> None:
    def fail() -> None:
        raise ValueError("wrong")

    with pytest.raises(ValueError, match="wrong"):
        lanes.submit(Lane.READ, fail).result(5)


def test_a_coroutine_waits_for_work_on_another_lane(lanes: Lanes) -> None:
    async def send() -> list[str]:
        before = await lanes.await_on(Lane.WRITE, _thread_name)
        await asyncio.sleep(0)
        return [before, _thread_name(), await lanes.await_on(Lane.READ, _thread_name)]

    names = lanes.submit_async(send).result(5)
    assert names[0].startswith("lane-write")
    assert names[1] == "lane-net"
    assert names[2].startswith("lane-read")


def test_closing_waits_for_writes_and_drops_queued_reads() -> None:
    lanes, done = Lanes(), []
    started, go_on = threading.Event(), threading.Event()

    def slow_write() -> None:
        started.set()
        go_on.wait(5)
        done.append("first")

    lanes.submit(Lane.WRITE, slow_write)
    lanes.submit(Lane.WRITE, lambda: done.append("second"))
    for _ in range(2):
        lanes.submit(Lane.READ, lambda: go_on.wait(5))
    queued_read = lanes.submit(Lane.READ, lambda: done.append("read"))
    assert started.wait(5)
    release = threading.Timer(0.05, go_on.set)
    release.start()

    assert lanes.close(5)

    assert done == ["first", "second"]
    assert queued_read.cancelled()


def test_closing_gives_up_on_a_write_that_takes_too_long_but_never_cuts_it_off() -> None:
    lanes, done = Lanes(), []
    started, go_on = threading.Event(), threading.Event()

    def slow_write() -> None:
        started.set()
        go_on.wait(5)
        done.append("written")

    running = lanes.submit(Lane.WRITE, slow_write)
    waiting = lanes.submit(Lane.WRITE, lambda: done.append("never begun"))
    assert started.wait(5)

    assert not lanes.close(0.01)
    go_on.set()
    running.result(5)

    assert done == ["written"]
    assert waiting.cancelled()
    assert lanes.close(5)


def test_closing_cancels_a_hanging_request_at_once() -> None:
    lanes, ended = Lanes(), []
    begun = threading.Event()

    async def hang() -> None:
        begun.set()
        try:
            await asyncio.sleep(30)
        finally:
            # What a real sender does when it is interrupted: it still writes down where it stopped.
            ended.append(await lanes.await_on(Lane.WRITE, lambda: "written down"))

    future = lanes.submit_async(hang)
    assert begun.wait(5)
    before = time.monotonic()

    assert lanes.close(5)

    assert time.monotonic() - before < 3  # a request of 30 seconds did not keep the program
    assert ended == ["written down"]
    with pytest.raises(CancelledError):
        future.result(0)


def test_cancelling_the_future_cancels_the_request(lanes: Lanes) -> None:
    begun, stopped = threading.Event(), threading.Event()

    async def hang() -> None:
        begun.set()
        try:
            await asyncio.sleep(30)
        except asyncio.CancelledError:
            stopped.set()
            raise

    future = lanes.submit_async(hang)
    assert begun.wait(5)
    future.cancel()
    assert stopped.wait(5)


def test_nothing_starts_after_closing_and_closing_twice_is_harmless() -> None:
    lanes = Lanes()
    assert lanes.close(5)
    assert lanes.close(5)

    async def never() -> None:
        raise AssertionError("ran after closing")

    with pytest.raises(LanesClosed):
        lanes.submit(Lane.WRITE, lambda: None)
    with pytest.raises(LanesClosed):
        lanes.submit_async(never)


def test_a_coroutine_accepted_just_before_closing_is_cancelled_not_forgotten() -> None:
    for _ in range(20):
        lanes = Lanes()

        async def hang() -> None:
            await asyncio.sleep(30)

        futures = [lanes.submit_async(hang) for _ in range(5)]
        assert lanes.close(5)
        assert all(future.cancelled() for future in futures)


_POOLS = (Lane.WRITE, Lane.READ, Lane.RENDER)


def _thread_name() -> str:
    return threading.current_thread().name
