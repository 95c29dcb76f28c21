"""The town of the fault tests, for journeys on which nothing, or only the usual, goes wrong."""

from tests.faults.conftest import day, desk, town, towns

__all__ = ["day", "desk", "town", "towns"]
