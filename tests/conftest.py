"""What every test gets: an unseen screen, a clock that stands still, guards, fast tests first."""

import gc
import os
from pathlib import Path

import pytest

# Qt reads these once, when it is first imported; pytest-qt imports it right after this file.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["QT_LOGGING_RULES"] = ""

pytest_plugins = [
    "tests.both_engines",
    "tests.guards.properties",
    "tests.guards.office_clock",
    "tests.guards.network",
    "tests.guards.threads",
    "tests.guards.log_records",
    "tests.guards.gui_thread",
    "tests.guards.leftover_qt",
    "tests.guards.garbage",
]

# A defect should be reported by the quickest test that can see it.
FAST_FIRST = (
    "domain",
    "architecture",
    "services",
    "db",
    "documents",
    "gateways",
    "operations",
    "relay",
    "demo",
    "ui",
    "journeys",
    "faults",
)
TESTS = Path(__file__).parent


def _place(item: pytest.Item) -> int:
    """The rank of the folder directly under tests/; a folder not named above runs at the end."""
    if not item.path.is_relative_to(TESTS):
        return len(FAST_FIRST)
    folder = item.path.relative_to(TESTS).parts[0]
    return FAST_FIRST.index(folder) if folder in FAST_FIRST else len(FAST_FIRST)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep pytest-randomly's shuffle inside a folder, but let the folders follow FAST_FIRST."""
    items.sort(key=_place)


def pytest_collection_finish() -> None:
    """The eight thousand tests that were collected stay to the end: nobody need look through them for garbage."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
