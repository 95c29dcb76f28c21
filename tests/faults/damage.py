"""Damaged files of the books: flipped bits, cut ends, logs and files of another day. Each is put where the program
looks, and the program is started on it.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sacco_desktop.domain.errors import BooksDamaged
from sacco_desktop.operations.copies import back_up_here, manifest_path
from sacco_desktop.operations.open_office import open_books
from sacco_desktop.operations.restore import restore_books
from sacco_desktop.services.books.work import CLOCK, Actor, Books
from sacco_desktop.services.membership import members
from sacco_desktop.services.office import users
from sacco_desktop.services.proof import verify
from sacco_desktop.services.savings import deposits
from sacco_desktop.services.savings.deposits import NewDeposit
from sacco_desktop.settings import Settings
from tests.faults.town import Town, settings_of
from tests.guards.office_clock import OPENING_TIME
from tests.make import new_member

FILES = ("books.db", "books.db-wal", "books.witness")
PAGE = 4096

Files = dict[str, bytes]


@dataclass(frozen=True, slots=True)
class Moment:
    """The files of the books at one moment, and how many entries were answered by then."""

    files: Files
    entries: int


@dataclass(frozen=True, slots=True)
class Album:
    """The same books on a first day, at its end, the next day in the middle of work, and closed."""

    settings: Settings
    early: Moment
    early_alive: Moment
    alive: Moment
    closed: Moment


def take_album(town: Town, folder: Path) -> Album:
    """Work with the town's books for two days and keep their files."""
    shutil.copytree(town.start_folder / "office", folder / "office")
    settings = settings_of(folder)
    with open_books(settings, lambda: OPENING_TIME, doing="the first day") as books:
        for number in range(100, 180):
            books.write(members.write_down, new_member(number), actor=_peter(books))
    with open_books(settings, lambda: OPENING_TIME, doing="the same day") as books:
        for number in range(180, 200):
            # Too few for the log to be written back, and in pages that the second day does not touch again, so that
            # its log does not hold all of the first.
            books.write(members.write_down, new_member(number), actor=_peter(books))
        last = _post(books, 1, 4)
        early_alive = Moment(_files(settings), last)
    early = Moment(_files(settings), last)
    with open_books(settings, lambda: OPENING_TIME, doing="the next day") as books:
        last = _post(books, 5, 10)
        alive = Moment(_files(settings), last)
    return Album(settings, early, early_alive, alive, Moment(_files(settings), last))


def _files(settings: Settings) -> Files:
    paths = {name: settings.data_dir / name for name in FILES}
    return {name: path.read_bytes() for name, path in paths.items() if path.exists()}


def _peter(books: Books) -> Actor:
    rows = books.read(users.list_users, None, actor=CLOCK)
    peter = next(row.user_id for row in rows if row.username == "peter")
    return books.read(users.actor_of, peter, actor=CLOCK)


def _post(books: Books, first: int, last: int) -> int:
    actor = _peter(books)
    member = books.read(members.list_members, None, actor=actor)[0].member_id
    entry = 0
    for number in range(first, last + 1):
        new = NewDeposit(f"damage/{number}", member, 1_000_00 + number, OPENING_TIME.date())
        entry = books.write(deposits.take_cash, new, actor=actor).entry_number
    return entry


def start_on(settings: Settings, files: Files) -> BooksDamaged | int:
    """Start the program on these files: why it refused, or the number of the last entry that the sound books hold."""
    for name in FILES:
        (settings.data_dir / name).unlink(missing_ok=True)
    (settings.data_dir / "books.db-shm").unlink(missing_ok=True)
    for name, content in files.items():
        (settings.data_dir / name).write_bytes(content)
    try:
        with open_books(settings, lambda: OPENING_TIME, doing="a start") as books:
            proof = books.read(verify.verify, None, actor=CLOCK)
            assert proof.is_sound, f"opened, and only then found: {proof.faults[0]}"
            return proof.entries
    except BooksDamaged as refusal:
        return refusal


def flip(files: Files, name: str, chance: random.Random) -> Files:
    """One bit of one file, anywhere."""
    content = bytearray(files[name])
    place = chance.randrange(len(content))
    content[place] ^= 1 << chance.randrange(8)
    return {**files, name: bytes(content)}


def unnoticed_flips(album: Album, count: int, seed: int) -> list[str]:
    """Flip one bit at a time, in closed books and in file and log of a program that was cut off: each flip that the
    start did not notice though it had an effect, or after which it wrote into the damaged file.
    """
    chance, bad = random.Random(seed), []
    for number in range(count):
        moment = (album.closed, album.alive)[number % 2]
        name = "books.db" if number % 3 else sorted(moment.files)[-2]
        files = flip(moment.files, name, chance)
        found = start_on(album.settings, files)
        if isinstance(found, BooksDamaged):
            left = (album.settings.data_dir / "books.db").read_bytes()
            if "Nothing was changed" not in found.message or left != files["books.db"]:
                bad.append(f"flip {number} of {name}: {found.message}")
        elif name == "books.db" or found != moment.entries:
            bad.append(f"flip {number} of {name} was not noticed")
    return bad


def accepted_copies(town: Town, folder: Path, count: int, seed: int) -> list[str]:
    """Copy the books of the town, flip one bit or cut the end off, and bring it back without its manifest: each such
    copy that was taken, or that changed the books.
    """
    shutil.copytree(town.start_folder / "office", folder / "office")
    settings, copy, bad = settings_of(folder), folder / "copy.db", []
    back_up_here(settings, copy, lambda: OPENING_TIME)
    manifest_path(copy).unlink()
    whole, books, chance = copy.read_bytes(), settings.books_path.read_bytes(), random.Random(seed)
    for number in range(count):
        files = flip({"copy": whole}, "copy", chance)
        if number % 10 == 0:
            files = {"copy": whole[: chance.randrange(len(whole))]}
        copy.write_bytes(files["copy"])
        try:
            restore_books(settings, copy, lambda: OPENING_TIME)
            bad.append(f"copy {number} was taken")
        except BooksDamaged:
            if settings.books_path.read_bytes() != books:
                bad.append(f"copy {number} changed the books")
    return bad


def wrong_files(album: Album) -> Iterator[tuple[str, Files]]:
    """What a careless hand, a cloud folder or a bad disk makes of the files; each must be refused."""
    now, old = album.closed.files, album.early.files
    alive, old_alive = album.alive.files, album.early_alive.files
    book = now["books.db"]
    for length in (0, 1, 15, 16, 100, PAGE - 1, PAGE, PAGE + 1, len(book) // 2 // PAGE * PAGE):
        yield f"cut off at {length} bytes", {**now, "books.db": book[:length]}
    yield "its last page cut off", {**now, "books.db": book[:-PAGE]}
    yield "a page of zeros", {**now, "books.db": book[: PAGE * 5] + bytes(PAGE) + book[PAGE * 6 :]}
    yield "two pages swapped", {**now, "books.db": _swapped(book)}
    yield "the file gone", {"books.witness": now["books.witness"]}
    yield "an older file", {**now, "books.db": old["books.db"]}
    yield "an older file and its log", {**old_alive, "books.witness": now["books.witness"]}
    yield "an old log with the new file", {**now, "books.db-wal": old_alive["books.db-wal"]}
    yield "an old log of a cut-off day", {**alive, "books.db-wal": old_alive["books.db-wal"]}
    yield "the log gone", {n: c for n, c in alive.items() if n != "books.db-wal"}
    yield "the log cut off", {**alive, "books.db-wal": alive["books.db-wal"][: -3 * PAGE]}
    yield "an older file with the new log", {**alive, "books.db": old_alive["books.db"]}


def _swapped(book: bytes) -> bytes:
    return (
        book[: PAGE * 3] + book[PAGE * 4 : PAGE * 5] + book[PAGE * 3 : PAGE * 4] + book[PAGE * 5 :]
    )
