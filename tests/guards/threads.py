"""A thread that outlives its test is named, and fails that test."""

import threading
import time
from collections.abc import Iterator

import pytest

GRACE_SECONDS = 2.0


def threads_that_stay(before: set[threading.Thread], grace_seconds: float) -> list[str]:
    """Join what is new since `before` for at most the grace time, and name what still runs."""
    end = time.monotonic() + grace_seconds
    new = [
        thread
        for thread in threading.enumerate()
        # A dummy is a thread of Qt or of the system that once called Python; it has no join.
        if thread not in before and not isinstance(thread, threading._DummyThread)
    ]
    for thread in new:
        thread.join(max(0.0, end - time.monotonic()))
    return sorted(thread.name for thread in new if thread.is_alive())


@pytest.fixture(autouse=True)
def _fail_on_leftover_threads() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    if stay := threads_that_stay(before, GRACE_SECONDS):
        pytest.fail(f"Threads outlive the test: {', '.join(stay)}", pytrace=False)
