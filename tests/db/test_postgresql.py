"""Books on a server: one writer at a time, readers that cannot write, the truth about a COMMIT without its answer."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.exc import DBAPIError, IntegrityError, InternalError

from sacco_desktop.db import commit_receipt
from sacco_desktop.db.engine import Database
from sacco_desktop.db.postgresql import open_postgresql
from sacco_desktop.db.refusals import code_of
from sacco_desktop.domain.errors import BooksDamaged, InvalidInput, OutsideUnavailable
from sacco_desktop.services.books.work import Books, Work
from sacco_desktop.services.savings import deposits
from sacco_desktop.services.savings.deposits import NewDeposit, TakenDeposit
from tests import make
from tests.books_watch import assert_sound
from tests.db.cut_wire import Cut, Wire, wire_to
from tests.engines import KEY, server
from tests.make import PracticeOffice

pytestmark = pytest.mark.only_on("postgresql", "test_engine.py is the same for a file")

SETTINGS = {
    "timezone": "UTC",
    "synchronous_commit": "on",
    "idle_in_transaction_session_timeout": "20s",
    "lock_timeout": "30s",
    "search_path": "public,pg_temp",
}


def _url(office: PracticeOffice) -> str:
    return server().url(office.place.database)


@pytest.mark.parametrize("which", ["writer", "reader"])
def test_every_connection_of_both_engines_is_set_up(office: PracticeOffice, which: str) -> None:
    with getattr(office.database, which).connect() as connection:
        found = {
            name: connection.exec_driver_sql(f"SHOW {name}").scalar_one()
            for name in (*SETTINGS, "transaction_isolation", "transaction_read_only")
        }
    of_its_own = ("read committed", "off") if which == "writer" else ("repeatable read", "on")
    assert found == SETTINGS | dict(
        zip(("transaction_isolation", "transaction_read_only"), of_its_own, strict=True)
    )


def test_a_reader_cannot_write(office: PracticeOffice) -> None:
    with (
        pytest.raises(InternalError, match="read-only"),
        office.database.reader.begin() as connection,
    ):
        connection.exec_driver_sql("UPDATE society SET name = 'Another'")


def test_a_reader_sees_one_moment_and_waits_for_nobody(office: PracticeOffice) -> None:
    with office.database.reader.begin() as connection:
        before = connection.exec_driver_sql("SELECT count(*) FROM member").scalar_one()
        make.member(office)
        assert connection.exec_driver_sql("SELECT count(*) FROM member").scalar_one() == before
    assert office.count("member") == before + 1


def test_a_writer_waits_for_its_turn_and_then_sees_what_was_written(office: PracticeOffice) -> None:
    other = open_postgresql(_url(office), KEY)
    office.sql("INSERT INTO counter (series, last) VALUES ('test', 0)")

    def count_fifty_times(database: Database) -> None:
        for _ in range(50):
            with database.writer.begin() as connection:
                row = connection.exec_driver_sql("SELECT last FROM counter WHERE series = 'test'")
                last = row.scalar_one()
                connection.exec_driver_sql(
                    "UPDATE counter SET last = %s WHERE series = 'test'", (last + 1,)
                )

    with ThreadPoolExecutor(4) as pool:
        turns = [pool.submit(count_fifty_times, it) for it in (office.database, other) * 2]
        for turn in turns:
            turn.result()
    other.close()
    assert office.sql("SELECT last FROM counter WHERE series = 'test'") == [(200,)]


def test_a_sum_of_cents_is_a_whole_number_and_a_fraction_is_an_error(
    office: PracticeOffice,
) -> None:
    ((total,),) = office.sql("SELECT sum(n) FROM (VALUES (9007199254740993::bigint), (1)) AS v(n)")
    assert (total, type(total)) == (9007199254740994, int)
    with pytest.raises((DBAPIError, psycopg.DataError, ValueError)):
        office.sql("SELECT 0.5::numeric")


@dataclass(frozen=True, slots=True)
class Address:
    """An address that cannot be used, and which error says so."""

    url: str
    error: type[Exception]
    words: str


ADDRESSES = {
    "nonsense": Address("not an address", InvalidInput, "no address"),
    "a port that is none": Address("postgresql://a@b:x/c", InvalidInput, "no address"),
    "another database": Address("mysql://a@b/c", InvalidInput, "postgresql://"),
    "no database": Address("postgresql://a@b", InvalidInput, "postgresql://"),
    "a password": Address("postgresql://a:secret@b/c", InvalidInput, "keyring"),
    "nobody there": Address("postgresql://a@/c?host=/nowhere", OutsideUnavailable, "reached"),
}


@pytest.mark.parametrize("name", ADDRESSES)
def test_an_address_that_cannot_be_used_is_refused_in_a_sentence(name: str) -> None:
    wrong = ADDRESSES[name]
    with pytest.raises(wrong.error, match=wrong.words) as refusal:
        open_postgresql(wrong.url, KEY)
    assert "secret" not in str(refusal.value)


def test_a_database_that_sorts_by_a_language_or_knows_few_letters_is_refused() -> None:
    server().administrator().execute(
        "CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'"
    )
    with pytest.raises(BooksDamaged, match="CREATE DATABASE"):
        open_postgresql(server().url("latin"), KEY)
    server().drop("latin")


def test_a_repair_script_takes_turns_too(office: PracticeOffice) -> None:
    """Its own transaction began earlier; the guards make it wait, and look only when it is its turn."""
    make.member(office, deposits_kes=100)
    with psycopg.connect(_url(office)) as script, ThreadPoolExecutor(1) as pool:
        script.execute("SELECT count(*) FROM audit_row")
        with office.database.writer.begin() as connection:
            connection.exec_driver_sql("SELECT 1")
            forking = pool.submit(script.execute, FORK)
            _until_somebody_waits()
        with pytest.raises(psycopg.errors.IntegrityConstraintViolation, match="audit_chain_broken"):
            forking.result(10)
    assert_sound(office)


FORK = (
    "INSERT INTO audit_row (at, user_id, full_name, pc_name, action, subject, detail,"
    " previous_hash, hash) VALUES ('2026', 2, '', '', '', '', '', 'another', 'x')"
)


def _until_somebody_waits() -> None:
    waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
    end = threading.Event()
    for _ in range(200):
        row = server().administrator().execute(waiting).fetchone()
        if row and row[0]:
            return
        end.wait(0.02)
    raise AssertionError("the script did not wait for its turn")


def test_at_another_isolation_level_nothing_is_written(office: PracticeOffice) -> None:
    with psycopg.connect(_url(office)) as script:
        script.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        with pytest.raises(psycopg.errors.IntegrityConstraintViolation, match="takes_turns"):
            script.execute("UPDATE society SET name = 'Another'")


@pytest.mark.parametrize("table", ["journal_entry", "audit_row", "money_command", "payout"])
def test_nothing_is_emptied(office: PracticeOffice, table: str) -> None:
    with pytest.raises(IntegrityError) as refusal:
        office.sql(f"TRUNCATE {table} CASCADE")
    assert code_of(refusal.value) == "never_emptied"


# The connection dies around a COMMIT.


@pytest.fixture
def wire() -> Iterator[Wire]:
    with (
        tempfile.TemporaryDirectory(prefix="wire-") as folder,
        wire_to(server(), Path(folder)) as it,
    ):
        yield it


@dataclass(frozen=True, slots=True)
class Counter:
    """A PC at the end of the wire, where Peter takes the same deposit in, as often as he presses the button."""

    books: Books
    office: PracticeOffice
    given: NewDeposit

    def press(self) -> TakenDeposit:
        """Save: the same form under the same key."""
        return self.books.write(deposits.take_cash, self.given, actor=self.office.peter)


@pytest.fixture
def counter(office: PracticeOffice, wire: Wire) -> Iterator[Counter]:
    member = make.member(office)
    database = open_postgresql(wire.url(office.place.database), KEY)
    books = Books(database, now=office.clock.now, pc_name="FRONT-PC")
    # What SQLAlchemy asks at its first connection is no transaction of ours.
    books.write(lambda work, _none: work.session.connection(), None, actor=office.peter)
    yield Counter(books, office, NewDeposit("the form", member.member_id, 500, date(2026, 3, 16)))
    database.close()


def test_a_commit_without_an_answer_counts_when_the_server_says_so(
    counter: Counter, wire: Wire
) -> None:
    wire.next_commit = Cut.AFTER
    first = counter.press()
    assert wire.next_commit is Cut.NOT
    assert counter.press() == first
    assert counter.office.count("journal_entry") == 1


def test_a_commit_that_never_arrived_is_called_not_saved(counter: Counter, wire: Wire) -> None:
    wire.next_commit = Cut.BEFORE
    with pytest.raises(OutsideUnavailable, match="nothing was saved"):
        counter.press()
    assert counter.office.count("journal_entry") == 0
    assert counter.press().entry_number == 1
    assert counter.office.count("journal_entry") == 1


def test_when_nobody_can_be_asked_the_doubt_is_said_and_the_key_decides(
    counter: Counter, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commit_receipt, "_PAUSES", (0.0, 0.01))
    wire.next_commit = Cut.AFTER_AND_AWAY
    with pytest.raises(OutsideUnavailable, match="nobody knows yet"):
        counter.press()
    wire.is_away = False
    answer = counter.press()
    assert (answer.entry_number, answer.balance_after_cents) == (1, 500)
    assert counter.office.count("journal_entry") == 1
    assert_sound(counter.office)


def test_a_connection_ended_in_the_middle_saves_nothing_and_the_next_try_works(
    office: PracticeOffice,
) -> None:
    member = make.member(office)

    def end_it(work: Work, _nothing: None) -> None:
        members_own = work.session.connection().exec_driver_sql("SELECT pg_backend_pid()")
        server().administrator().execute("SELECT pg_terminate_backend(%s)", (members_own.scalar(),))
        work.session.connection().exec_driver_sql("UPDATE member SET last_name = 'Lost'")

    with pytest.raises(OutsideUnavailable, match="nothing was saved"):
        office.write(end_it, None)
    assert office.count("member", "last_name = 'Lost'") == 0
    assert make.deposit(office, member, 5).entry_number == 1


def test_what_collides_with_a_stranger_runs_again_from_its_start(office: PracticeOffice) -> None:
    tries = []

    def collide(work: Work, _nothing: None) -> int:
        tries.append(work.now)
        work.session.connection().exec_driver_sql("UPDATE society SET name = 'Twice'")
        if len(tries) < 3:
            work.session.connection().exec_driver_sql(
                "DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = 'deadlock_detected'; END $$"
            )
        return len(tries)

    assert office.write(collide, None) == 3
    assert office.count("society", "name = 'Twice'") == 1
    with pytest.raises(DBAPIError):
        office.write(_always_collide, None)


def _always_collide(work: Work, _nothing: None) -> None:
    work.session.connection().exec_driver_sql(
        "DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = 'serialization_failure'; END $$"
    )


def test_a_server_that_dies_and_comes_back_has_every_deposit_that_was_answered(
    office: PracticeOffice,
) -> None:
    """Each press is repeated with its key until it is answered; then there is one entry for each key."""
    member = make.member(office)
    given = [NewDeposit(f"key-{n}", member.member_id, 100, date(2026, 3, 16)) for n in range(30)]
    is_down = threading.Event()

    def press_all() -> int:
        away = 0
        for new in given:
            while True:
                try:
                    office.write(deposits.take_cash, new, office.peter)
                    break
                except OutsideUnavailable:
                    away += 1
                    is_down.set()
        return away

    with ThreadPoolExecutor(1) as pool:
        pressing = pool.submit(press_all)
        while office.count("journal_entry") < 5:
            pass
        server().stop()
        assert is_down.wait(10)
        server().start()
        assert pressing.result(60) > 0
    assert office.count("journal_entry") == len(given)
    assert office.balance(f"2010.{member.number}") == 100 * len(given)
    assert_sound(office)
