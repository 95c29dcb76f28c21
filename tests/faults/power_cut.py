"""Power cuts: from what the database wrote and synced, disks are made as a cut may leave them, and opened again.

What was not synced may be there, be missing, or be torn at any sector of 512 bytes, in any order: that is what a disk
may do. Everything that was answered must be there all the same, whole, and nothing else.
"""

from __future__ import annotations

import itertools
import random
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from unittest.mock import patch

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import event

from sacco_desktop.db.engine import open_database
from sacco_desktop.db.pragmas import ANSWERS, PRAGMAS
from sacco_desktop.domain.errors import OutsideUnavailable
from sacco_desktop.services.books.work import CLOCK, Actor, Books
from sacco_desktop.services.membership import members
from sacco_desktop.services.office import users
from sacco_desktop.services.proof import verify
from sacco_desktop.services.savings import deposits
from sacco_desktop.services.savings.deposits import NewDeposit
from tests.faults.recording_vfs import Step, recorded
from tests.guards.office_clock import OPENING_TIME

SECTOR = 512
ENTRIES = 14
# A checkpoint every so many pages, far more often than in life, so that cuts meet many.
PAGES_A_CHECKPOINT = 40
# Of the disks that are found good by their sums, every so-many-th is proven by the program itself.
PROVEN_EVERY = 50
_ANSWER_OF_WEAKER: dict[str, object] = {"NORMAL": 1, "FULL": 2, "DELETE": "delete"}
LOOKED_THROUGH_EVERY = 10
# SQLite's number for a sync that failed.
IO_ERROR_AT_SYNC = 1034


@dataclass(frozen=True, slots=True)
class Recording:
    """One run of the office: the file it began with, what it asked of the system, and the entries before it."""

    path: Path
    key: bytes
    start: bytes
    steps: tuple[Step, ...]
    first_entry: int


@dataclass(slots=True)
class Tally:
    """What the disks were found to hold."""

    states: int = 0
    lost: int = 0
    damaged: int = 0

    @property
    def bad(self) -> int:
        """Disks on which something is missing or broken."""
        return self.lost + self.damaged


def record(
    books: Path,
    key: bytes,
    folder: Path,
    *,
    lost_syncs: int = 0,
    pragmas: Mapping[str, str] = MappingProxyType({}),
) -> Recording:
    """Post entries in a copy of these books, with our pragmas or with others in their place; every so-many-th sync may
    fail and lose what waited for it, though the system goes on showing that.
    """
    folder.mkdir()
    path = folder / "books.db"
    shutil.copyfile(books, path)
    _settle_mode(path, key, pragmas.get("journal_mode", "WAL"))
    start = path.read_bytes()
    answers = {name: _ANSWER_OF_WEAKER[value] for name, value in pragmas.items()}
    with (
        patch.dict(PRAGMAS, pragmas),
        patch.dict(ANSWERS, answers),
        recorded(trouble=_every(lost_syncs)) as steps,
    ):
        database = open_database(path, key)
        event.listen(database.writer, "connect", _check_point_often, insert=False)
        database.writer.dispose()
        try:
            first = _post(Books(database, now=lambda: OPENING_TIME, pc_name="PC"), path, steps)
        finally:
            # The end in order is not part of it: that syncs everything.
            answered = tuple(steps)
            database.close()
    return Recording(path, key, start, answered, first)


def _every(so_many: int) -> Callable[[str, str], int]:
    counted = itertools.count(1)

    def trouble(what: str, file: str) -> int:
        if what == "sync" and so_many and not file.endswith("-shm"):
            return IO_ERROR_AT_SYNC if next(counted) % so_many == 0 else 0
        return 0

    return trouble


def _settle_mode(path: Path, key: bytes, mode: str) -> None:
    """The mode stands in the file; it is changed before anything is recorded."""
    connection = sqlcipher.connect(str(path), isolation_level=None)
    connection.execute(f"PRAGMA key=\"x'{key.hex()}'\"")
    connection.execute(f"PRAGMA journal_mode={mode}")
    connection.close()


def _check_point_often(connection: object, _record: object) -> None:
    connection.execute(f"PRAGMA wal_autocheckpoint={PAGES_A_CHECKPOINT}")  # type: ignore[attr-defined]


def _post(books: Books, path: Path, steps: list[Step]) -> int:
    rows = books.read(users.list_users, None, actor=CLOCK)
    peter = next(row.user_id for row in rows if row.username == "peter")
    actor = books.read(users.actor_of, peter, actor=CLOCK)
    member = books.read(members.list_members, None, actor=actor)[0].member_id
    first = 0
    for number in range(ENTRIES):
        new = NewDeposit(f"cut/{number}", member, 1_000_00 + number, OPENING_TIME.date())
        entry = _until_answered(books, new, actor)
        first = first or entry
        steps.append(Step("answered", str(path), entry))
    return first


def _until_answered(books: Books, new: NewDeposit, actor: Actor) -> int:
    """Press again with the same key, as the person is told to."""
    while True:
        try:
            return books.write(deposits.take_cash, new, actor=actor).entry_number
        except OutsideUnavailable as refused:
            if "does not happen twice" not in refused.message:
                raise


def cut(recording: Recording, states: int, seed: int, folder: Path) -> Tally:
    """Cut the power at random moments in the worst legal ways; says how many disks were not as they must be."""
    chance, tally = random.Random(seed), Tally()
    folder.mkdir()
    for number in range(states):
        moment = chance.randint(1, len(recording.steps))
        before = recording.steps[:moment]
        answered = max([s.at for s in before if s.what == "answered"], default=0)
        for file in folder.iterdir():
            file.unlink()
        for name, content in _disk(recording, before, chance).items():
            (folder / Path(name).name).write_bytes(content)
        tally.states += 1
        found = _entries(folder / "books.db", recording.key, number % LOOKED_THROUGH_EVERY == 0)
        if found is None or (number % PROVEN_EVERY == 0 and not _proves(folder, recording.key)):
            tally.damaged += 1
        elif found < (answered or recording.first_entry - 1):
            tally.lost += 1
    return tally


def _disk(recording: Recording, steps: tuple[Step, ...], chance: random.Random) -> dict[str, bytes]:
    """The files as a cut after these steps may leave them. `-shm` is never synced and always made anew."""
    whole = {str(recording.path): bytearray(recording.start)}
    for file, step in _survivors(steps, chance):
        if step.what == "delete":
            whole.pop(file, None)
        elif step.what == "truncate":
            del whole.setdefault(file, bytearray())[step.at :]
        else:
            _put(whole.setdefault(file, bytearray()), step)
    return {name: bytes(content) for name, content in whole.items()}


def _survivors(steps: tuple[Step, ...], chance: random.Random) -> Iterator[tuple[str, Step]]:
    """The steps that reached the disk: all that were synced, and of the others what chance leaves of them."""
    synced = _synced(steps)
    for number, step in enumerate(steps):
        if step.what in ("sync", "lost", "answered") or step.file.endswith("-shm"):
            continue
        is_kept = number in synced
        if step.what == "delete":
            # Only a sync of the folder makes a deletion last.
            is_kept = bool(step.at)
        if is_kept:
            yield step.file, step
        elif step.what == "write" and chance.random() < 0.3:
            yield from ((step.file, torn) for torn in _torn(step, chance))
        elif chance.random() < 0.5:
            yield step.file, step


def _synced(steps: tuple[Step, ...]) -> set[int]:
    """The steps whose next sync went well. One that failed has lost them: the system forgets that they wait."""
    found: set[int] = set()
    next_sync: dict[str, str] = {}
    for number in range(len(steps) - 1, -1, -1):
        step = steps[number]
        if step.what in ("sync", "lost"):
            next_sync[step.file] = step.what
        elif next_sync.get(step.file) == "sync":
            found.add(number)
    return found


def _torn(step: Step, chance: random.Random) -> Iterator[Step]:
    for start in range(0, len(step.data), SECTOR):
        if chance.random() < 0.5:
            piece = step.data[start : start + SECTOR]
            yield Step("write", step.file, step.at + start, piece)


def _put(content: bytearray, step: Step) -> None:
    end = step.at + len(step.data)
    if len(content) < end:
        content.extend(bytes(end - len(content)))
    content[step.at : end] = step.data


def _entries(path: Path, key: bytes, is_looked_through: bool) -> int | None:
    """The number of the last entry, or None when the file is not whole or an entry is there in part."""
    connection = sqlcipher.connect(str(path))
    try:
        connection.execute(f"PRAGMA key=\"x'{key.hex()}'\"")
        [(last,)] = connection.execute("SELECT max(number) FROM journal_entry").fetchall()
        uneven = connection.execute(
            "SELECT e.id FROM journal_entry e LEFT JOIN posting p ON p.entry_id = e.id GROUP BY e.id"
            " HAVING count(p.id) < 2 OR sum(p.debit_cents) <> sum(p.credit_cents)"
        ).fetchall()
        if is_looked_through:
            uneven += connection.execute(
                "SELECT 1 FROM pragma_integrity_check WHERE integrity_check <> 'ok'"
            ).fetchall()
    except sqlcipher.DatabaseError:
        return None
    finally:
        connection.close()
    return None if uneven else int(last)


def _proves(folder: Path, key: bytes) -> bool:
    database = open_database(folder / "books.db", key)
    try:
        books = Books(database, now=lambda: OPENING_TIME, pc_name="PC")
        return books.read(verify.verify, None, actor=CLOCK).is_sound
    finally:
        database.close()
