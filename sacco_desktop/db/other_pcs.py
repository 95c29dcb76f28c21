"""What PCs that share books on a server know of each other: that something was changed, and which one has the clock.

Both use connections of their own, because they outlive transactions. The server forgets them when a PC dies.
"""

from __future__ import annotations

import logging
import select
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import psycopg
from sqlalchemy import text
from sqlalchemy.orm import Session

from sacco_desktop.db.guards import BOOKS_LOCK

# The lock beside that of the books; whoever holds it runs the clock's jobs for all.
CLOCK_LOCK = BOOKS_LOCK + 1
_CHANNEL = "sacco_books"
# A PC that was switched off or fell asleep answers no more; the server finds that out within a minute.
_OPTIONS = (
    "-c tcp_keepalives_idle=30 -c tcp_keepalives_interval=10 -c tcp_keepalives_count=3"
    " -c default_transaction_read_only=on"
)
_LOOK_SECONDS, _PAUSE_SECONDS = 30.0, 2.0

log = logging.getLogger(__name__)

Connection = psycopg.Connection[Any]


class OtherPcs:
    """The line to the others. Nothing is opened before `listen` or `has_clock` is called; `close` ends all of it."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._guard = threading.Lock()
        self._lease: Connection | None = None
        self._thread: threading.Thread | None = None
        self._is_closed = threading.Event()
        self._was_up = threading.Event()
        self._rope: socket.socket | None = None

    def tell(self, session: Session, notice: str) -> None:
        """Tell the others once this transaction is committed, and never if it is not."""
        session.execute(
            text("SELECT pg_notify(:channel, :notice)"), {"channel": _CHANNEL, "notice": notice}
        )

    def listen(self, hear: Callable[[str | None], None]) -> None:
        """Call `hear`, on a thread of its own, with each notice; with None after the line was down, when some may have
        been missed. Returns when the line is up, so that whoever reads the books after this misses nothing; a line that
        does not come up soon counts as one that was down.
        """
        bell, self._rope = socket.socketpair()
        self._thread = threading.Thread(
            target=self._listen_on, args=(hear, bell), name="other-pcs", daemon=True
        )
        self._thread.start()
        self._was_up.wait(_PAUSE_SECONDS)

    def has_clock(self) -> bool:
        """Whether this PC runs the clock's jobs now. The first who asks does, until it ends or dies."""
        with self._guard:
            if self._is_closed.is_set():
                return False
            try:
                return self._holds_lease() or self._takes_lease()
            except psycopg.OperationalError:
                self._drop_lease()
                return False

    def close(self) -> None:
        """Let the clock go and stop listening. May be called again."""
        self._is_closed.set()
        if self._rope is not None:
            with suppress(OSError):
                self._rope.send(b".")
        if self._thread is not None:
            self._thread.join(5)
        with self._guard:
            self._drop_lease()
        if self._rope is not None:
            self._rope.close()

    def _holds_lease(self) -> bool:
        """Asked anew each time: a PC that slept has a connection that the server has given up long ago."""
        if self._lease is None:
            return False
        try:
            self._lease.execute("SELECT 1")
        except psycopg.OperationalError:
            self._drop_lease()
        return self._lease is not None

    def _takes_lease(self) -> bool:
        connection = self._connect()
        row = connection.execute("SELECT pg_try_advisory_lock(%s)", (CLOCK_LOCK,)).fetchone()
        if row is not None and row[0]:
            self._lease = connection
            return True
        connection.close()
        return False

    def _drop_lease(self) -> None:
        if self._lease is not None:
            self._lease.close()
            self._lease = None

    def _listen_on(self, hear: Callable[[str | None], None], bell: socket.socket) -> None:
        with bell:
            while not self._is_closed.is_set():
                try:
                    with self._connect() as connection:
                        connection.execute(f"LISTEN {_CHANNEL}")
                        if self._was_up.is_set():
                            hear(None)
                        self._was_up.set()
                        self._hear_all(connection, hear, bell.fileno())
                except (psycopg.OperationalError, OSError) as trouble:
                    log.info("The line to the other computers is down: %s", type(trouble).__name__)
                    self._was_up.set()
                    self._is_closed.wait(_PAUSE_SECONDS)

    def _hear_all(
        self, connection: Connection, hear: Callable[[str | None], None], bell: int
    ) -> None:
        """Wait for notices, or for the bell that ends it."""
        while not self._is_closed.is_set():
            line = connection.fileno()
            ready, _write, _wrong = select.select([line, bell], [], [], _LOOK_SECONDS)
            if not ready:
                # Silence may mean that the line is dead; a question shows it.
                connection.execute("SELECT 1")
            for notice in connection.notifies(timeout=0):
                hear(notice.payload)

    def _connect(self) -> Connection:
        return psycopg.connect(
            self._address,
            autocommit=True,
            connect_timeout=10,
            options=_OPTIONS,
            application_name="Sacco Desktop",
        )
