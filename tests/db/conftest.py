"""Each test of the database gets books of its own, on a real database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import make
from tests.make import PracticeOffice


@pytest.fixture
def office(tmp_path: Path) -> Iterator[PracticeOffice]:
    """An office with people but without members or money."""
    office = make.office(tmp_path)
    yield office
    office.close()
