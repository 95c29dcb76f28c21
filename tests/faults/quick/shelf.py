"""Where the books of a day lie, and how a copy is kept and put back: a file, or a database of the suite's server."""

from __future__ import annotations

import itertools
import shutil
from abc import ABC, abstractmethod
from pathlib import Path

from sacco_desktop.db.engine import Database, open_database
from sacco_desktop.db.postgresql import open_postgresql
from tests.engines import CHOICE, EngineKind, server


class Shelf(ABC):
    """The books of one day. A copy is named by a text; the programs must be closed while one is made or put back."""

    @abstractmethod
    def open(self) -> Database:
        """Open the books that lie here now."""

    @abstractmethod
    def keep(self) -> str:
        """Make a copy of the books of this moment."""

    @abstractmethod
    def put_back(self, copy: str) -> None:
        """Put a copy in the place of the books; the copy stays."""

    @abstractmethod
    def throw_away(self) -> None:
        """The day is over."""


class FileShelf(Shelf):
    """An encrypted file in the folder of the day."""

    def __init__(self, folder: Path, key: bytes) -> None:
        self._folder, self._key = folder, key
        self._numbers = itertools.count()

    def open(self) -> Database:
        """See Shelf."""
        return open_database(self._folder / "books.db", self._key)

    def keep(self) -> str:
        """See Shelf."""
        copy = self._folder / f"copy-{next(self._numbers)}.db"
        shutil.copyfile(self._folder / "books.db", copy)
        return str(copy)

    def put_back(self, copy: str) -> None:
        """See Shelf."""
        for file in self._folder.glob("books.db*"):
            file.unlink()
        shutil.copyfile(copy, self._folder / "books.db")

    def throw_away(self) -> None:
        """The files go with their folder."""


class ServerShelf(Shelf):
    """A database; a copy is another one, from which the server makes new ones."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._name = ""
        self._copies: list[str] = []

    def open(self) -> Database:
        """See Shelf."""
        return open_postgresql(server().url(self._name), self._key)

    def keep(self) -> str:
        """See Shelf."""
        self._copies.append(server().create(self._name))
        return self._copies[-1]

    def put_back(self, copy: str) -> None:
        """See Shelf."""
        if self._name:
            server().drop(self._name)
        self._name = server().create(copy)

    def throw_away(self) -> None:
        """See Shelf."""
        for name in (self._name, *self._copies):
            server().drop(name)


def new_shelf(folder: Path, key: bytes) -> Shelf:
    """An empty shelf on the engine that this test runs on."""
    return ServerShelf(key) if CHOICE.kind is EngineKind.POSTGRESQL else FileShelf(folder, key)
