"""Brings the books to the schema of this program: a backup first, all steps in one transaction, the guards
laid down anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from pathlib import Path

from sqlalchemy import Connection, Engine, text

from sacco_desktop.db.engine import Database
from sacco_desktop.db.guards import postgresql_guards, sqlite_guards
from sacco_desktop.domain.errors import BooksDamaged

HEAD = "0001"
KNOWN_REVISIONS = ("0001",)


@dataclass(frozen=True, slots=True)
class Migration:
    """What a start did to the schema: from which revision to which, and where the copy from before lies."""

    old: str | None
    new: str
    backup: Path | None


def migrate(database: Database, backup_dir: Path, now: datetime) -> Migration:
    """Upgrade the books to HEAD, or do nothing when they are there.

    Raises BooksDamaged for books of a newer program. An upgrade that fails leaves the books as they were.
    """
    old = read_revision(database.writer)
    if old == HEAD:
        return Migration(old, HEAD, None)
    if old is not None and old not in KNOWN_REVISIONS:
        raise BooksDamaged(
            "These books were written by a newer Sacco Desktop. Install that version to open them."
        )
    backup = None if old is None else back_up(database, backup_dir, f"before-{HEAD}", now)
    _upgrade(database.writer)
    return Migration(old, HEAD, backup)


def read_revision(engine: Engine) -> str | None:
    """The revision of the books, or None for an empty file; read by SQL because Alembic is slow to import."""
    with engine.connect() as connection:
        if "alembic_version" not in engine.dialect.get_table_names(connection):
            return None
        found = connection.scalar(text("SELECT version_num FROM alembic_version"))
        return None if found is None else str(found)


def back_up(database: Database, backup_dir: Path, label: str, now: datetime) -> Path:
    """Write a whole copy of the books, encrypted under the same key, and return where it lies."""
    backup_dir.mkdir(parents=True, exist_ok=True)
    target = backup_dir / f"books-{label}-{now:%Y%m%d-%H%M%S-%f}.db"
    raw = database.writer.raw_connection()
    try:
        raw.cursor().execute("VACUUM INTO ?", (str(target),))
    finally:
        raw.close()
    return target


def _upgrade(engine: Engine) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    folder = str(files("sacco_desktop.db") / "migrations")
    config.set_main_option("script_location", folder.replace("%", "%%"))
    with engine.connect() as connection:
        _switch_foreign_keys(connection, "OFF")
        try:
            with connection.begin():
                config.attributes["connection"] = connection
                remove_guards(connection)
                command.upgrade(config, "head")
                lay_guards(connection)
                if connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
                    raise BooksDamaged(
                        "The upgrade would break links between rows. Nothing was changed."
                    )
        finally:
            _switch_foreign_keys(connection, "ON")


def _switch_foreign_keys(connection: Connection, to: str) -> None:
    """Let a table be rebuilt to which others point. Inside a transaction SQLite ignores this without a word, and
    every statement of SQLAlchemy begins one, so the driver is spoken to directly.
    """
    driver = connection.connection.driver_connection
    if driver is not None:
        driver.execute(f"PRAGMA foreign_keys={to}")


def remove_guards(connection: Connection) -> None:
    """Take every guard off, because a migration rebuilds tables and SQLite drops their triggers silently."""
    names = connection.exec_driver_sql(
        "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'guard_%'"
    ).scalars()
    for name in list(names):
        connection.exec_driver_sql(f"DROP TRIGGER {name}")


def lay_guards(connection: Connection) -> None:
    """Lay down every guard of this program."""
    on_sqlite = connection.dialect.name == "sqlite"
    for statement in sqlite_guards() if on_sqlite else postgresql_guards():
        connection.exec_driver_sql(statement)
