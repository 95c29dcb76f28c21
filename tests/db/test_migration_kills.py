"""Books of the first schema, with rows in every table, whose migration is killed, run twice, run by two at once."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config

from sacco_desktop.db import migrate
from tests.db.first_books import FIRST, first_books, first_rows
from tests.engines import KEY, BooksPlace, server
from tests.faults.migration_kills import Migrator, Rows, all_rows, open_place, wrong_after
from tests.guards.office_clock import OPENING_TIME

# So many statements are taken in the suite, from the first to the commit; `dev.py faults migrations` takes every one.
KILLS = 5


def address(place: BooksPlace) -> str:
    """Where the books lie, for another process."""
    return str(place.file) if place.file is not None else server().url(place.database)


@dataclass(frozen=True, slots=True)
class Whole:
    """A migration that nobody cut off: the rows before and after, and how many statements it took."""

    old: Rows
    new: Rows
    statements: int


@pytest.fixture(scope="module")
def migrator() -> Iterator[Migrator]:
    with Migrator() as made:
        yield made


@pytest.fixture(scope="module")
def whole(
    engine: object, migrator: Migrator, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Whole]:
    folder = tmp_path_factory.mktemp("whole")
    place = first_books().put(folder)
    before = open_place(address(place), KEY)
    old = all_rows(before)
    before.close()
    life = migrator.run(address(place), KEY, folder, 0)
    after = open_place(address(place), KEY)
    yield Whole(old, all_rows(after), life.statements)
    after.close()
    place.throw_away()


def test_a_migration_killed_anywhere_leaves_the_old_or_the_new_schema(
    whole: Whole, migrator: Migrator, tmp_path: Path
) -> None:
    last = whole.statements
    assert last > 100
    steps = {last - 1, last, *range(1, last, last // (KILLS - 2))}
    for die_at in sorted(steps):
        place = first_books().put(tmp_path)
        assert migrator.run(address(place), KEY, tmp_path, die_at).was_killed
        wrong = wrong_after(address(place), KEY, tmp_path, whole.old, whole.new)
        place.throw_away()
        assert not wrong, f"killed before statement {die_at} of {last}: {wrong}"


def test_two_programs_that_migrate_at_once_migrate_once(whole: Whole, tmp_path: Path) -> None:
    place = first_books().put(tmp_path)
    both = [open_place(address(place), KEY) for _ in range(2)]
    with ThreadPoolExecutor(2) as pool:
        runs = [pool.submit(migrate.migrate, one, tmp_path / "c", OPENING_TIME) for one in both]
        assert {run.result().new for run in runs} == {migrate.HEAD}
    assert all_rows(both[0]) == whole.new
    for database in both:
        database.close()
    place.throw_away()


def test_books_are_never_migrated_back(whole: Whole, tmp_path: Path) -> None:
    """The way back is the copy from before the upgrade."""
    place = first_books().put(tmp_path)
    database = open_place(address(place), KEY)
    migrate.migrate(database, tmp_path, OPENING_TIME)
    config = Config()
    folder = Path(migrate.__file__).parent / "migrations"
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    with database.writer.connect() as connection:
        config.attributes["connection"] = connection
        with pytest.raises((NotImplementedError, AttributeError)):
            command.downgrade(config, FIRST)
        connection.rollback()
    assert all_rows(database) == whole.new
    database.close()
    if place.file is not None:
        [copy] = tmp_path.glob(f"books-before-{migrate.HEAD}-*.db")
        before = open_place(str(copy), KEY)
        assert migrate.read_revision(before.reader) == FIRST
        assert {
            table: len(rows) for table, rows in all_rows(before).items() if table in first_rows()
        } == {table: len(rows) for table, rows in first_rows().items()}
        before.close()
    place.throw_away()
