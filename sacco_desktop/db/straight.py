"""A statement that stands ready goes to the driver of SQLite without the making of a result in between.

Of an ordinary question two thirds of the time is the result that SQLAlchemy puts together around the driver's rows.
It is left out only where it does nothing: on SQLite, where no connection gets lost, and while nobody listens to
statements. What the driver refuses is handed to SQLAlchemy, which raises it as it raises everything else.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection


class Done(NamedTuple):
    """The rows of the answer, and how many rows a change made or found."""

    rows: Sequence[Any]
    touched: int


def run(connection: Connection, text: str, values: Any, *, only_first: bool = False) -> Done:
    """Run one statement; `values` is a list for one that runs once for each of its members.

    Raises `DBAPIError` or the child of it that fits.
    """
    if _is_heard(connection):
        return _by_sqlalchemy(connection, text, values)
    cursor = connection.connection.cursor()
    try:
        if isinstance(values, list):
            cursor.executemany(text, values)
            return Done((), cursor.rowcount)
        cursor.execute(text, values)
        if only_first:
            row = cursor.fetchone()
            return Done(() if row is None else (row,), cursor.rowcount)
        return Done(cursor.fetchall(), cursor.rowcount)
    except connection.dialect.loaded_dbapi.Error as error:
        # Its own door for what a driver raises: the right class, no values in the words, listeners told.
        connection._handle_dbapi_exception(error, text, values, cursor, None)
    finally:
        cursor.close()


def _is_heard(connection: Connection) -> bool:
    """Whether SQLAlchemy has something to do around the statement; who listens to one listens before it."""
    return connection.dialect.name != "sqlite" or bool(connection.dispatch.before_cursor_execute)


def _by_sqlalchemy(connection: Connection, text: str, values: Any) -> Done:
    result = connection.exec_driver_sql(text, values)
    return Done(result.fetchall() if result.returns_rows else (), result.rowcount)
