"""The open books, and how an encrypted SQLite file is opened: one engine that writes and one that can only read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.exc import DatabaseError, DBAPIError
from sqlalchemy.orm import Session, SessionTransaction

from sacco_desktop.db.commit_receipt import Receipt, receipt_of, was_committed
from sacco_desktop.db.pragmas import set_up
from sacco_desktop.db.refusals import disk_doubt, disk_trouble
from sacco_desktop.db.witness import LAST_AUDIT, Witness
from sacco_desktop.domain.errors import BooksDamaged, OutsideUnavailable

if TYPE_CHECKING:
    # The driver of a server takes long to load, and most offices have none.
    from sacco_desktop.db.other_pcs import OtherPcs

# A signature of SQLite files in clear; an encrypted file begins with its random salt.
_PLAIN_HEADER = b"SQLite format 3\x00"
# SQLite takes a shorter file for an empty one, and would begin new books in it.
_LEAST_BYTES = 512

_NOT_SAVED = "The connection to the books broke, and nothing was saved. Try again."
_DOUBT = (
    "The connection to the books broke while this was being saved, so nobody knows yet whether it was. Try again when"
    " the connection is back: what was saved already does not happen twice."
)


class _Writes(SQLiteDialect_pysqlite):
    """Begins a transaction that writes. The driver itself begins none, and a listener of the engine for it would have
    every statement look for listeners of its own.
    """

    address = "sqlite+sacco_writes"
    supports_statement_cache = True

    def do_begin(self, dbapi_connection: Any) -> None:
        """IMMEDIATE takes the write lock before anything is read, so no read-modify-write is ever lost."""
        dbapi_connection.execute("BEGIN IMMEDIATE")


class _Reads(SQLiteDialect_pysqlite):
    """Begins a transaction that only reads."""

    address = "sqlite+sacco_reads"
    supports_statement_cache = True

    def do_begin(self, dbapi_connection: Any) -> None:
        """All that it reads is of one moment."""
        dbapi_connection.execute("BEGIN")


for _dialect in (_Writes, _Reads):
    registry.register(_dialect.address.replace("+", "."), __name__, _dialect.__name__)


class _Writing(Session):
    """The session of a transaction that writes."""


@event.listens_for(_Writing, "after_soft_rollback")
def _read_again(session: Session, _ended: SessionTransaction) -> None:
    """Of a savepoint that was rolled back no row may keep what it was told to be, however it was written, and the
    witness must not speak of an audit row that it took back; an older one is as true.
    """
    session.expire_all()
    session.info.pop(LAST_AUDIT, None)


@dataclass(frozen=True, slots=True)
class Database:
    """The open books. Every transaction of `writer` waits until it is the only one; `reader` refuses to write.

    `path` is the file, or None for books on a server. `others` is the line to the other PCs there, `witness` what was
    saved last in a file.
    """

    path: Path | None
    writer: Engine
    reader: Engine
    others: OtherPcs | None = None
    witness: Witness | None = None

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A transaction that commits when the block ends and rolls back when it raises.

        Raises OutsideUnavailable when the connection broke in COMMIT, unless the server says that it counts.
        """
        with _Writing(self.writer, expire_on_commit=False) as session:
            yield session
            session.flush()
            self._commit(session)

    def _commit(self, session: Session) -> None:
        receipt = receipt_of(session.connection())
        try:
            session.commit()
        except DBAPIError as error:
            self._tell_doubt(session, error, receipt)
        if self.witness is not None:
            self.witness.after_commit(session)

    def _tell_doubt(self, session: Session, error: DBAPIError, receipt: Receipt | None) -> None:
        """Return when the transaction counts in spite of this error of its COMMIT; raise otherwise."""
        doubt = disk_doubt(error)
        if doubt is not None:
            # What the system has of a file whose sync failed is no proof of what the disk has, so all is read anew.
            session.invalidate()
            self.writer.dispose()
            raise doubt from error
        if receipt is None or not error.connection_invalidated:
            raise error
        counts = was_committed(self.writer, receipt)
        if not counts:
            raise OutsideUnavailable("books", _NOT_SAVED if counts is False else _DOUBT) from error

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
        if self.witness is not None:
            self.witness.end()


def open_database(path: Path, key: bytes) -> Database:
    """Open or create the books at `path` with the raw 32-byte `key`.

    Raises BooksDamaged when the key does not fit or the file is not an encrypted database, OutsideUnavailable when the
    disk does not let it be used.
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
        trouble = disk_trouble(error)
        if trouble is not None:
            raise trouble from error
        raise BooksDamaged(
            "The books cannot be opened with this key, or the file is damaged. Nothing was changed."
        ) from error
    return Database(path, writer, reader, witness=Witness(path))


def _refuse_plain_file(path: Path) -> None:
    if path.exists():
        with path.open("rb") as file:
            begin = file.read(_LEAST_BYTES)
        if begin.startswith(_PLAIN_HEADER):
            raise BooksDamaged(
                "This file is not encrypted, so these are not the books. Nothing was changed."
            )
        if 0 < len(begin) < _LEAST_BYTES:
            raise BooksDamaged("The file of the books is cut off. Nothing was changed.")


def _engine(path: Path, key: bytes, *, read_only: bool) -> Engine:
    dialect = _Reads if read_only else _Writes
    engine = create_engine(
        f"{dialect.address}:///{path}",
        module=sqlcipher,
        connect_args={"timeout": 15},
        pool_size=4,
        # An error goes to the log and to a crash dialog; names and phones do not go with it.
        hide_parameters=True,
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        set_up(connection, key, read_only=read_only)

    return engine
