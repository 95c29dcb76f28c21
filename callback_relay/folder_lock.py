"""One process at a time: the data folder is locked for as long as its database is open for
writing."""

from __future__ import annotations

import os
import sys
from pathlib import Path

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl


class FolderInUse(Exception):
    """Another process runs a relay over this folder."""


class FolderLock:
    """An advisory lock that the operating system drops by itself when the process ends, however it
    ends."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            if sys.platform == "win32":
                msvcrt.locking(self._handle, msvcrt.LK_NBLCK, 1)
            else:
                fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(self._handle)
            raise FolderInUse("a relay is running over this folder") from error

    def release(self) -> None:
        """Let the next process in."""
        os.close(self._handle)
