"""Writes down every write, truncation, sync and deletion that the embedded database asks of the system, and lets a disk
refuse them.

SQLite's own table of file functions is replaced for a while, inside the very library that the program uses, so that
nothing has to be compiled and nothing of the program is changed.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import sqlcipher3._sqlite3 as driver

_P = ctypes.c_void_p
# Names go through as addresses: SQLite keeps them, and a copy of ours would be gone by then.
_OPEN = ctypes.CFUNCTYPE(ctypes.c_int, _P, _P, _P, ctypes.c_int, _P)
_DELETE = ctypes.CFUNCTYPE(ctypes.c_int, _P, _P, ctypes.c_int)
_WRITE = ctypes.CFUNCTYPE(ctypes.c_int, _P, _P, ctypes.c_int, ctypes.c_int64)
_TRUNCATE = ctypes.CFUNCTYPE(ctypes.c_int, _P, ctypes.c_int64)
_SYNC = ctypes.CFUNCTYPE(ctypes.c_int, _P, ctypes.c_int)


class _Vfs(ctypes.Structure):
    _fields_ = (
        ("version", ctypes.c_int),
        ("file_size", ctypes.c_int),
        ("longest_path", ctypes.c_int),
        ("next", _P),
        ("name", ctypes.c_char_p),
        ("data", _P),
        ("open", _P),
        ("delete", _P),
    )


class _Methods(ctypes.Structure):
    _fields_ = (
        ("version", ctypes.c_int),
        ("close", _P),
        ("read", _P),
        ("write", _P),
        ("truncate", _P),
        ("sync", _P),
        ("rest", _P * 13),
    )


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was asked of the system: write, truncate, sync, delete, a sync that was lost with everything that
    waited for it, or our own mark that was answered.
    """

    what: str
    file: str
    at: int = 0
    data: bytes = b""


# Asked before each write and sync of a file: the code with which SQLite hears that it failed, or 0.
Trouble = Callable[[str, str], int]


def _all_is_well(_what: str, _file: str) -> int:
    return 0


class _Recorder:
    """Stands between SQLite and the system while it is installed."""

    def __init__(self, steps: list[Step], has_shared_memory: bool, trouble: Trouble) -> None:
        library = ctypes.CDLL(driver.__file__)
        library.sqlite3_vfs_find.restype = ctypes.POINTER(_Vfs)
        self._vfs = library.sqlite3_vfs_find(None).contents
        self._steps = steps
        self._has_shared_memory = has_shared_memory
        self._trouble = trouble
        self._old = (self._vfs.open, self._vfs.delete)
        # Everything that C code may call has to live as long as a file is open.
        self._kept: list[Any] = []
        self._names: dict[int, str] = {}

    def install(self) -> None:
        self._vfs.open = self._pointer(_OPEN(self._open))
        self._vfs.delete = self._pointer(_DELETE(self._delete))

    def remove(self) -> None:
        self._vfs.open, self._vfs.delete = self._old

    def _pointer(self, function: Any) -> int | None:
        self._kept.append(function)
        return ctypes.cast(function, _P).value

    def _open(self, vfs: int, name: int | None, file: int, flags: int, out: int | None) -> int:
        result = _OPEN(self._old[0])(vfs, name, file, flags, out)
        if result == 0 and name is not None:
            self._names[file] = ctypes.string_at(name).decode()
            holder = ctypes.cast(file, ctypes.POINTER(ctypes.POINTER(_Methods)))
            ours = _Methods.from_buffer_copy(holder.contents.contents)
            ours.write = self._pointer(_WRITE(self._write(_WRITE(ours.write))))
            ours.truncate = self._pointer(_TRUNCATE(self._truncate(_TRUNCATE(ours.truncate))))
            ours.sync = self._pointer(_SYNC(self._sync(_SYNC(ours.sync))))
            if not self._has_shared_memory:
                # The first version of the table knows of none.
                ours.version = 1
            self._kept.append(ours)
            holder[0] = ctypes.pointer(ours)
        return int(result)

    def _delete(self, vfs: int, name: int, sync_folder: int) -> int:
        self._steps.append(Step("delete", ctypes.string_at(name).decode(), sync_folder))
        return int(_DELETE(self._old[1])(vfs, name, sync_folder))

    def _write(self, real: Callable[..., int]) -> Callable[..., int]:
        def write(file: int, data: int, size: int, at: int) -> int:
            failed = self._trouble("write", self._names[file])
            if failed:
                # What a full disk takes of a write is anybody's guess: here it is the first half.
                real(file, data, size // 2, at)
                half = ctypes.string_at(data, size // 2)
                self._steps.append(Step("write", self._names[file], at, half))
                return failed
            self._steps.append(Step("write", self._names[file], at, ctypes.string_at(data, size)))
            return int(real(file, data, size, at))

        return write

    def _truncate(self, real: Callable[..., int]) -> Callable[..., int]:
        def truncate(file: int, size: int) -> int:
            self._steps.append(Step("truncate", self._names[file], size))
            return int(real(file, size))

        return truncate

    def _sync(self, real: Callable[..., int]) -> Callable[..., int]:
        def sync(file: int, flags: int) -> int:
            failed = self._trouble("sync", self._names[file])
            if failed:
                self._steps.append(Step("lost", self._names[file]))
                return failed
            result = int(real(file, flags))
            self._steps.append(Step("sync", self._names[file]))
            return result

        return sync


@contextmanager
def recorded(
    *, has_shared_memory: bool = True, trouble: Trouble = _all_is_well
) -> Iterator[list[Step]]:
    """The steps of everything that is opened and closed inside this block.

    Without shared memory the files are as on a network drive, where no write-ahead log can be kept. `trouble` may let
    writes and syncs fail.
    """
    steps: list[Step] = []
    recorder = _Recorder(steps, has_shared_memory, trouble)
    recorder.install()
    try:
        yield steps
    finally:
        recorder.remove()
