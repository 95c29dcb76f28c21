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

    def index_end_of(self, column: str) -> None:
        """A copy of the last four of a column with an index, which the books have not."""
        run = self._connection.execute
        run(
            f"CREATE TEMP TABLE end_of_{column} AS SELECT id, substr({column}, -4) AS said FROM member"
        )
        run(f"CREATE INDEX temp.ix_end_of_{column} ON end_of_{column} (said)")

    def by_end(self, column: str, end: str) -> list[Any]:
        """At most eight members whose phone or ID ends so, by that copy."""
        found = self._connection.execute(
            f"SELECT m.* FROM end_of_{column} b JOIN member m ON m.id = b.id WHERE b.said = ? LIMIT 8",
            (end,),
        )
        rows: list[Any] = found.fetchall()
        return rows

    def index_parts(self) -> None:
        """SQLite's own index of three letters over numbers and names, as anybody would make it."""
        run = self._connection.execute
        run("CREATE VIRTUAL TABLE temp.by_part USING fts5(said, tokenize='trigram')")
        run(
            "INSERT INTO by_part (rowid, said) SELECT id, number || ' ' || first_name || ' ' || last_name"
            " FROM member"
        )

    def by_part(self, part: str) -> list[Any]:
        """At most eight members in whose number or names this is, by that index."""
        found = self._connection.execute(
            "SELECT m.* FROM by_part b JOIN member m ON m.id = b.rowid WHERE by_part MATCH ? LIMIT 8",
            (f'"{part}"',),
        )
        rows: list[Any] = found.fetchall()
        return rows

    def by_like(self, part: str) -> list[Any]:
        """The same without any index."""
        found = self._connection.execute(
            "SELECT * FROM member WHERE number || ' ' || first_name || ' ' || last_name LIKE ? LIMIT 8",
            (f"%{part}%",),
        )
        rows: list[Any] = found.fetchall()
        return rows

    def close(self) -> None:
        """Close the file."""
        self._connection.close()
