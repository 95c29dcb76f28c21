"""Opening the relay's file: one connection that writes, and others that can only read.

The `sqlcipher3` wheel is used for its SQLite (3.53, free of the WAL-reset corruption that older
ones have), without a key: every entry is sealed before it comes here, and the rest is hashes and
public keys.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2

# The driver ships no types; these names are what the rest of the relay knows of it.
Connection = Any
StorageError = dbapi2.Error
IntegrityError = dbapi2.IntegrityError
STORAGE_VERSION: str = dbapi2.sqlite_version
SCHEMA_VERSION = 1
CHECKPOINT_AT_BYTES = 16 * 1024 * 1024

_SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (k TEXT PRIMARY KEY, v INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS tenant (
    id TEXT PRIMARY KEY, label TEXT NOT NULL, created TEXT NOT NULL,
    epoch INTEGER NOT NULL, seq INTEGER NOT NULL, h BLOB NOT NULL, last_at TEXT NOT NULL,
    tail_epoch INTEGER NOT NULL, tail_seq INTEGER NOT NULL, tail_h BLOB NOT NULL,
    tokens_made INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE TABLE IF NOT EXISTS token (
    hash BLOB PRIMARY KEY, tenant TEXT NOT NULL REFERENCES tenant, purpose TEXT NOT NULL,
    public_id TEXT NOT NULL, created TEXT NOT NULL, retired_at TEXT,
    UNIQUE (tenant, public_id)) STRICT;
CREATE TABLE IF NOT EXISTS device (
    id TEXT PRIMARY KEY, tenant TEXT NOT NULL REFERENCES tenant, name TEXT NOT NULL,
    sign_pub BLOB NOT NULL, state TEXT NOT NULL, created TEXT NOT NULL, last_seen TEXT NOT NULL,
    ack_seq INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE TABLE IF NOT EXISTS inbox_key (
    tenant TEXT NOT NULL REFERENCES tenant, kid TEXT NOT NULL, suite TEXT NOT NULL,
    pub BLOB NOT NULL, from_seq INTEGER NOT NULL, PRIMARY KEY (tenant, kid)) STRICT;
CREATE TABLE IF NOT EXISTS epoch (
    tenant TEXT NOT NULL REFERENCES tenant, epoch INTEGER NOT NULL, start_seq INTEGER NOT NULL,
    start_h BLOB NOT NULL, reason TEXT NOT NULL, win_from TEXT NOT NULL, win_to TEXT NOT NULL,
    PRIMARY KEY (tenant, epoch)) STRICT;
CREATE TABLE IF NOT EXISTS entry (
    id INTEGER PRIMARY KEY, tenant TEXT NOT NULL, epoch INTEGER NOT NULL, seq INTEGER NOT NULL,
    at TEXT NOT NULL, hdr BLOB NOT NULL, h BLOB NOT NULL, box BLOB NOT NULL,
    UNIQUE (tenant, seq)) STRICT;
CREATE TABLE IF NOT EXISTS note (
    tenant TEXT NOT NULL REFERENCES tenant, id TEXT NOT NULL, fingerprint TEXT NOT NULL,
    epoch INTEGER NOT NULL, seq INTEGER NOT NULL, h BLOB NOT NULL,
    PRIMARY KEY (tenant, id)) STRICT;
CREATE TABLE IF NOT EXISTS pairing (
    id TEXT PRIMARY KEY, tenant TEXT NOT NULL REFERENCES tenant, key_wrapped BLOB NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0, expires TEXT NOT NULL, request_hash BLOB, answer BLOB) STRICT;
"""


class WrongSchema(Exception):
    """The file was written by another version of the relay."""


def open_for_writing(path: Path) -> Connection:
    """The only writing connection. A commit returns when the entry is on the disk
    (`synchronous=FULL`)."""
    connection = dbapi2.connect(str(path), isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute("PRAGMA wal_autocheckpoint=0")
    connection.executescript(_SCHEMA)
    connection.execute("INSERT OR IGNORE INTO meta VALUES ('schema', ?)", (SCHEMA_VERSION,))
    connection.execute("INSERT OR IGNORE INTO meta VALUES ('commits', 0)")
    found = read_meta(connection, "schema")
    if found != SCHEMA_VERSION:
        connection.close()
        raise WrongSchema(f"the file has schema {found}, this relay knows {SCHEMA_VERSION}")
    return connection


def open_for_reading(path: Path) -> Connection:
    """A connection that cannot write, so that the writer's stays the only one that does."""
    uri = path.resolve().as_uri() + "?mode=ro"
    connection = dbapi2.connect(uri, uri=True, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA wal_autocheckpoint=0")
    return connection


def read_meta(connection: Connection, name: str) -> int:
    """A number that the file keeps about itself."""
    row = connection.execute("SELECT v FROM meta WHERE k = ?", (name,)).fetchone()
    return 0 if row is None else int(row[0])


def tidy_wal(connection: Connection, path: Path) -> None:
    """Move what is committed from the write-ahead log into the file, once the log has grown
    long."""
    log = path.with_name(path.name + "-wal")
    if log.exists() and log.stat().st_size > CHECKPOINT_AT_BYTES:
        connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
