"""Brings the books to the schema of this program: a backup first, all steps in one transaction, the guards
laid down anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from pathlib import Path

from sqlalchemy import Connection, Engine, text

from sacco_desktop.db.copies import write_copy
from sacco_desktop.db.engine import Database
from sacco_desktop.db.guard_laying import lay_guards, remove_guards
from sacco_desktop.db.personal import mark_books, refuse_other_key
from sacco_desktop.domain.errors import BooksDamaged

HEAD = "0044"
KNOWN_REVISIONS = (
    *(f"{number:04}" for number in range(1, 13)),
    "0014",
    "0015",
    "0016",
    "0017",
    "0019",
    "0020",
    "0021",
    "0022",
    "0023",
    "0024",
    "0031",
    "0032",
    "0033",
    "0034",
    "0035",
    "0036",
    "0037",
    "0038",
    "0039",
    "0040",
    "0041",
    "0042",
    "0043",
    "0044",
)


@dataclass(frozen=True, slots=True)
class Migration:
    """What a start did to the schema: from which revision to which, and where the copy from before lies."""

    old: str | None
    new: str
    backup: Path | None


def migrate(database: Database, backup_dir: Path, now: datetime) -> Migration:
    """Upgrade the books to HEAD, or do nothing when they are there.

    Raises BooksDamaged for books of a newer program, or sealed under another key. An upgrade that fails leaves the
    books as they were. Books on a server are copied by its administrator, with the command of
    postgresql.backup_command.
    """
    old = read_revision(database.reader)
    if old == HEAD:
        refuse_other_key(database.reader)
        return Migration(old, HEAD, None)
    _refuse_unknown(old)
    has_file = old is not None and database.path is not None
    backup = back_up(database, backup_dir, f"before-{HEAD}", now) if has_file else None
    _upgrade(database.writer)
    refuse_other_key(database.reader)
    return Migration(old, HEAD, backup)


def _refuse_unknown(revision: str | None) -> None:
    if revision is not None and revision not in KNOWN_REVISIONS:
        raise BooksDamaged(
            "These books were written by a newer Sacco Desktop. Install that version to open them."
        )


def read_revision(engine: Engine) -> str | None:
    """The revision of the books, or None for an empty file; read by SQL because Alembic is slow to import."""
    with engine.connect() as connection:
        return _revision_on(connection)


def _revision_on(connection: Connection) -> str | None:
    if "alembic_version" not in connection.dialect.get_table_names(connection):
        return None
    found = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return None if found is None else str(found)


def back_up(database: Database, backup_dir: Path, label: str, now: datetime) -> Path:
    """Write a whole copy of the books, encrypted under the same key, and return where it lies.

    Raises WrongState for books on a server, OSError, DBAPIError.
    """
    target = backup_dir / f"books-{label}-{now:%Y%m%d-%H%M%S-%f}.db"
    write_copy(database, target)
    return target


def _upgrade(engine: Engine) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    folder = str(files("sacco_desktop.db") / "migrations")
    config.set_main_option("script_location", folder.replace("%", "%%"))
    with engine.connect() as connection, _links_unchecked(connection), connection.begin():
        # Another PC may have been quicker while this one waited for its turn.
        revision = _revision_on(connection)
        _refuse_unknown(revision)
        if revision == HEAD:
            return
        config.attributes["connection"] = connection
        remove_guards(connection)
        command.upgrade(config, "head")
        if revision is None:
            mark_books(connection)
        lay_guards(connection)
        _check_links(connection)


@contextmanager
def _links_unchecked(connection: Connection) -> Iterator[None]:
    """On SQLite let a table be rebuilt to which others point; PostgreSQL changes a table where it stands."""
    if connection.dialect.name != "sqlite":
        yield
        return
    _switch_foreign_keys(connection, "OFF")
    try:
        yield
    finally:
        _switch_foreign_keys(connection, "ON")


def _check_links(connection: Connection) -> None:
    if connection.dialect.name != "sqlite":
        return
    if connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
        raise BooksDamaged("The upgrade would break links between rows. Nothing was changed.")


def _switch_foreign_keys(connection: Connection, to: str) -> None:
    """Inside a transaction SQLite ignores this without a word, and every statement of SQLAlchemy begins one, so the
    driver is spoken to directly.
    """
    driver = connection.connection.driver_connection
    if driver is not None:
        driver.execute(f"PRAGMA foreign_keys={to}")
