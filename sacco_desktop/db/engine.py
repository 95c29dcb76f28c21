"""The open books, and how an encrypted SQLite file is opened: one engine that writes, one that can only read, and
the pragmas that make SQLite durable.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DatabaseError, DBAPIError
from sqlalchemy.orm import Session

from sacco_desktop.db.commit_receipt import receipt_of, was_committed
from sacco_desktop.domain.errors import BooksDamaged, OutsideUnavailable, WrongState

if TYPE_CHECKING:
    # The driver of a server takes long to load, and most offices have none.
    from sacco_desktop.db.other_pcs import OtherPcs

# Read back on every connection by a test: what is not set here is not durable there.
PRAGMAS = {
    "journal_mode": "WAL",
    "synchronous": "FULL",
    "foreign_keys": "ON",
    "busy_timeout": "15000",
    "trusted_schema": "OFF",
}

# What SQLite answers when it is asked how a pragma stands.
_ANSWERS: dict[str, object] = {"WAL": "wal", "FULL": 2, "ON": 1, "OFF": 0, "15000": 15_000}

# A signature of SQLite files in clear; an encrypted file begins with its random salt.
_PLAIN_HEADER = b"SQLite format 3\x00"

_NOT_SAVED = "The connection to the books broke, and nothing was saved. Try again."
_DOUBT = (
    "The connection to the books broke while this was being saved, so nobody knows yet whether it was. Try again when"
    " the connection is back: what was saved already does not happen twice."
)


@dataclass(frozen=True, slots=True)
class Database:
    """The open books. Every transaction of `writer` waits until it is the only one; `reader` refuses to write.

    `path` is the file, or None for books on a server. `others` is the line to the other PCs there.
    """

    path: Path | None
    writer: Engine
    reader: Engine
    others: OtherPcs | None = None

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A transaction that commits when the block ends and rolls back when it raises.

        Raises OutsideUnavailable when the connection broke in COMMIT, unless the server says that it counts.
        """
        with Session(self.writer, expire_on_commit=False) as session:
            yield session
            session.flush()
            self._commit(session)

    def _commit(self, session: Session) -> None:
        receipt = receipt_of(session.connection())
        try:
            session.commit()
        except DBAPIError as error:
            if receipt is None or not error.connection_invalidated:
                raise
            counts = was_committed(self.writer, receipt)
            if not counts:
                raise OutsideUnavailable(
                    "books", _NOT_SAVED if counts is False else _DOUBT
                ) from error

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session on one consistent state of the books that cannot change them."""
        # Nothing to commit, and a damaged file could not: what was found out about it would be lost with the error.
        with Session(self.reader) as session:
            yield session

    def close(self) -> None:
        """Close every connection; SQLite then folds its write-ahead log into the file."""
        if self.others is not None:
            self.others.close()
        self.reader.dispose()
        self.writer.dispose()


def open_database(path: Path, key: bytes) -> Database:
    """Open or create the books at `path` with the raw 32-byte `key`.

    Raises BooksDamaged when the key does not fit or the file is not an encrypted database.
    """
    if len(key) != 32:
        raise ValueError("The key of the books has 32 bytes.")
    _refuse_plain_file(path)
    writer = _engine(path, key, read_only=False)
    reader = _engine(path, key, read_only=True)
    try:
        with writer.connect():
            pass
    except DatabaseError as error:
        writer.dispose()
        raise BooksDamaged(
            "The books cannot be opened with this key, or the file is damaged. Nothing was changed."
        ) from error
    return Database(path, writer, reader)


def _refuse_plain_file(path: Path) -> None:
    if path.exists():
        with path.open("rb") as file:
            if file.read(len(_PLAIN_HEADER)) == _PLAIN_HEADER:
                raise BooksDamaged(
                    "This file is not encrypted, so these are not the books. Nothing was changed."
                )


def _check_pragmas(connection: Any) -> None:
    """SQLite says nothing when a pragma does not take, as on a network drive; what is not so is not durable there."""
    for name, value in PRAGMAS.items():
        [(answer,)] = connection.execute(f"PRAGMA {name}").fetchall()
        if answer != _ANSWERS[value]:
            raise WrongState(
                "The books cannot be kept safely in this folder: it does not let them survive a power cut. Nothing was"
                " changed. Put them on this computer's own disk; several computers share books through PostgreSQL."
            )


def _engine(path: Path, key: bytes, *, read_only: bool) -> Engine:
    engine = create_engine(
        f"sqlite:///{path}",
        module=sqlcipher,
        connect_args={"timeout": 15},
        pool_size=4,
        # An error goes to the log and to a crash dialog; names and phones do not go with it.
        hide_parameters=True,
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = (
            None  # We say BEGIN ourselves; the driver's own way lost updates.
        )
        connection.execute(f"PRAGMA key=\"x'{key.hex()}'\"")
        for name, value in PRAGMAS.items():
            connection.execute(f"PRAGMA {name}={value}")
        _check_pragmas(connection)
        if read_only:
            connection.execute("PRAGMA query_only=ON")
        # A wrong key shows here and not at the first query of a person.
        connection.execute("SELECT count(*) FROM sqlite_master")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # IMMEDIATE takes the write lock before anything is read, so no read-modify-write is ever lost.
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")

    return engine
