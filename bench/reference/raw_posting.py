"""What one durable entry costs on the raw driver: two legs, a unique key, running balances and a chained audit row."""

from __future__ import annotations

import hashlib
from pathlib import Path

import sqlcipher3.dbapi2 as sqlcipher

_SCHEMA = """
CREATE TABLE entry (id INTEGER PRIMARY KEY, key TEXT UNIQUE, hash TEXT, said TEXT) STRICT;
CREATE TABLE posting (id INTEGER PRIMARY KEY, entry INTEGER, account INTEGER, debit INTEGER, credit INTEGER) STRICT;
CREATE TABLE balance (account INTEGER PRIMARY KEY, debit INTEGER, credit INTEGER) STRICT;
CREATE TABLE audit (id INTEGER PRIMARY KEY, hash TEXT, said TEXT) STRICT;
INSERT INTO balance VALUES (1, 0, 0), (2, 0, 0);
"""


class RawLedger:
    """The least that keeps the same promises: one transaction, one sync, on the same encrypted engine."""

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

    def post(self) -> None:
        """One deposit of a hundred shillings."""
        self._count += 1
        self._hash = hashlib.sha256(f"{self._hash}{self._count}".encode()).hexdigest()
        run = self._connection.execute
        run("BEGIN IMMEDIATE")
        values = (f"key-{self._count}", self._hash, "Cash deposit")
        entry = run("INSERT INTO entry (key, hash, said) VALUES (?, ?, ?)", values).lastrowid
        run("INSERT INTO posting VALUES (NULL, ?, 1, 10000, 0)", (entry,))
        run("INSERT INTO posting VALUES (NULL, ?, 2, 0, 10000)", (entry,))
        run("UPDATE balance SET debit = debit + 10000 WHERE account = 1")
        run("UPDATE balance SET credit = credit + 10000 WHERE account = 2")
        run("INSERT INTO audit (hash, said) VALUES (?, 'deposit')", (self._hash,))
        run("COMMIT")
