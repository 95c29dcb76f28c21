"""Two PCs on one PostgreSQL: what one changes the other hears of, and the clock's jobs are run by one of them alone."""

from __future__ import annotations

import queue
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from sacco_desktop.domain.errors import WrongState
from sacco_desktop.domain.permissions import Role
from sacco_desktop.operations import open_office
from sacco_desktop.operations.open_office import OpenedOffice
from sacco_desktop.operations.run_jobs import run_due, run_now
from sacco_desktop.services.books import audit
from sacco_desktop.services.books.elsewhere import Elsewhere, read_notice
from sacco_desktop.services.books.work import CLOCK, Actor, Topic, Work
from sacco_desktop.services.office import users
from sacco_desktop.services.office.job_list import JOBS, JobEnd
from sacco_desktop.services.office.users import NewUser
from sacco_desktop.services.people import first_run
from sacco_desktop.services.people.first_run import NewBooks
from sacco_desktop.settings import Settings
from tests import make
from tests.guards.office_clock import OfficeClock
from tests.make import PASSWORD
from tests.operations.quick_secrets import weaken_passwords
from tests.postgresql_server import Server

pytestmark = pytest.mark.only_on("postgresql", "a file is for one program at a time")

PASSPHRASE = "correct horse battery"
_SECONDS = 10


@dataclass
class Pc:
    """An open office, and what it heard of the others."""

    opened: OpenedOffice
    topics: queue.Queue[frozenset[Topic]] = field(default_factory=queue.Queue)
    news: queue.Queue[Elsewhere] = field(default_factory=queue.Queue)

    def __post_init__(self) -> None:
        self.opened.office.books.on_changed = self.topics.put
        self.opened.office.books.on_elsewhere = self.news.put

    def note(self, words: str) -> None:
        self.opened.office.books.write(_note, words, actor=CLOCK)

    def run_jobs(self) -> tuple[JobEnd, ...]:
        office = self.opened.office
        return office.lanes.submit_async(lambda: run_due(office)).result(_SECONDS)

    def run_now(self, job: str) -> JobEnd:
        office = self.opened.office
        (ruth,) = office.books.read(users.list_users, None, actor=CLOCK)
        actor = Actor(ruth.user_id, ruth.full_name, ruth.roles)
        return office.lanes.submit_async(lambda: run_now(office, job, actor)).result(_SECONDS)


def _note(work: Work, words: str) -> None:
    audit.record(work, "wrote a note about", words)
    work.changed(Topic.MEMBERS)


def _write_and_fail(work: Work, words: str) -> None:
    _note(work, words)
    raise RuntimeError("not this time")


@dataclass
class Place:
    """A server with one society, and its PCs."""

    server: Server
    database: str
    folder: Path
    clock: OfficeClock
    stack: ExitStack

    def settings(self, name: str) -> Settings:
        url = self.server.url(self.database)
        return Settings(self.folder / name, name, "file", PASSPHRASE, url)

    def pc(self, name: str) -> Pc:
        opened = open_office.open_office(self.settings(name), self.clock.now)
        return Pc(self.stack.enter_context(opened))

    def end_line(self, like: str) -> int:
        """End connections whose last statement was like this, as a broken cable does."""
        found = self.server.administrator().execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = %s AND query ILIKE %s",
            (self.database, like),
        )
        return len(found.fetchall())


@pytest.fixture
def place(
    postgresql_server: Server,
    tmp_path: Path,
    office_clock: OfficeClock,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Place]:
    weaken_passwords(monkeypatch)
    database = postgresql_server.create()
    with ExitStack() as stack:
        found = Place(postgresql_server, database, tmp_path, office_clock, stack)
        front, back = found.settings("FRONT-PC"), found.settings("BACK-PC")
        ruth = NewUser("ruth", "Ruth Njeri", frozenset({Role.ADMINISTRATOR}), PASSWORD)
        with open_office.open_books(front, office_clock.now, doing="set-up") as books:
            books.write(first_run.begin, NewBooks(make.SOCIETY, ruth), actor=CLOCK)
        back.data_dir.mkdir()
        key = open_office.books_key(front, open_office.open_secrets(front))
        words = open_office.recovery_words(key)
        open_office.take_recovery_words(open_office.open_secrets(back), words)
        yield found
    postgresql_server.drop(database)


def test_what_one_changes_the_other_hears_of(place: Place) -> None:
    front, back = place.pc("FRONT-PC"), place.pc("BACK-PC")
    front.note("M-0007")
    assert back.topics.get(timeout=_SECONDS) == frozenset({Topic.MEMBERS})
    news = back.news.get(timeout=_SECONDS)
    assert (news.who, news.pc_name) == ("Sacco Desktop", "FRONT-PC")
    assert news.words_about(frozenset({"M-0007"})) == (
        "Sacco Desktop wrote a note about M-0007 at 09:00, on FRONT-PC. You see it as it is now."
    )
    assert news.words_about(frozenset({"M-0008"})) == ""
    # Its own change is told on the spot and only once.
    assert front.topics.get(timeout=_SECONDS) == frozenset({Topic.MEMBERS})
    back.note("M-0008")
    assert front.news.get(timeout=_SECONDS).pc_name == "BACK-PC"
    assert front.news.empty()


def test_what_was_rolled_back_is_told_to_nobody(place: Place) -> None:
    front, back = place.pc("FRONT-PC"), place.pc("BACK-PC")
    with pytest.raises(RuntimeError):
        front.opened.office.books.write(_write_and_fail, "M-0001", actor=CLOCK)
    front.note("M-0002")
    assert back.news.get(timeout=_SECONDS).acts == (("wrote a note about", "M-0002"),)


def test_after_a_broken_line_everything_is_read_again(place: Place) -> None:
    front, back = place.pc("FRONT-PC"), place.pc("BACK-PC")
    front.note("M-0001")
    back.news.get(timeout=_SECONDS)
    back.topics.get(timeout=_SECONDS)
    assert place.end_line("LISTEN%") == 2
    # While the line was down a note may have been missed, so it is as if everything had changed.
    assert back.topics.get(timeout=_SECONDS) == frozenset(Topic)
    front.note("M-0002")
    assert back.news.get(timeout=_SECONDS).acts[0][1] == "M-0002"


def test_one_pc_has_the_clock_until_it_ends(place: Place) -> None:
    front = place.pc("FRONT-PC")
    assert len(front.run_jobs()) == len(JOBS)
    with ExitStack() as short:
        place.stack, kept = short, place.stack
        back = place.pc("BACK-PC")
        place.stack = kept
        place.clock.advance(minutes=5)
        assert back.run_jobs() == ()
        with pytest.raises(WrongState, match="Another PC"):
            back.run_now(JOBS[0].name)
        assert front.run_jobs() != ()
        place.clock.advance(minutes=5)
        # The lease goes with the connection, as when the PC is switched off.
        front.opened.office.books._database.close()
        assert back.run_jobs() != ()


def test_a_pc_that_lost_its_line_does_not_believe_that_it_has_the_clock(place: Place) -> None:
    front, back = place.pc("FRONT-PC"), place.pc("BACK-PC")
    assert front.opened.office.books.has_clock()
    assert not back.opened.office.books.has_clock()
    # Asked again, it asks its line.
    assert front.opened.office.books.has_clock()
    assert place.end_line("SELECT 1") >= 1
    assert back.opened.office.books.has_clock()
    assert not front.opened.office.books.has_clock()


@pytest.mark.parametrize(
    "notice", ["", "[]", "{}", '{"sender": 1}', "not json", '{"sender":"a","who":"b"}']
)
def test_a_notice_of_another_version_is_not_read(notice: str) -> None:
    assert read_notice(notice) is None
