"""Opens books that live on a PostgreSQL server: one writer at a time, as on SQLite, and a truth about every COMMIT.

docs/decisions/0007-postgresql.md says why it is done in this way. The driver takes long to import, so only who opens
such books imports this file.
"""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg.adapt import Buffer, Loader
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, OperationalError

from sacco_desktop.db.commit_receipt import Receipt, keep_receipt
from sacco_desktop.db.engine import Database
from sacco_desktop.db.guards import BOOKS_LOCK
from sacco_desktop.db.other_pcs import OtherPcs
from sacco_desktop.db.personal import PersonalCipher, give_cipher
from sacco_desktop.domain.errors import BooksDamaged, InvalidInput, OutsideUnavailable

# A PC that falls asleep in the middle of a transaction must not keep the others out for longer than they wait.
_SESSION = {
    "timezone": "UTC",
    "search_path": "public,pg_temp",
    "synchronous_commit": "on",
    "idle_in_transaction_session_timeout": "20s",
    "lock_timeout": "30s",
}

_BEGIN = (
    f"SELECT pg_advisory_xact_lock({BOOKS_LOCK}), pg_current_xact_id()::text,"
    " left(pg_walfile_name(pg_current_wal_lsn()), 8)"
)

_ORDERS_BY_BYTES = ("C", "POSIX", "C.UTF-8", "C.utf8")


def open_postgresql(url: str, key: bytes, password: str | None = None) -> Database:
    """Open the books in the database that `url` names, as in postgresql://sacco@server/umoja?sslmode=verify-full.

    Personal columns are sealed under `key`, the 32-byte key of the books. The password comes from the keyring and
    never stands in the address. Raises InvalidInput for an address that is none, OutsideUnavailable when the server
    cannot be reached, BooksDamaged for a database that sorts by a language.
    """
    address = _address(url, password)
    writer, reader = _engine(address, read_only=False), _engine(address, read_only=True)
    for engine in (writer, reader):
        give_cipher(engine, PersonalCipher(key))
    try:
        _check(reader)
    except BooksDamaged:
        reader.dispose()
        raise
    except OperationalError as error:
        raise OutsideUnavailable(
            "books",
            "The database of the books cannot be reached, or it refused this computer's name and password."
            " Nothing was changed. Check the network, then start again.",
        ) from error
    line = address.set(drivername="postgresql").render_as_string(hide_password=False)
    return Database(None, writer, reader, OtherPcs(line))


def _address(url: str, password: str | None) -> URL:
    try:
        address = make_url(url)
        is_ours = address.get_backend_name() == "postgresql" and bool(address.database)
    except (ArgumentError, ValueError) as error:
        raise InvalidInput("This is no address of a database.", "database_url") from error
    if not is_ours:
        raise InvalidInput(
            "The address of the books is written postgresql://name@server/database.", "database_url"
        )
    if address.password:
        raise InvalidInput(
            "Take the password out of the address of the database. It belongs into the keyring.",
            "database_url",
        )
    return address.set(drivername="postgresql+psycopg", password=password)


def _engine(address: URL, *, read_only: bool) -> Engine:
    options = " ".join(f"-c {name}={value}" for name, value in _SESSION.items())
    if read_only:
        options += " -c default_transaction_read_only=on"
    engine = create_engine(
        address,
        # A writer sees what was committed before its lock was given; a reader sees one moment to its end.
        isolation_level="REPEATABLE READ" if read_only else "READ COMMITTED",
        connect_args={
            "options": options,
            "connect_timeout": 10,
            "application_name": "Sacco Desktop",
        },
        # We have no such columns, and looking for their type takes a transaction of its own.
        use_native_hstore=False,
        pool_pre_ping=True,
        pool_size=4,
        # The text of an error goes into the log; names and phone numbers must not.
        hide_parameters=True,
    )
    event.listen(engine, "connect", _prepare)
    if not read_only:
        event.listen(engine, "begin", _take_the_lock)
    return engine


class _WholeNumber(Loader):
    """PostgreSQL adds up 64-bit numbers as NUMERIC; of cents even the sum is a whole number."""

    def load(self, data: Buffer) -> int:
        return int(bytes(data))


def _prepare(connection: psycopg.Connection[Any], _record: object) -> None:
    connection.adapters.register_loader("numeric", _WholeNumber)


def _take_the_lock(connection: Connection) -> None:
    """Wait until no other PC writes. At READ COMMITTED every later statement sees what that one has committed."""
    _locked, transaction_id, timeline = connection.exec_driver_sql(_BEGIN).one()
    keep_receipt(connection, Receipt(transaction_id, timeline))


def _check(reader: Engine) -> None:
    with reader.connect() as connection:
        encoding, order = connection.exec_driver_sql(
            "SELECT pg_encoding_to_char(encoding), datcollate FROM pg_database"
            " WHERE datname = current_database()"
        ).one()
    if encoding != "UTF8" or order not in _ORDERS_BY_BYTES:
        raise BooksDamaged(
            f"This database is made for {encoding} and {order}, in which numbers and names sort otherwise than in"
            " these books. Make one with: CREATE DATABASE … TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'."
        )


def backup_command(url: str, target: str) -> str:
    """The command by which an administrator copies the books: one consistent moment, while everybody works on."""
    address = make_url(url).set(drivername="postgresql", password=None)
    return f"pg_dump --format=custom --file={target} {address.render_as_string()}"
