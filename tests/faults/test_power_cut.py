"""A power cut at any moment loses nothing that was answered; with weaker pragmas it would, and this test sees it."""

from pathlib import Path

import pytest

from sacco_desktop.db.engine import open_database
from sacco_desktop.domain.errors import WrongState
from tests.faults.power_cut import cut, record
from tests.faults.quick.town import QuickTown
from tests.faults.recording_vfs import recorded

# Each of these loses entries that were answered: one syncs too little, the other forgets to sync the folder.
CONTROLS = (
    {"synchronous": "NORMAL"},
    {"journal_mode": "DELETE", "synchronous": "FULL"},
)


@pytest.mark.parametrize("seed", range(4))
def test_our_books_lose_nothing(quick_town: QuickTown, seed: int) -> None:
    with quick_town.folder() as folder:
        recording = record(quick_town.start_books, quick_town.key, folder / "office")
        tally = cut(recording, 250, seed, folder / "disk")
    assert (tally.states, tally.lost, tally.damaged) == (250, 0, 0)


@pytest.mark.parametrize("every", [3, 5])
def test_a_sync_that_failed_is_never_taken_for_done(quick_town: QuickTown, every: int) -> None:
    """The system drops what it could not write and says so once; the next sync then says that all is well."""
    with quick_town.folder() as folder:
        books, office = quick_town.start_books, folder / "office"
        recording = record(books, quick_town.key, office, lost_syncs=every)
        assert sum(step.what == "lost" for step in recording.steps) >= 3
        tally = cut(recording, 100, every, folder / "disk")
    assert (tally.states, tally.lost, tally.damaged) == (100, 0, 0)


@pytest.mark.parametrize("weaker", CONTROLS, ids=str)
def test_weaker_pragmas_lose_entries(quick_town: QuickTown, weaker: dict[str, str]) -> None:
    with quick_town.folder() as folder:
        books, office = quick_town.start_books, folder / "office"
        recording = record(books, quick_town.key, office, pragmas=weaker)
        tally = cut(recording, 100, 1, folder / "disk")
    assert tally.lost > 0, "a test that cannot see a loss proves nothing"


def test_books_on_a_drive_that_cannot_keep_them_safe_are_not_opened(tmp_path: Path) -> None:
    with recorded(has_shared_memory=False), pytest.raises(WrongState, match="PostgreSQL"):
        open_database(tmp_path / "books.db", bytes(range(32)))
