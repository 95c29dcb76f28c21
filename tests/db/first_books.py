"""Books as the first schema (revision 0001) wrote them, with rows in every table: data that no later program can make.

`first_books.json` holds the rows as they stood in an SQLite file on the last day on which 0001 was the only revision.
It is never edited and never made anew; what a later schema asks of old rows is the matter of its migration.
"""

from __future__ import annotations

import json
import tempfile
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Boolean, Connection, MetaData, insert
from sqlalchemy import Table as Reflected

from sacco_desktop.db.engine import Database
from sacco_desktop.db.personal import cipher_of, mark_books
from tests.engines import Copy, copy_of, new_place, once_per_engine

FIRST = "0001"
# What 0001 sealed on a server.
SEALED = {
    "approval_request": {"content"},
    "member": {"national_id", "phone"},
    "mpesa_exchange": {"answer", "request"},
    "payout": {"phone"},
    "relay_entry": {"body"},
}


@cache
def first_rows() -> dict[str, list[dict[str, Any]]]:
    """All rows of the first books by their table, as an SQLite file keeps them; bytes are bytes."""
    text = (Path(__file__).parent / "first_books.json").read_text(encoding="utf-8")
    return {
        table: [
            {name: _plain(value) for name, value in zip(kept["columns"], row, strict=True)}
            for row in kept["rows"]
        ]
        for table, kept in json.loads(text).items()
    }


def _plain(value: Any) -> Any:
    return bytes.fromhex(value["hex"]) if isinstance(value, dict) else value


@once_per_engine
def first_books() -> Copy:
    """Books at revision 0001 that hold these rows, on this engine."""
    with tempfile.TemporaryDirectory() as folder:
        place = new_place(Path(folder))
        database = place.open()
        _write(database)
        database.close()
        return copy_of(place)


def _write(database: Database) -> None:
    config = Config()
    migrations = str(files("sacco_desktop.db") / "migrations")
    config.set_main_option("script_location", migrations.replace("%", "%%"))
    with database.writer.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, FIRST)
        mark_books(connection)
        tables = MetaData()
        tables.reflect(connection)
        for table in tables.sorted_tables:
            if table.name in first_rows():
                _fill(connection, table)


def _fill(connection: Connection, table: Reflected) -> None:
    rows = [
        {name: _as_kept(connection, table, name, value) for name, value in row.items()}
        for row in first_rows()[table.name]
    ]
    connection.execute(insert(table), rows)
    if connection.dialect.name == "postgresql" and "id" in table.c:
        # What gave these rows their numbers goes on after the highest.
        connection.exec_driver_sql(
            f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), max(id))"
            f" FROM {table.name} HAVING pg_get_serial_sequence('{table.name}', 'id') IS NOT NULL"
        )


def _as_kept(connection: Connection, table: Reflected, name: str, value: Any) -> Any:
    cipher = cipher_of(connection.dialect)
    if cipher is not None and value is not None and name in SEALED.get(table.name, ()):
        seal = cipher.seal if isinstance(value, bytes) else cipher.seal_text
        return seal(f"{table.name}.{name}", value)
    if value is not None and isinstance(table.c[name].type, Boolean):
        return bool(value)
    return value
