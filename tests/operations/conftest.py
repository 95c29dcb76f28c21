"""Where the offices of these tests keep their books: in a file of their folder, or in a database of their own."""

from collections.abc import Iterator

import pytest

from tests.engines import EngineKind, server


@pytest.fixture
def database_url(engine: EngineKind) -> Iterator[str | None]:
    """The address of an empty database, or None when the books are a file."""
    if engine is EngineKind.SQLITE:
        yield None
        return
    name = server().create()
    yield server().url(name)
    server().drop(name)
