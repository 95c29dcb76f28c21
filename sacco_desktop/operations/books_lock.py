"""One program at a time works on the books of a folder: a lock of the operating system, which even a crash lets go."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from sacco_desktop.domain.dates import business_date, format_date, format_time
from sacco_desktop.domain.errors import BooksInUse
from sacco_desktop.settings import Settings

# Windows locks bytes and hides locked ones from others; this one lies behind all that is ever written.
_LOCKED_BYTE = 1 << 20
_LONGEST_NOTE = 4096


class HeldBooks:
    """The lock while it is held, and the note beside it: who else comes reads there whom to ask."""

    def __init__(self, descriptor: int, note: dict[str, str]) -> None:
        self._descriptor = descriptor
        self._note = note
        self.name_person("")

    def name_person(self, full_name: str) -> None:
        """Say who works with the books now; an empty name when nobody is signed in."""
        _write_note(self._descriptor, {**self._note, "who": full_name})


@contextmanager
def hold_books(settings: Settings, now: Callable[[], datetime], doing: str) -> Iterator[HeldBooks]:
    """Keep the books of this PC's folder for oneself while the block lasts.

    `doing` says what works there, for the person whom it keeps out. Raises BooksInUse, which names who has them open,
    on which PC and since when. The system lets the lock go when the program ends, however it ends.
    """
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(settings.data_dir / "books.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if not _take(descriptor):
            raise BooksInUse(_who_holds(descriptor))
        note = {"pc": settings.pc_name, "at": now().isoformat(), "doing": doing}
        try:
            yield HeldBooks(descriptor, note)
        finally:
            _let_go(descriptor)
    finally:
        os.close(descriptor)


def _who_holds(descriptor: int) -> str:
    """Whose the lock is, as far as the note beside it can be read: it is written just after the lock is taken."""
    os.lseek(descriptor, 0, os.SEEK_SET)
    ask = "Go on there, or close it and start again."
    try:
        note = json.loads(os.read(descriptor, _LONGEST_NOTE))
        at = datetime.fromisoformat(note["at"])
        where = f"on {note['pc']} since {format_date(business_date(at))} {format_time(at)}"
        open_by = f"These books are open already: {note['doing']} {where}."
        if note.get("who"):
            open_by = f"{note['who']} has these books open {where}."
            ask = f"Ask {note['who']} to close Sacco Desktop there, or go on there."
    except (ValueError, KeyError, TypeError, AttributeError):
        open_by = "These books are open already: another program."
    return (
        f"{open_by} Only one program works on them at a time. {ask} Nothing was changed."
        " Several computers at once need books on a server."
    )


def _write_note(descriptor: int, note: dict[str, str]) -> None:
    os.ftruncate(descriptor, 0)
    os.lseek(descriptor, 0, os.SEEK_SET)
    os.write(descriptor, json.dumps(note).encode())


if sys.platform == "win32":
    import msvcrt

    def _take(descriptor: int) -> bool:
        os.lseek(descriptor, _LOCKED_BYTE, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _let_go(descriptor: int) -> None:
        os.lseek(descriptor, _LOCKED_BYTE, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _take(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _let_go(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_UN)
