"""Saves a file where a person asked for it: whole, and safe from a power cut, or not at all."""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from sacco_desktop.domain.errors import SaccoError

_FULL = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC), errno.EFBIG)


def save_whole(path: Path, content: bytes, what: str, instead: str = "") -> None:
    """Write `content` under another name, sync it, then give it the name `path`; until then the old file stays.

    `what` names it for a refusal ("The report") and `instead` says what else can be done. Raises SaccoError.
    """
    with whole_file(path, what, instead) as file:
        file.write(content)


@contextmanager
def whole_file(
    path: Path, what: str, instead: str = "", *, is_private: bool = False
) -> Iterator[BinaryIO]:
    """A file to write into, that gets the name `path` when the block has ended well; else the old file stays.

    With `is_private` nobody else on this computer reads it. Raises SaccoError like save_whole.
    """
    beside = path.with_name(f"saving-{secrets.token_hex(4)}.part")
    try:
        with beside.open("xb") as file:
            if is_private and os.name != "nt":
                beside.chmod(0o600)
            yield file
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
        _sync_folder(path.parent)
    except OSError as error:
        raise SaccoError(
            f"{what} was not saved, because {_why(path, error)} {instead}".strip()
        ) from error
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    """A name lasts when its folder has been synced; Windows does that by itself and opens no folders."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _why(path: Path, error: OSError) -> str:
    if error.errno in _FULL:
        return f"the disk of {path.parent} is full. Free some room on it, or choose another folder."
    if error.errno == errno.EIO:
        return f"the disk of {path.parent} is failing. Choose a folder on another disk."
    if not path.parent.is_dir():
        return f"{path.parent} cannot be written to. Choose another folder."
    return f"{path} cannot be written to. Close the file if it is open, or choose another folder."
