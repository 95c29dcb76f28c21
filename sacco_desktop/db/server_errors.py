"""What an error of a database server means, told by its code, so that the driver need not be loaded to look at one."""

from __future__ import annotations

from sqlalchemy.exc import DBAPIError, OperationalError

_SERIALIZATION_FAILURE, _DEADLOCK, _LOCK_NOT_AVAILABLE = "40001", "40P01", "55P03"
# Class 08 is the connection itself, 57P a server that starts or stops.
_AWAY = ("08", "57P")


def is_collision(error: DBAPIError) -> bool:
    """Whether the server undid a transaction only because of another one, so that it may be run again from its start.

    Our own transactions queue up and never collide; a repair script beside them may.
    """
    return _code(error) in (_SERIALIZATION_FAILURE, _DEADLOCK)


def is_long_wait(error: DBAPIError) -> bool:
    """Whether the turn of this transaction did not come in time."""
    return _code(error) == _LOCK_NOT_AVAILABLE


def is_away(error: DBAPIError) -> bool:
    """Whether the server could not be reached or has ended the connection; what was not committed is gone."""
    if error.connection_invalidated:
        return True
    is_of_a_server = isinstance(error, OperationalError) and hasattr(error.orig, "sqlstate")
    code = _code(error)
    # Without a code nobody answered.
    return is_of_a_server and (code is None or code.startswith(_AWAY))


def _code(error: DBAPIError) -> str | None:
    """The five characters that the server sends with an error; errors of a file have none."""
    code: str | None = getattr(error.orig, "sqlstate", None)
    return code
