"""The town of the fault tests, for journeys on which nothing, or only the usual, goes wrong."""

from tests.faults.conftest import day, desk, town

__all__ = ["day", "desk", "town"]
