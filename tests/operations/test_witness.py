"""The witness beside the books keeps out wrong files, and never the right ones, however the program ended."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from sacco_desktop.db.engine import open_database
from sacco_desktop.db.witness import ANY_LOG, NO_LOG, Witness, Word, log_of
from sacco_desktop.domain.errors import BooksDamaged, InvalidInput
from sacco_desktop.gateways import secrets
from sacco_desktop.operations.open_office import books_key, open_books, open_secrets
from sacco_desktop.services.books import audit
from sacco_desktop.services.books.work import CLOCK, Work
from sacco_desktop.settings import Settings
from tests.guards.office_clock import OfficeClock

pytestmark = pytest.mark.only_on("sqlite", "books on a server have no witness")


@pytest.fixture(autouse=True)
def weak_passphrase(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secrets, "_COST", {"time_cost": 1, "memory_cost": 32, "parallelism": 4})


@pytest.fixture
def pc(tmp_path: Path) -> Settings:
    return Settings(
        data_dir=tmp_path, pc_name="office-pc", passphrase="four quiet words here", keyring="file"
    )


def begin_log(books: Path, first_half: int) -> None:
    """A write-ahead log with this mark, as SQLite begins one."""
    log_of(books).write_bytes(bytes(16) + first_half.to_bytes(4, "big") + b"mark")


def books_in(folder: Path) -> Path:
    books = folder / "books.db"
    books.write_bytes(bytes(4096))
    return books


def test_what_a_savepoint_took_back_is_not_the_last_word(
    pc: Settings, office_clock: OfficeClock
) -> None:
    def keep_and_take_back(work: Work, _nothing: None) -> None:
        audit.record(work, "kept", "this")
        with suppress(InvalidInput), work.session.begin_nested():
            audit.record(work, "took back", "that")
            raise InvalidInput("Not that.", "that")

    with open_books(pc, office_clock.now, doing="a test") as books:
        books.write(keep_and_take_back, None, actor=CLOCK)
    with open_books(pc, office_clock.now, doing="a test") as books:
        assert books.read(_last_action, None, actor=CLOCK) == "kept"


def _last_action(work: Work, _nothing: None) -> str:
    rows = work.session.connection().exec_driver_sql("SELECT action FROM audit_row ORDER BY id")
    return str(rows.all()[-1][0])


def test_a_program_that_died_after_it_had_folded_its_log_keeps_nobody_out(tmp_path: Path) -> None:
    books = books_in(tmp_path)
    first = Witness(books)
    first.begin()
    begin_log(books, 7)
    first.after_commit(Session())
    # SQLite has folded the log; the program is killed before it could say so, and again in its next transaction.
    log_of(books).unlink()
    second = Witness(books)
    second.refuse_foreign_log()
    second.begin()
    begin_log(books, 900_000)
    Witness(books).refuse_foreign_log()


def test_a_command_beside_an_open_window_does_not_close_its_log(tmp_path: Path) -> None:
    books = books_in(tmp_path)
    window, command = Witness(books), Witness(books)
    window.begin()
    log_of(books).touch()
    command.begin()
    command.end()
    begin_log(books, 900_000)
    Witness(books).refuse_foreign_log()


def test_a_log_that_was_put_here_after_an_end_in_order_is_refused(tmp_path: Path) -> None:
    books = books_in(tmp_path)
    witness = Witness(books)
    witness.begin()
    witness.end()
    assert Witness(books).word == Word(log=NO_LOG)
    begin_log(books, 7)
    with pytest.raises(BooksDamaged, match="does not belong"):
        Witness(books).refuse_foreign_log()


def test_an_upgrade_that_is_killed_leaves_a_log_of_ours(
    pc: Settings, office_clock: OfficeClock
) -> None:
    with open_books(pc, office_clock.now, doing="a test"):
        pass
    database = open_database(pc.books_path, books_key(pc, open_secrets(pc)))
    with database.write() as session:
        session.connection().exec_driver_sql("UPDATE alembic_version SET version_num = '0011'")
    database.close()
    Witness(pc.books_path).note_check("")
    ended = Witness(pc.books_path)
    assert ended.word is not None
    ended.end()
    found: list[str] = []

    def look(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        word = Witness(pc.books_path).word
        if statement.lstrip().upper().startswith(("DROP", "CREATE", "ALTER")) and word:
            found.append(word.log)

    event.listen(Engine, "before_cursor_execute", look)
    try:
        # What is there already cannot be made again, so that this upgrade breaks off.
        with suppress(DatabaseError), open_books(pc, office_clock.now, doing="a test"):
            pass
    finally:
        event.remove(Engine, "before_cursor_execute", look)
    assert set(found) == {ANY_LOG}
