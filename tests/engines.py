"""On which database a test runs, and how its books are made, kept and copied there.

A test asks for nothing: in the folders that run on both engines the fixture `engine` has chosen before it starts.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Dialect, Engine

from sacco_desktop.db.engine import Database, open_database
from sacco_desktop.db.postgresql import open_postgresql
from sacco_desktop.settings import SETTINGS_FILE, read_settings
from tests.postgresql_server import Server

KEY = bytes(range(32))

Made = TypeVar("Made")


class EngineKind(StrEnum):
    """The two databases that the program runs on."""

    SQLITE = "sqlite"
    POSTGRESQL = "postgresql"


@dataclass(slots=True)
class _Choice:
    """What the fixtures have set; nothing else may."""

    kind: EngineKind = EngineKind.SQLITE
    server: Server | None = None


CHOICE = _Choice()


def server() -> Server:
    """The server that runs for this session."""
    assert CHOICE.server is not None, "only a test with the fixture `engine` may use PostgreSQL"
    return CHOICE.server


def once_per_engine(make: Callable[[], Made]) -> Callable[[], Made]:
    """Like functools.cache, but what was made on one engine is never given to a test on the other."""
    made: dict[EngineKind, Made] = {}

    @functools.wraps(make)
    def kept() -> Made:
        if CHOICE.kind not in made:
            made[CHOICE.kind] = make()
        return made[CHOICE.kind]

    return kept


@dataclass(frozen=True, slots=True)
class BooksPlace:
    """Where books lie: a file, or a database of the session's server."""

    file: Path | None
    database: str = ""

    def open(self) -> Database:
        """Open the books there, or begin new ones."""
        if self.file is not None:
            return open_database(self.file, KEY)
        return open_postgresql(server().url(self.database), KEY)

    def throw_away(self) -> None:
        """A file goes with its folder; a database has to be dropped."""
        if self.file is None:
            server().drop(self.database)


@dataclass(frozen=True, slots=True)
class Copy:
    """Whole books, closed, from which any number of others can be made: the bytes of a file, or a template."""

    file: bytes
    template: str = ""

    def put(self, folder: Path) -> BooksPlace:
        """Books like these for one test."""
        if self.template:
            return BooksPlace(None, server().create(self.template))
        place = new_place(folder)
        assert place.file is not None
        place.file.write_bytes(self.file)
        return place


_numbers = itertools.count(1)


def new_place(folder: Path) -> BooksPlace:
    """Where nothing is yet."""
    if CHOICE.kind is EngineKind.POSTGRESQL:
        return BooksPlace(None, server().create())
    return BooksPlace(folder / f"books-{next(_numbers)}.db")


def settle_office(home: Path, template: str = "template0") -> str:
    """Let the office in the folder `home` keep its books where this test runs: in the folder itself, or in a new
    database of the server, which its settings then name. Returns the database's name, or nothing.
    """
    if CHOICE.kind is EngineKind.SQLITE:
        return ""
    database = server().create(template)
    home.mkdir(parents=True, exist_ok=True)
    address = f'database_url = "{server().url(database)}"\n'
    (home / SETTINGS_FILE).write_text(address, encoding="utf-8")
    return database


def database_of(home: Path) -> str | None:
    """The address of the database that the office in `home` keeps its books in, as its settings say."""
    return read_settings({}, data_dir=home).database_url


def copy_of(place: BooksPlace) -> Copy:
    """The books at `place`, which must be closed. A database becomes the template itself."""
    if place.file is None:
        return Copy(b"", place.database)
    return Copy(place.file.read_bytes())


# Statements that one office has made ready serve the next one too; that is half of the time of a short test. They are
# found again by the dialect, so all offices on one engine have the same.
_statements: dict[Any, Any] = {}
_dialects: dict[tuple[str, bool], Dialect] = {}


def quick(engine: Engine, *, is_writer: bool) -> Engine:
    """The same engine with the statements of all tests before."""
    engine.dialect = _dialects.setdefault((engine.dialect.name, is_writer), engine.dialect)
    return engine.execution_options(compiled_cache=_statements)
