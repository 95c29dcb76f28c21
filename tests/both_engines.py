"""The fixture `engine`: in folders that ask for it each test runs on SQLite and again on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.engines import CHOICE, EngineKind
from tests.postgresql_server import Server, running

TESTS = Path(__file__).parent
ON_BOTH = ("db", "services", "operations", "journeys")


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known, since unknown markers are errors here."""
    config.addinivalue_line(
        "markers", "only_on(engine, why): a test of what the other engine does not have"
    )


def _kinds(metafunc: pytest.Metafunc) -> list[EngineKind]:
    only = metafunc.definition.get_closest_marker("only_on")
    return [EngineKind(only.args[0])] if only else list(EngineKind)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give `engine` its values, the engine first in the name of each test."""
    path = metafunc.definition.path
    if not path.is_relative_to(TESTS) or path.relative_to(TESTS).parts[0] not in ON_BOTH:
        return
    metafunc.parametrize("engine", _kinds(metafunc), ids=str, indirect=True, scope="module")


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[Server]:
    """The one server of the session."""
    with ExitStack() as stack:
        yield stack.enter_context(running())


@pytest.fixture(scope="module", autouse=True)
def engine(request: pytest.FixtureRequest) -> Iterator[EngineKind]:
    """The database that this test runs on; in all other folders it is SQLite."""
    kind: EngineKind = getattr(request, "param", EngineKind.SQLITE)
    if kind is EngineKind.POSTGRESQL:
        CHOICE.server = request.getfixturevalue("postgresql_server")
    CHOICE.kind = kind
    yield kind
    CHOICE.kind = EngineKind.SQLITE
