"""What one durable payment costs on the raw driver: the raw callback, the receipt with its unique number, two legs,
running balances, a chained audit row and the position in the feed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as sqlcipher

_SCHEMA = """
CREATE TABLE callback (id INTEGER PRIMARY KEY, sequence INTEGER UNIQUE, body BLOB, hash TEXT) STRICT;
CREATE TABLE receipt (id INTEGER PRIMARY KEY, receipt TEXT UNIQUE, cents INTEGER, said TEXT, entry INTEGER) STRICT;
CREATE TABLE entry (id INTEGER PRIMARY KEY, reference TEXT, hash TEXT, said TEXT) STRICT;
CREATE TABLE posting (id INTEGER PRIMARY KEY, entry INTEGER, account INTEGER, debit INTEGER, credit INTEGER) STRICT;
CREATE INDEX by_reference ON entry (reference);
CREATE INDEX by_account ON posting (account, entry);
CREATE TABLE balance (account INTEGER PRIMARY KEY, debit INTEGER, credit INTEGER) STRICT;
CREATE TABLE audit (id INTEGER PRIMARY KEY, hash TEXT, said TEXT) STRICT;
CREATE TABLE feed (id INTEGER PRIMARY KEY, sequence INTEGER, hash TEXT) STRICT;
INSERT INTO balance VALUES (1, 0, 0), (2, 0, 0);
INSERT INTO feed VALUES (1, 0, '');
"""
_BODY = b"{" + b" " * 300 + b"}"
_CENTS = 50_000
_INSERTS = (
    "INSERT INTO callback VALUES (NULL, ?, ?, ?)",
    "INSERT INTO receipt VALUES (NULL, ?, ?, ?, ?)",
    "INSERT INTO entry VALUES (?, ?, ?, ?)",
    "INSERT INTO posting VALUES (NULL, ?, 1, ?, 0)",
    "INSERT INTO posting VALUES (NULL, ?, 2, 0, ?)",
    "INSERT INTO audit VALUES (NULL, ?, ?)",
)


class RawReceipts:
    """The least that keeps the same promises, on the same encrypted engine: a payment is durable when this returns."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlcipher.connect(path)
        self._connection.isolation_level = None
        for line in (
            f"PRAGMA key=\"x'{'6b' * 32}'\"",
            "PRAGMA journal_mode=WAL",
            "PRAGMA synchronous=FULL",
            "PRAGMA foreign_keys=ON",
        ):
            self._connection.execute(line)
        self._connection.executescript(_SCHEMA)
        self._count = 0
        self._hash = "0" * 64

    def take_one(self) -> None:
        """One payment in a transaction of its own."""
        run = self._connection.execute
        [values] = self._rows(1)
        run("BEGIN IMMEDIATE")
        for statement, of_it in zip(_INSERTS, values, strict=True):
            run(statement, of_it)
        self._end(1)

    def take_many(self, count: int) -> None:
        """So many in one transaction, table by table."""
        rows = list(self._rows(count))
        self._connection.execute("BEGIN IMMEDIATE")
        for place, statement in enumerate(_INSERTS):
            self._connection.executemany(statement, [values[place] for values in rows])
        self._end(count)

    def _rows(self, count: int) -> Iterator[tuple[tuple[Any, ...], ...]]:
        for _ in range(count):
            self._count += 1
            number, receipt = self._count, f"U{self._count:09d}"
            self._hash = hashlib.sha256(f"{self._hash}{number}".encode()).hexdigest()
            yield (
                (number, _BODY, self._hash),
                (receipt, _CENTS, "M-0001", number),
                (number, receipt, self._hash, "M-Pesa payment"),
                (number, _CENTS),
                (number, _CENTS),
                (self._hash, "heard of a payment"),
            )

    def _end(self, count: int) -> None:
        run = self._connection.execute
        run("UPDATE balance SET debit = debit + ? WHERE account = 1", (count * _CENTS,))
        run("UPDATE balance SET credit = credit + ? WHERE account = 2", (count * _CENTS,))
        run("UPDATE feed SET sequence = ?, hash = ? WHERE id = 1", (self._count, self._hash))
        run("COMMIT")

    def close(self) -> None:
        """Close the file."""
        self._connection.close()
