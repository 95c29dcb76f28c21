"""Whole copies of the books in a file: written under another name, synced, and only then given their name."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy.exc import DBAPIError, OperationalError

from sacco_desktop.db.engine import Database
from sacco_desktop.domain.errors import WrongState


def write_copy(database: Database, target: Path) -> None:
    """Copy the books of one moment to `target`, encrypted under the same key, while everybody works on.

    A copy that cannot be finished leaves nothing behind. Raises WrongState for books on a server, OSError, DBAPIError.
    """
    if database.path is None:
        raise WrongState(
            "These books are on a server. Its administrator copies them with pg_dump. Nothing was copied."
        )
    target.parent.mkdir(parents=True, exist_ok=True)
    # Two programs that upgrade the same books at once must not write into one file.
    beside = target.with_name(f"{target.name}-{secrets.token_hex(4)}.part")
    try:
        _copy(database, beside)
        put_in_place(beside, target)
    except (OSError, DBAPIError):
        _clear(beside)
        raise


def _clear(beside: Path) -> None:
    """Take away what a copy that broke off has left, and the journal that SQLite kept of it."""
    for file in (beside, beside.with_name(f"{beside.name}-journal")):
        with suppress(OSError):
            file.unlink(missing_ok=True)


def _copy(database: Database, target: Path) -> None:
    raw = database.writer.raw_connection()
    try:
        raw.cursor().execute("VACUUM INTO ?", (str(target),))
    except sqlcipher.Error as error:
        # The driver is spoken to past SQLAlchemy, which would have named its errors.
        raise OperationalError("VACUUM INTO", None, error) from error
    finally:
        raw.close()


def put_in_place(beside: Path, target: Path) -> None:
    """Let a finished file reach the disk whole and then take the name `target`, for good. Raises OSError."""
    with beside.open("r+b") as file:
        os.fsync(file.fileno())
    beside.replace(target)
    sync_folder(target.parent)


def sync_folder(folder: Path) -> None:
    """Names last when their folder was synced; Windows does that by itself and opens no folders."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
