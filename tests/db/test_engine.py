"""Opening the books: durable on every connection, encrypted, one writer, strict columns."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError, OperationalError

from sacco_desktop.db.engine import Database, open_database
from sacco_desktop.domain.errors import BooksDamaged
from tests import make
from tests.make import KEY, PracticeOffice

pytestmark = pytest.mark.only_on("sqlite", "test_postgresql.py is the same for a server")

# What a connection answers when asked; names as the documentations of SQLite and SQLCipher give them.
READ_BACK = {
    "journal_mode": "wal",
    "synchronous": 2,
    "fullfsync": 1,
    "foreign_keys": 1,
    "busy_timeout": 15000,
    "trusted_schema": 0,
    "secure_delete": 1,
    "temp_store": 2,
    "cipher_status": "1",
    "cipher_page_size": "4096",
    "cipher_use_hmac": "1",
    "cipher_hmac_algorithm": "HMAC_SHA512",
    "cipher_kdf_algorithm": "PBKDF2_HMAC_SHA512",
    "kdf_iter": "256000",
    "cipher_plaintext_header_size": "0",
    "cipher_memory_security": "0",
}


@pytest.mark.parametrize("which", ["writer", "reader"])
def test_every_connection_of_both_engines_is_durable(office: PracticeOffice, which: str) -> None:
    engine: Engine = getattr(office.database, which)
    connections = [engine.raw_connection() for _ in range(4)]
    try:
        for connection in connections:
            cursor = connection.cursor()
            found = {name: cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in READ_BACK}
            assert found == READ_BACK
            reads_only = cursor.execute("PRAGMA query_only").fetchone()[0]
            assert reads_only == (which == "reader")
    finally:
        for connection in connections:
            connection.close()


def test_a_wrong_key_is_refused_in_a_sentence_and_changes_nothing(office: PracticeOffice) -> None:
    before = office.snapshot().file
    with pytest.raises(BooksDamaged, match="cannot be opened with this key"):
        open_database(office.path, bytes(32))
    assert office.path.read_bytes() == before


def test_a_file_in_clear_is_not_the_books(tmp_path: Path) -> None:
    plain = tmp_path / "plain.db"
    plain.write_bytes(b"SQLite format 3\x00" + bytes(4080))
    with pytest.raises(BooksDamaged, match="not encrypted"):
        open_database(plain, KEY)


def test_a_file_that_is_cut_off_is_refused(office: PracticeOffice, tmp_path: Path) -> None:
    cut = tmp_path / "cut.db"
    cut.write_bytes(office.snapshot().file[:1000])
    with pytest.raises(BooksDamaged, match="damaged"):
        open_database(cut, KEY)


def test_a_key_of_another_length_is_a_bug_of_the_caller(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        open_database(tmp_path / "books.db", bytes(31))


def test_nothing_can_be_read_in_the_file_without_the_key(office: PracticeOffice) -> None:
    make.member(office, last_name="Wambuiverylongname")
    assert b"Wambuiverylongname" not in office.snapshot().file
    assert not office.path.read_bytes().startswith(b"SQLite")


def test_a_reader_cannot_write(office: PracticeOffice) -> None:
    with (
        pytest.raises(OperationalError, match="readonly"),
        office.database.reader.begin() as connection,
    ):
        connection.exec_driver_sql("UPDATE society SET name = 'Another'")


@pytest.mark.parametrize("wrong", ["1.5", "'abc'", "'12'||'x'", "x'01'"])
def test_a_cents_column_takes_whole_numbers_only(office: PracticeOffice, wrong: str) -> None:
    with pytest.raises(IntegrityError, match="cannot store"):
        office.sql(
            "INSERT INTO float_reading (account, at, available_cents, source)"
            f" VALUES ('utility', 'now', {wrong}, 'test')"
        )


def test_every_table_is_strict(office: PracticeOffice) -> None:
    loose = office.sql(
        "SELECT name FROM pragma_table_list WHERE type = 'table' AND strict = 0"
        " AND name NOT LIKE 'sqlite_%' AND name <> 'alembic_version' AND schema = 'main'"
    )
    assert loose == []


def test_two_programs_that_count_at_once_lose_no_count(office: PracticeOffice) -> None:
    """Two databases on one file stand for two processes: they share nothing but the file."""
    databases = [office.database, open_database(office.path, KEY)]
    turns = iter([*databases, *databases])
    guard = threading.Lock()

    def count_twenty_five_times() -> None:
        with guard:
            database: Database = next(turns)
        for _ in range(25):
            with database.writer.begin() as connection:
                row = connection.exec_driver_sql("SELECT last FROM counter WHERE series = 'test'")
                last = row.scalar_one()
                connection.exec_driver_sql(
                    "UPDATE counter SET last = ? WHERE series = 'test'", (last + 1,)
                )

    office.sql("INSERT INTO counter (series, last) VALUES ('test', 0)")
    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(count_twenty_five_times) for _ in range(4)]:
            done.result()
    databases[1].close()
    assert office.sql("SELECT last FROM counter WHERE series = 'test'") == [(100,)]


def test_a_reader_goes_on_seeing_its_own_moment_while_somebody_writes(
    office: PracticeOffice,
) -> None:
    with office.database.reader.begin() as connection:
        before = connection.exec_driver_sql("SELECT count(*) FROM member").scalar_one()
        make.member(office)
        assert connection.exec_driver_sql("SELECT count(*) FROM member").scalar_one() == before
    assert office.count("member") == before + 1
