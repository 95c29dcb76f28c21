"""A statement that stands ready goes to the driver of SQLite without the making of a result in between.

Of an ordinary question two thirds of the time is the result that SQLAlchemy puts together around the driver's rows.
It is left out only where it does nothing: on SQLite, where no connection gets lost, and while nobody listens to
statements or to errors. What the driver refuses is raised as SQLAlchemy would raise it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError


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
        raise _translated(connection, text, error) from error
    finally:
        cursor.close()


def _is_heard(connection: Connection) -> bool:
    """Whether SQLAlchemy has something to do around the statement; who listens listens before it, or to errors."""
    dialect = connection.dialect
    if dialect.name != "sqlite":
        return True
    return bool(connection.dispatch.before_cursor_execute or dialect.dispatch.handle_error)


def _by_sqlalchemy(connection: Connection, text: str, values: Any) -> Done:
    result = connection.exec_driver_sql(text, values)
    return Done(result.fetchall() if result.returns_rows else (), result.rowcount)


def _translated(connection: Connection, text: str, error: Exception) -> BaseException:
    """The driver's error under its name in SQLAlchemy, without the values, which may be a person's."""
    dialect = connection.dialect
    return DBAPIError.instance(
        text, None, error, dialect.loaded_dbapi.Error, hide_parameters=True, dialect=dialect
    )
