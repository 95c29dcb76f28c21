"""A migration killed at any of its statements: afterwards the books have the old schema or the new one, and every row.

A process that has imported the program forks a child for each kill; SIGKILL comes before the statement that was asked
for.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from sqlalchemy import event, inspect

from sacco_desktop.db import migrate
from sacco_desktop.db.engine import Database, open_database
from sacco_desktop.db.guard_laying import touched_guards
from sacco_desktop.services.books.work import CLOCK, Books
from sacco_desktop.services.proof import verify
from tests.architecture.house import ROOT
from tests.guards.office_clock import OPENING_TIME

Rows = dict[str, list[tuple[object, ...]]]


@dataclass(frozen=True, slots=True)
class Life:
    """How a migration ended: killed or not, and how many statements it came to."""

    was_killed: bool
    statements: int


class Migrator:
    """`with Migrator() as migrator: migrator.run(place, key, die_at=12)`; 0 lives to the end."""

    def __enter__(self) -> Migrator:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.migration_kills"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(10)
        self._process.stdout.close()

    def run(self, place: str, key: bytes, folder: Path, die_at: int) -> Life:
        """Migrate the books at this path or address, dying before statement `die_at`."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        job = {"place": place, "key": key.hex(), "folder": str(folder), "die_at": die_at}
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()
        status, statements = json.loads(self._process.stdout.readline())
        assert status in (0, -signal.SIGKILL), f"the migration failed: {status}"
        return Life(status != 0, statements)


def open_place(place: str, key: bytes) -> Database:
    """Books in a file or on a server."""
    if place.startswith("postgresql"):
        from sacco_desktop.db.postgresql import open_postgresql

        return open_postgresql(place, key)
    return open_database(Path(place), key)


def all_rows(database: Database) -> Rows:
    """Every row of every table, in an order of their own."""
    with database.reader.connect() as connection:
        names = inspect(connection).get_table_names()
        return {
            name: sorted(
                (tuple(row) for row in connection.exec_driver_sql(f"SELECT * FROM {name}")),
                key=repr,
            )
            for name in names
        }


def _themselves(rows: Rows) -> object:
    return rows


def _counts(rows: Rows) -> object:
    return {name: len(found) for name, found in rows.items()}


def wrong_after(place: str, key: bytes, folder: Path, old: Rows, new: Rows) -> str:
    """What is wrong with books whose migration was killed, then run again; empty when nothing is."""
    database = open_place(place, key)
    try:
        found = all_rows(database)
        if found not in (old, new):
            return "something between the old and the new schema"
        done = migrate.migrate(database, folder, OPENING_TIME)
        if done.old != (migrate.HEAD if found == new else "0001"):
            return f"the second run began at {done.old}"
        if migrate.migrate(database, folder, OPENING_TIME).old != migrate.HEAD:
            return "a run on migrated books did something"
        # A server gives out no number twice, also when what was given it was undone.
        is_same = _counts if place.startswith("postgresql") else _themselves
        if is_same(all_rows(database)) != is_same(new):
            return "rows differ from those of a migration that nobody cut off"
        with database.writer.begin() as connection:
            if touched_guards(connection) != ([], []):
                return "guards are missing"
        proof = Books(database, now=lambda: OPENING_TIME, pc_name="PC").read(
            verify.verify, None, actor=CLOCK
        )
        return "" if proof.is_sound else f"{proof.faults[0].where} {proof.faults[0].what}"
    finally:
        database.close()


def _live(job: dict[str, Any], report: int) -> None:
    count = 0
    database = open_place(job["place"], bytes.fromhex(job["key"]))

    def before(*_of_the_statement: Any) -> None:
        nonlocal count
        count += 1
        if count == job["die_at"]:
            os.write(report, str(count).encode())
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(database.writer, "before_cursor_execute", before)
    commit = database.writer.dialect.do_commit

    def do_commit(connection: Any) -> None:
        before()
        commit(connection)
        before()

    database.writer.dialect.do_commit = do_commit  # type: ignore[method-assign, assignment]
    migrate.migrate(database, Path(job["folder"]), OPENING_TIME)
    os.write(report, str(count).encode())
    os._exit(0)


def _serve() -> None:
    # Alembic is slow to import, so every child gets it from here.
    import alembic.command  # noqa: F401

    from sacco_desktop.db import postgresql  # noqa: F401

    for line in iter(sys.stdin.readline, ""):
        job = json.loads(line)
        heard, report = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                _live(job, report)
            finally:
                os._exit(1)
        os.close(report)
        _pid, status = os.waitpid(child, 0)
        statements = int(os.read(heard, 64) or b"0")
        os.close(heard)
        sys.stdout.write(json.dumps([os.waitstatus_to_exitcode(status), statements]) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    _serve()
