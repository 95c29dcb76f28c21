"""What the bare driver needs to add up what is late, and to look a member up by an index."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as sqlcipher

_LATE = (
    "SELECT loan_id, sum(principal_cents + interest_cents + fee_cents), min(due_on) FROM loan_instalment"
    " WHERE due_on < ? GROUP BY loan_id"
)


class RawLookups:
    """Reads books by the bare driver, without our program."""

    def __init__(self, path: Path, key: bytes) -> None:
        self._connection = sqlcipher.connect(path)
        self._connection.execute(f"PRAGMA key=\"x'{key.hex()}'\"")
        self._connection.execute("PRAGMA cache_size=-65536")

    def late(self, day: str) -> int:
        """One scan of the table of instalments: what fell due of each loan before a day, and since when."""
        return len(self._connection.execute(_LATE, (day,)).fetchall())

    def member(self, column: str, value: str) -> list[Any]:
        """The member with exactly this value in a column that has an index."""
        found = self._connection.execute(f"SELECT * FROM member WHERE {column} = ?", (value,))
        rows: list[Any] = found.fetchall()
        return rows

    def indexed_copy(self, column: str) -> None:
        """A copy of a column with an index, for what the books themselves have none."""
        run = self._connection.execute
        run(f"CREATE TEMP TABLE by_{column} AS SELECT id, lower({column}) AS said FROM member")
        run(f"CREATE INDEX temp.ix_by_{column} ON by_{column} (said)")

    def by_copy(self, column: str, value: str) -> list[Any]:
        """At most eight members with exactly this value, by that copy."""
        found = self._connection.execute(
            f"SELECT m.* FROM by_{column} b JOIN member m ON m.id = b.id WHERE b.said = ? LIMIT 8",
            (value,),
        )
        rows: list[Any] = found.fetchall()
        return rows

    def close(self) -> None:
        """Close the file."""
        self._connection.close()
