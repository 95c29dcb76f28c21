"""What the same durable transactions cost on the raw driver: every row that our way writes, in the same transactions,
into a copy of the same file with the same schema, indexes and guards. Nothing is read, checked or reckoned.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import Engine, event

from sacco_desktop.db.pragmas import PRAGMAS

Statement = tuple[str, Any, bool]
_WRITES = ("INSERT", "UPDATE", "DELETE")


class Recorder:
    """Keeps the writes of an engine, one list for each transaction that was committed."""

    def __init__(self, engine: Engine) -> None:
        self.transactions: list[list[Statement]] = []
        self._open: list[Statement] = []
        event.listen(engine, "before_cursor_execute", self._keep)
        event.listen(engine, "commit", self._close)

    def _keep(
        self, _connection: Any, _cursor: Any, statement: str, values: Any, _context: Any, many: bool
    ) -> None:
        if statement.startswith(_WRITES):
            # SQLAlchemy hands some rows over one by one and calls that many.
            self._open.append((statement, values, many and isinstance(values, list)))

    def _close(self, _connection: Any) -> None:
        if self._open:
            self.transactions.append(self._open)
        self._open = []


class RawBooks:
    """The file, opened with the same pragmas and no library above the driver."""

    def __init__(self, path: Path, key: bytes, *, checkpoints: bool = True) -> None:
        self._connection = sqlcipher.connect(path)
        self._connection.isolation_level = None
        self._connection.execute(f"PRAGMA key=\"x'{key.hex()}'\"")
        for name, value in PRAGMAS.items():
            self._connection.execute(f"PRAGMA {name}={value}")
        if not checkpoints:
            self._connection.execute("PRAGMA wal_autocheckpoint=0")

    def write(self, transactions: Iterable[Sequence[Statement]]) -> None:
        """Write each transaction again, durably."""
        run = self._connection.execute
        for statements in transactions:
            run("BEGIN IMMEDIATE")
            for statement, values, many in statements:
                if many:
                    self._connection.executemany(statement, values)
                else:
                    run(statement, values).fetchall()
            run("COMMIT")

    def close(self) -> None:
        """Close the file."""
        self._connection.close()
