"""Bringing the books to this program's schema: all or nothing, with a backup, and the guards on again."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib.resources import files
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text
from sqlalchemy.exc import IntegrityError

from sacco_desktop.db import guards, migrate
from sacco_desktop.db.engine import Database, open_database
from sacco_desktop.db.guard_laying import laid_guards, lay_guards, remove_guards, touched_guards
from sacco_desktop.db.postgresql import backup_command
from sacco_desktop.db.tables import Table
from sacco_desktop.db.tables.member_search import SQLITE_INDEX_TABLES
from sacco_desktop.domain.errors import BooksDamaged, WrongState
from sacco_desktop.services.books.work import CLOCK, Books
from sacco_desktop.services.proof import verify
from tests import make
from tests.engines import CHOICE, EngineKind, new_place, server
from tests.guards.office_clock import OPENING_TIME
from tests.make import KEY, PracticeOffice
from tests.postgresql_server import programs


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Database]:
    place = new_place(tmp_path)
    database = place.open()
    yield database
    database.close()
    place.throw_away()


def _guards(database: Database) -> dict[tuple[str, str], str]:
    with database.reader.connect() as connection:
        return laid_guards(connection)


def _is_modelled(name: str | None, kind: str, _parents: object) -> bool:
    """An index of SQLite over the search is made beside its table, and is compared by its text below."""
    return kind != "table" or name not in SQLITE_INDEX_TABLES


def _is_here(thing: object, name: str | None, kind: str, _is_laid: bool, _other: object) -> bool:
    """Alembic does not ask an index on which engine it is."""
    return not (
        kind == "index" and name == "ix_member_search_pieces" and CHOICE.kind is EngineKind.SQLITE
    )


def test_the_migrations_make_exactly_the_tables_of_the_models(
    fresh: Database, tmp_path: Path
) -> None:
    migrate.migrate(fresh, tmp_path, OPENING_TIME)
    with fresh.reader.connect() as connection:
        opts = {"compare_type": True, "include_name": _is_modelled, "include_object": _is_here}
        context = MigrationContext.configure(connection, opts=opts)
        assert compare_metadata(context, Table.metadata) == []


def test_checks_and_partial_indexes_are_those_of_the_models_too(
    fresh: Database, tmp_path: Path
) -> None:
    """Alembic compares neither, so the text of each table is compared with what the models would make."""
    migrate.migrate(fresh, tmp_path, OPENING_TIME)
    place = new_place(tmp_path)
    modelled = place.open()
    Table.metadata.create_all(modelled.writer)
    assert _definitions(fresh) == _definitions(modelled)
    modelled.close()
    place.throw_away()


DEFINITIONS = {
    "sqlite": (
        "SELECT name, sql FROM sqlite_master WHERE type IN ('table', 'index')"
        " AND sql IS NOT NULL AND name NOT IN ('alembic_version', 'sqlite_sequence')"
    ),
    "postgresql": (
        "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE connamespace = 'public'::regnamespace AND conname NOT LIKE 'alembic_version%'"
        " UNION ALL SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"
        " AND tablename <> 'alembic_version'"
    ),
}


def _definitions(database: Database) -> dict[str, list[str]]:
    with database.reader.connect() as connection:
        rows = connection.execute(
            text(DEFINITIONS[connection.dialect.name].replace("::", "\\:\\:"))
        )
        return {
            # SQLite quotes the name of a table that was rebuilt, which says nothing about it.
            name: sorted(line.strip().strip(",") for line in sql.replace('"', "").splitlines())
            for name, sql in rows
        }


def test_all_guards_are_laid_when_the_migration_is_done(fresh: Database, tmp_path: Path) -> None:
    migrate.migrate(fresh, tmp_path, OPENING_TIME)
    expected = {f"guard_{guard.code}" for guard in guards.GUARDS} | {"guard_moves_balances"}
    laid = _guards(fresh)
    assert expected <= {name for name, _table in laid}
    with fresh.writer.begin() as connection:
        assert touched_guards(connection) == ([], [])
        remove_guards(connection)
        lay_guards(connection)
    assert _guards(fresh) == laid


def test_a_second_start_does_nothing(office: PracticeOffice, tmp_path: Path) -> None:
    again = migrate.migrate(office.database, tmp_path / "backups", OPENING_TIME)
    assert (again.old, again.new, again.backup) == (migrate.HEAD, migrate.HEAD, None)
    assert not (tmp_path / "backups").exists()


def test_books_of_a_newer_program_are_refused(office: PracticeOffice, tmp_path: Path) -> None:
    office.sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(BooksDamaged, match="newer Sacco Desktop"):
        migrate.migrate(office.database, tmp_path, OPENING_TIME)


NOW = migrate.HEAD
NEXT = "0999"
NEXT_REVISION = """
import sqlalchemy as sa
from alembic import op
from pathlib import Path

revision, down_revision, branch_labels, depends_on = "0999", "{head}", None, None


def upgrade():
    op.create_table("half_way", sa.Column("id", sa.Integer(), primary_key=True))
    op.execute("UPDATE society SET name = 'Half way'")
    {rest}
"""


@pytest.fixture
def next_revision(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program one revision on, whose new step can be written by the test."""
    package = tmp_path / "next_program"
    shutil.copytree(str(files("sacco_desktop.db") / "migrations"), package / "migrations")
    monkeypatch.setattr(migrate, "HEAD", NEXT)
    monkeypatch.setattr(migrate, "KNOWN_REVISIONS", (*migrate.KNOWN_REVISIONS, NEXT))
    monkeypatch.setattr(migrate, "files", lambda _name: package)
    return package / "migrations" / "versions" / "0999_next.py"


def _all_rows(database: Database) -> dict[str, list[tuple[object, ...]]]:
    with database.reader.connect() as connection:
        names = inspect(connection).get_table_names()
        return {
            name: sorted(
                (tuple(row) for row in connection.exec_driver_sql(f"SELECT * FROM {name}")),
                key=repr,
            )
            for name in names
        }


@pytest.mark.parametrize(
    "rest",
    [
        "raise RuntimeError('the power goes')",
        "op.execute('INSERT INTO user_role (user_id, role) VALUES (99, 1)')",
    ],
    ids=["it breaks off", "it breaks a link between rows"],
)
def test_an_upgrade_that_fails_leaves_the_books_as_they_were(
    office: PracticeOffice, tmp_path: Path, next_revision: Path, rest: str
) -> None:
    make.member(office, deposits_kes=500)
    rows, laid = _all_rows(office.database), _guards(office.database)
    next_revision.write_text(NEXT_REVISION.format(head=NOW, rest=rest), encoding="utf-8")
    with pytest.raises((RuntimeError, BooksDamaged, IntegrityError)):
        migrate.migrate(office.database, tmp_path / "backups", OPENING_TIME)
    assert _all_rows(office.database) == rows
    assert _guards(office.database) == laid
    assert migrate.read_revision(office.database.writer) == NOW


@pytest.mark.only_on("sqlite", "the administrator of a server copies its databases")
def test_a_whole_copy_is_made_before_the_first_step(
    office: PracticeOffice, tmp_path: Path, next_revision: Path
) -> None:
    make.member(office, deposits_kes=500)
    rows = _all_rows(office.database)
    next_revision.write_text(NEXT_REVISION.format(head=NOW, rest=""), encoding="utf-8")
    done = migrate.migrate(office.database, tmp_path / "backups", OPENING_TIME)
    assert (done.old, done.new) == (NOW, NEXT)
    assert done.backup is not None
    copy = open_database(done.backup, KEY)
    assert _all_rows(copy) == rows
    copy.close()
    with pytest.raises(BooksDamaged):
        open_database(done.backup, bytes(32))


REBUILD_A_PARENT = """
    with op.batch_alter_table("user_account", recreate="always") as batch:
        batch.add_column(sa.Column("note", sa.Text(), nullable=True))"""


@pytest.mark.only_on("sqlite", "PostgreSQL changes a table where it stands")
def test_a_table_to_which_others_point_can_be_rebuilt(
    office: PracticeOffice, tmp_path: Path, next_revision: Path
) -> None:
    """With foreign keys on, dropping the old table would be refused or would take its children with it."""
    members = make.member(office, deposits_kes=500)
    next_revision.write_text(
        NEXT_REVISION.format(head=NOW, rest=REBUILD_A_PARENT), encoding="utf-8"
    )
    migrate.migrate(office.database, tmp_path / "backups", OPENING_TIME)
    assert office.sql("SELECT note FROM user_account WHERE username = 'grace'") == [(None,)]
    assert office.count("member", f"registered_by IS NOT NULL AND id = {members.member_id}") == 1
    assert office.sql("PRAGMA foreign_keys") == [(1,)]
    assert office.sql("SELECT strict FROM pragma_table_list WHERE name = 'user_account'") == [(1,)]


@pytest.mark.only_on("postgresql", "on SQLite the program copies the file itself")
def test_the_books_of_a_server_are_copied_with_the_command_we_name(
    office: PracticeOffice, tmp_path: Path
) -> None:
    make.member(office, deposits_kes=500)
    rows = _all_rows(office.database)
    with pytest.raises(WrongState, match="pg_dump"):
        migrate.back_up(office.database, tmp_path, "daily", OPENING_TIME)
    dump = tmp_path / "umoja.dump"
    command = backup_command(server().url(office.place.database), str(dump))
    subprocess.run(command, shell=True, check=True, env=os.environ | {"PATH": str(programs())})
    restored = new_place(tmp_path)
    to = server().url(restored.database)
    subprocess.run([programs() / "pg_restore", "--dbname", to, dump], check=True)
    copy = restored.open()
    assert _all_rows(copy) == rows
    books = Books(copy, now=office.clock.now, pc_name=make.PC)
    assert books.read(verify.verify, None, actor=CLOCK).is_sound
    copy.close()
    restored.throw_away()


@pytest.mark.only_on("postgresql", "on SQLite a second program is kept out before it gets here")
def test_an_upgrade_by_two_pcs_at_once_happens_once(
    office: PracticeOffice, tmp_path: Path, next_revision: Path
) -> None:
    """Both have read the old revision; the second finds the work done when its turn comes."""
    next_revision.write_text(NEXT_REVISION.format(head=NOW, rest=""), encoding="utf-8")
    other = office.place.open()
    with ThreadPoolExecutor(2) as pool:
        done = [
            pool.submit(migrate.migrate, database, tmp_path, OPENING_TIME)
            for database in (office.database, other)
        ]
        assert {one.result().new for one in done} == {NEXT}
    other.close()
    assert migrate.read_revision(office.database.reader) == NEXT


def test_the_files_of_the_migrations_form_one_line_that_ends_at_the_known_head() -> None:
    versions = files("sacco_desktop.db") / "migrations" / "versions"
    names = sorted(Path(str(path)).name for path in versions.iterdir() if path.name.endswith(".py"))
    assert [name[:4] for name in names] == list(migrate.KNOWN_REVISIONS)
    assert migrate.KNOWN_REVISIONS[-1] == migrate.HEAD
