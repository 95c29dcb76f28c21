"""A disk that is full, broken or write-protected at any write: the person is told, the lane lives on, nothing is half
there, and work goes on without repair once there is room. `dev.py faults disk` takes every write.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sacco_desktop.db import migrate
from sacco_desktop.db.refusals import in_plain_words
from sacco_desktop.domain.errors import OutsideUnavailable
from sacco_desktop.operations.lanes import Lanes
from tests.engines import Copy
from tests.faults.failing_disk import Disk, Kind, approved, live
from tests.faults.recording_vfs import recorded
from tests.guards.office_clock import OPENING_TIME

TAKEN = 12


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    return approved(tmp_path_factory.mktemp("approved"))


@pytest.fixture
def lanes() -> Iterator[Lanes]:
    made = Lanes()
    yield made
    assert made.close(10)


@pytest.mark.parametrize("kind", Kind)
def test_a_disk_that_fails_at_any_write_delays_a_payout_and_loses_nothing(
    copy: Copy, lanes: Lanes, tmp_path: Path, kind: Kind
) -> None:
    well = Disk(kind, 0)
    assert live(copy, tmp_path, lanes, well) == ""
    assert well.asked >= 4
    told = 0
    for fails_at in range(1, well.asked + 1, max(1, well.asked // TAKEN)):
        disk = Disk(kind, fails_at)
        assert live(copy, tmp_path, lanes, disk) == "", f"{kind} at {fails_at} of {well.asked}"
        told += disk.struck
    assert told, "the disk was never asked at these moments"


@pytest.mark.parametrize("kind", Kind)
def test_a_copy_that_cannot_be_finished_leaves_nothing_and_keeps_the_books_from_an_upgrade(
    copy: Copy, tmp_path: Path, kind: Kind, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The copy before an upgrade comes first: without it the schema stays as it is."""
    place = copy.put(tmp_path)
    monkeypatch.setattr(migrate, "HEAD", "9999")
    backups = tmp_path / "backups"
    counting = Disk(kind, 0, only=".part")
    with recorded(trouble=counting):
        database = place.open()
        assert migrate.back_up(database, backups, "whole", OPENING_TIME).exists()
        database.close()
    [whole] = backups.iterdir()
    for fails_at in range(1, counting.asked + 1, max(1, counting.asked // TAKEN)):
        with recorded(trouble=Disk(kind, fails_at, only=".part")):
            database = place.open()
            with pytest.raises(OutsideUnavailable, match="disk"), in_plain_words():
                migrate.migrate(database, backups, OPENING_TIME)
            assert migrate.read_revision(database.reader) != "9999"
            database.close()
        assert list(backups.iterdir()) == [whole]
