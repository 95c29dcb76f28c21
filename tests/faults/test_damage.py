"""Books that were damaged while they were closed are refused at the start, before anything is posted in them; nothing
is repaired silently. `dev.py faults damage` flips more bits.
"""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from sacco_desktop.domain.errors import BooksDamaged
from tests.faults.damage import (
    Album,
    accepted_copies,
    flip,
    start_on,
    take_album,
    unnoticed_flips,
    wrong_files,
)
from tests.faults.town import Town

FLIPS, SHARES = 300, 3


@pytest.fixture(scope="module")
def album(town: Town, tmp_path_factory: pytest.TempPathFactory) -> Album:
    return take_album(town, tmp_path_factory.mktemp("album"))


def test_the_books_of_each_moment_open_as_they_are(album: Album) -> None:
    """What the refusals below rest on: also a program that was cut off leaves books that open."""
    for moment in (album.early, album.early_alive, album.alive, album.closed):
        assert start_on(album.settings, moment.files) == moment.entries


def test_every_wrong_file_is_refused_and_left_as_it_is(album: Album) -> None:
    for name, files in wrong_files(album):
        found = start_on(album.settings, files)
        assert isinstance(found, BooksDamaged), f"{name}: opened with {found} entries"
        assert "Restore a copy" in found.message or "cannot be opened" in found.message, name
        assert "Nothing was changed" in found.message, name
        if "books.db" in files:
            left = (album.settings.data_dir / "books.db").read_bytes()
            assert left == files["books.db"], f"{name}: the start wrote into it"


@pytest.mark.parametrize("share", range(SHARES))
def test_every_flipped_bit_is_noticed_before_anything_is_posted(album: Album, share: int) -> None:
    assert unnoticed_flips(album, FLIPS // SHARES, share) == []


def test_without_the_witness_an_older_file_would_pass_for_the_books(album: Album) -> None:
    """What SQLite alone knows: the file and each log are well sealed."""
    older = {"books.db": album.early.files["books.db"]}
    assert start_on(album.settings, older) == album.early.entries
    mixed = {**album.alive.files, "books.db-wal": album.early_alive.files["books.db-wal"]}
    assert isinstance(start_on(album.settings, mixed), BooksDamaged)
    del mixed["books.witness"]
    assert start_on(album.settings, mixed) != album.alive.entries


def test_no_damaged_copy_is_taken_back(town: Town, tmp_path: Path) -> None:
    assert accepted_copies(town, tmp_path, 30, 1) == []


def test_a_damaged_witness_says_nothing_and_keeps_nobody_out(album: Album) -> None:
    chance = random.Random(1)
    for moment in (album.alive, album.closed):
        for _ in range(10):
            files = flip(moment.files, "books.witness", chance)
            assert start_on(album.settings, files) == moment.entries
        files = {**moment.files, "books.witness": moment.files["books.witness"][:40]}
        assert start_on(album.settings, files) == moment.entries
