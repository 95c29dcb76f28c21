"""What is known when the connection dies in COMMIT: PostgreSQL is asked afterwards whether that transaction counts."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

_KEY = "sacco_receipt"

# A server that was restarted is back after a moment; a person waits that long and no longer.
_PAUSES = (0.0, 0.5, 1.0, 2.0)


@dataclass(frozen=True, slots=True)
class Receipt:
    """The number of a transaction, and the timeline in which it means something: a promoted standby begins another."""

    transaction_id: str
    timeline: str


def keep_receipt(connection: Connection, receipt: Receipt) -> None:
    """Remember the number of the transaction that has just begun on this connection."""
    connection.info[_KEY] = receipt


def receipt_of(connection: Connection) -> Receipt | None:
    """The number of the transaction under way, or None on SQLite, where a COMMIT is never in doubt."""
    found: Receipt | None = connection.info.get(_KEY)
    return found


def was_committed(engine: Engine, receipt: Receipt) -> bool | None:
    """Whether the transaction counts; None when nobody can say, because the server is away or is another one."""
    for pause in _PAUSES:
        threading.Event().wait(pause)
        try:
            return _ask(engine, receipt)
        except DBAPIError:
            continue
    return None


def _ask(engine: Engine, receipt: Receipt) -> bool | None:
    # Beginning waits for the lock that the doubtful transaction held, so that one has ended, this way or that.
    with engine.connect() as connection:
        status = connection.exec_driver_sql(
            "SELECT pg_xact_status(%s::xid8)", (receipt.transaction_id,)
        ).scalar()
        now = receipt_of(connection)
    if now is None or now.timeline != receipt.timeline:
        return None
    return {"committed": True, "aborted": False}.get(str(status))
