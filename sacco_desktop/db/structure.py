"""Looks through the file of the books before anything is posted in it: every page, and how they fit together."""

from __future__ import annotations

from sqlalchemy import Connection
from sqlalchemy.exc import DatabaseError

from sacco_desktop.db.engine import Database
from sacco_desktop.db.refusals import disk_trouble
from sacco_desktop.domain.errors import BooksDamaged

_DAMAGED = (
    "The file of the books is damaged: {what}. Nothing was changed, and nothing is repaired by guessing. Restore a copy"
    " of the books."
)


def refuse_damage(database: Database, *, is_thorough: bool) -> None:
    """Raise BooksDamaged when a page of the file is not what this program sealed; SQLCipher seals each with an HMAC.

    A `is_thorough` look also compares every index with its table, as pages of two days may each be well sealed.
    """
    try:
        with database.reader.connect() as connection:
            pages = _answers(connection, "cipher_integrity_check")
            if pages:
                raise BooksDamaged(_DAMAGED.format(what=_count(len(pages))))
            if is_thorough and _answers(connection, "integrity_check(1)") != ["ok"]:
                raise BooksDamaged(_DAMAGED.format(what="its parts do not fit together"))
    except DatabaseError as error:
        trouble = disk_trouble(error)
        if trouble is not None:
            raise trouble from error
        raise BooksDamaged(_DAMAGED.format(what="it cannot be read to its end")) from error


def _answers(connection: Connection, pragma: str) -> list[str]:
    return [str(line) for (line,) in connection.exec_driver_sql(f"PRAGMA {pragma}")]


def _count(pages: int) -> str:
    return (
        "1 page is not what was written"
        if pages == 1
        else f"{pages} pages are not what was written"
    )
