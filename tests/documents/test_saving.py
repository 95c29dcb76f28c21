"""A file that a person saves is whole under its name, or the old one stays, whatever the disk does."""

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from sacco_desktop.documents.saving import save_whole
from sacco_desktop.domain.errors import SaccoError

OLD, NEW = b"the old paper", bytes(range(256)) * 40
on_unix = pytest.mark.skipif(sys.platform == "win32", reason="Windows sets no limit to a file")


@contextmanager
def _room_for(size: int) -> Iterator[None]:
    """A system that takes no file longer than this: the real call of the system breaks off in the middle."""
    import resource

    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def _files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize("before", [{}, {"paper.pdf": OLD}], ids=["new", "another is there"])
def test_a_whole_file_takes_the_name_and_nothing_else_is_left(
    tmp_path: Path, before: dict[str, bytes]
) -> None:
    for name, content in before.items():
        (tmp_path / name).write_bytes(content)
    save_whole(tmp_path / "paper.pdf", NEW, "The paper")
    assert _files(tmp_path) == {"paper.pdf": NEW}


@on_unix
@pytest.mark.parametrize("before", [{}, {"paper.pdf": OLD}], ids=["new", "another is there"])
def test_a_disk_that_is_full_at_any_byte_leaves_what_was_there(
    tmp_path: Path, before: dict[str, bytes]
) -> None:
    for name, content in before.items():
        (tmp_path / name).write_bytes(content)
    for size in (*range(0, len(NEW), 500), len(NEW) - 1):
        with _room_for(size), pytest.raises(SaccoError, match=r"is full\. Free some room") as told:
            save_whole(tmp_path / "paper.pdf", NEW, "The paper")
        assert told.value.message.startswith("The paper was not saved, because the disk of")
        assert _files(tmp_path) == before
    save_whole(tmp_path / "paper.pdf", NEW, "The paper")
    assert _files(tmp_path) == {"paper.pdf": NEW}


@pytest.mark.parametrize("code", [errno.EIO, errno.ENOSPC, errno.EROFS], ids=errno.errorcode.get)
def test_a_sync_that_fails_is_a_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    """The system may say so only once, and what it still shows is not on the disk: it is not asked again."""
    (tmp_path / "paper.pdf").write_bytes(OLD)
    asked = []

    def fail(descriptor: int) -> None:
        asked.append(descriptor)
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(SaccoError, match="The report was not saved"):
        save_whole(tmp_path / "paper.pdf", NEW, "The report")
    assert len(asked) == 1
    assert _files(tmp_path) == {"paper.pdf": OLD}


def test_what_else_can_be_done_is_said(tmp_path: Path) -> None:
    with pytest.raises(SaccoError, match=r"Choose another folder\. It is kept in the books\."):
        save_whole(tmp_path / "gone" / "file.csv", NEW, "The file", "It is kept in the books.")
