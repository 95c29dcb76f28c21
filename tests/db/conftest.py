"""Each test of the database gets books of its own, on a real database."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import make
from tests.make import PracticeOffice


@pytest.fixture(autouse=True)
def dying_connections_may_grumble() -> Iterator[None]:
    """Tests here cut connections and stop servers. Whether psycopg then warns depends on the byte it was at; what the
    program itself makes of it is told by exceptions, and those are what the tests look at.
    """
    logger = logging.getLogger("psycopg")
    before = logger.level
    logger.setLevel(logging.ERROR)
    yield
    logger.setLevel(before)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[PracticeOffice]:
    """An office with people but without members or money."""
    office = make.office(tmp_path)
    yield office
    office.close()
