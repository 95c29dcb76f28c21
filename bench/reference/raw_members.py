"""What it costs on the raw driver to write members with their accounts and one opening entry, in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as sqlcipher

_SCHEMA = """
CREATE TABLE member (id INTEGER PRIMARY KEY, number TEXT UNIQUE, first TEXT, last TEXT, national_id TEXT UNIQUE,
  phone TEXT UNIQUE, status TEXT, joined_on TEXT) STRICT;
CREATE TABLE account (id INTEGER PRIMARY KEY, code TEXT UNIQUE, name TEXT, type TEXT, control INTEGER) STRICT;
CREATE INDEX control ON account (control);
CREATE TABLE entry (id INTEGER PRIMARY KEY, hash TEXT, said TEXT) STRICT;
CREATE TABLE posting (id INTEGER PRIMARY KEY, entry INTEGER REFERENCES entry (id),
  account INTEGER REFERENCES account (id), debit INTEGER, credit INTEGER) STRICT;
CREATE INDEX of_account ON posting (account, entry);
CREATE TABLE balance (account INTEGER PRIMARY KEY REFERENCES account (id), debit INTEGER, credit INTEGER) STRICT;
"""


class RawMembers:
    """The least that keeps the same rows: one transaction, one sync, on the same encrypted engine."""

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

    def write(self, members: Sequence[tuple[Any, ...]]) -> None:
        """Members as (number, first, last, national id, phone, joined, deposits in cents)."""
        run, many = self._connection.execute, self._connection.executemany
        run("BEGIN IMMEDIATE")
        many(
            "INSERT INTO member VALUES (NULL, ?, ?, ?, ?, ?, 'active', ?)",
            [one[:6] for one in members],
        )
        codes = [(f"2010.{one[0]}", f"Deposits of {one[1]} {one[2]}") for one in members]
        many("INSERT INTO account VALUES (NULL, ?, ?, 'liability', 1)", codes)
        ids = dict(run("SELECT code, id FROM account").fetchall())
        entry = run("INSERT INTO entry VALUES (NULL, 'hash', 'opening')").lastrowid
        lines = [(entry, ids[f"2010.{one[0]}"], one[6]) for one in members]
        many("INSERT INTO posting VALUES (NULL, ?, ?, 0, ?)", lines)
        run(
            "INSERT INTO balance SELECT account, sum(debit), sum(credit) FROM posting GROUP BY account"
        )
        run("COMMIT")

    def close(self) -> None:
        """Close the file."""
        self._connection.close()
