"""A warning or an error in the log that the test did not announce fails the test.

Announce it with `@pytest.mark.expects_log("part of the message, a regular expression")` or, when
it is known only inside the test, with the fixture: `expect_log("…")`. An announced record that
never came fails too, because such an announcement would hide the next real warning. Where chance decides whether it
comes, as under a planted mistake, `@pytest.mark.may_log("…")` lets it.
"""

import logging
import re
from collections.abc import Callable, Iterator

import pytest

ExpectLog = Callable[[str], None]


class Watch(logging.Handler):
    """Collects records from WARNING up and knows which of them were announced."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []
        self.announced: list[str] = []
        self.allowed: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Called by logging, from any thread."""
        self.records.append(record)

    def complaints(self) -> list[str]:
        """One sentence for each unannounced record and each announcement that stayed empty."""
        lines = [f"{r.levelname} {r.name}: {r.getMessage()}" for r in self.records]
        unexpected = [
            f"unexpected {line}"
            for line in lines
            if not any(re.search(pattern, line) for pattern in (*self.announced, *self.allowed))
        ]
        missing = [
            f"announced but never logged: {pattern}"
            for pattern in self.announced
            if not any(re.search(pattern, line) for line in lines)
        ]
        return unexpected + missing


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known, since unknown markers are errors here."""
    config.addinivalue_line("markers", "expects_log(pattern): this log record is part of the test")
    config.addinivalue_line("markers", "may_log(pattern): chance decides whether this comes")


@pytest.fixture(autouse=True)
def _log_watch(request: pytest.FixtureRequest) -> Iterator[Watch]:
    watch = Watch()
    for marker in request.node.iter_markers("expects_log"):
        watch.announced.extend(marker.args)
    for marker in request.node.iter_markers("may_log"):
        watch.allowed.extend(marker.args)
    logging.getLogger().addHandler(watch)
    yield watch
    logging.getLogger().removeHandler(watch)
    if complaints := watch.complaints():
        pytest.fail("Log: " + "\n     ".join(complaints), pytrace=False)


@pytest.fixture
def expect_log(_log_watch: Watch) -> ExpectLog:
    """Announce a record: `expect_log("the relay is away")`."""
    return _log_watch.announced.append
