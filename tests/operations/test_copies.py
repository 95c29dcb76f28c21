"""Copies of the books and bringing one back: what was copied is proven, what cannot be trusted is refused in words, and
after a restore nothing leaves before the relay has told what these books forgot.
"""

from __future__ import annotations

import json
import random
import shutil
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from sacco_desktop.__main__ import main
from sacco_desktop.db.engine import open_database
from sacco_desktop.db.migrate import HEAD
from sacco_desktop.domain.errors import BooksDamaged, BooksInUse, InvalidInput, NotAllowed
from sacco_desktop.domain.permissions import Role
from sacco_desktop.gateways import secrets
from sacco_desktop.operations.copies import Manifest, back_up, back_up_here, manifest_path
from sacco_desktop.operations.open_office import (
    KEY_NAME,
    books_key,
    open_books,
    open_office,
    open_secrets,
)
from sacco_desktop.operations.restore import restore_books
from sacco_desktop.services.books.work import CLOCK, Actor, Books
from sacco_desktop.services.membership import members
from sacco_desktop.services.office import users
from sacco_desktop.services.office.society import NewSociety
from sacco_desktop.services.office.users import NewUser
from sacco_desktop.services.people import first_run
from sacco_desktop.services.proof import verify
from sacco_desktop.services.savings import deposits
from sacco_desktop.services.savings.deposits import NewDeposit
from sacco_desktop.settings import SETTINGS_FILE, Settings
from tests.guards.office_clock import OfficeClock
from tests.make import QUICK_HASHER, new_member

pytestmark = pytest.mark.only_on("sqlite", "the administrator of a server copies its databases")

PASSPHRASE = "four quiet words here"


@pytest.fixture(autouse=True)
def weak_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(users, "HASHER", QUICK_HASHER)
    monkeypatch.setattr(secrets, "_COST", {"time_cost": 1, "memory_cost": 32, "parallelism": 4})


@dataclass(frozen=True, slots=True)
class Counter:
    """The office of a society on one PC."""

    settings: Settings
    clock: OfficeClock

    def begin(self, name: str) -> None:
        """Books with an officer and a member."""
        society = NewSociety(name, f"CS/{name[:3]}", "P.O. Box 1", "0712 000 000", "practice")
        roles = frozenset({Role.ADMINISTRATOR, Role.OFFICER})
        first = NewUser("ruth", "Ruth Chebet", roles, "a long practice sentence")
        with open_books(self.settings, self.clock.now, doing="set-up") as books:
            books.write(first_run.begin, first_run.NewBooks(society, first), actor=CLOCK)
            books.write(members.write_down, new_member(), actor=self.ruth(books))

    def ruth(self, books: Books) -> Actor:
        """The administrator, who also takes deposits."""
        row = next(
            r for r in books.read(users.list_users, None, actor=CLOCK) if r.username == "ruth"
        )
        return Actor(row.user_id, row.full_name, row.roles)

    def deposit(self, *keys: str) -> None:
        """Cash comes in, once for each key."""
        with open_books(self.settings, self.clock.now, doing="the counter") as books:
            actor = self.ruth(books)
            member = books.read(members.list_members, None, actor=actor)[0].member_id
            for key in keys:
                new = NewDeposit(key, member, 500_00, self.clock.now().date())
                books.write(deposits.take_cash, new, actor=actor)

    def proof(self) -> verify.Proof:
        """What the books that lie here prove."""
        with open_books(self.settings, self.clock.now, doing="a proof") as books:
            return books.read(verify.verify, None, actor=CLOCK)

    def back_up(self, target: Path) -> Manifest:
        """A copy, as the command line makes it."""
        return back_up_here(self.settings, target, self.clock.now)


@pytest.fixture
def counter(tmp_path: Path, office_clock: OfficeClock) -> Counter:
    settings = Settings(tmp_path / "office", "PC", keyring="file", passphrase=PASSPHRASE)
    made = Counter(settings, office_clock)
    made.begin("Umoja SACCO")
    made.deposit("first", "second")
    return made


@pytest.fixture
def copy(counter: Counter, tmp_path: Path) -> Path:
    target = tmp_path / "usb" / "books.db"
    counter.back_up(target)
    return target


def test_a_copy_is_proven_and_says_beside_it_what_it_is(counter: Counter, copy: Path) -> None:
    said = json.loads(manifest_path(copy).read_text())
    proof = counter.proof()
    assert (said["society"], said["environment"], said["schema"]) == (
        "Umoja SACCO",
        "practice",
        HEAD,
    )
    assert (said["entries"], said["head_hash"]) == (2, proof.head_hash)
    assert {path.name for path in copy.parent.iterdir()} == {"books.db", "books.db.json"}
    assert b"Umoja" not in copy.read_bytes()


def test_a_copy_never_takes_the_place_of_another(counter: Counter, copy: Path) -> None:
    before = copy.read_bytes()
    with pytest.raises(InvalidInput, match="exists already"):
        counter.back_up(copy)
    assert copy.read_bytes() == before


def test_a_restored_copy_is_the_books_as_they_were_and_those_that_were_here_are_kept(
    counter: Counter, copy: Path
) -> None:
    head = counter.proof().head_hash
    counter.deposit("third")
    later = counter.proof()
    restored = restore_books(counter.settings, copy, counter.clock.now)
    assert (restored.manifest.entries, restored.manifest.head_hash) == (2, head)
    proof = counter.proof()
    assert (proof.faults, proof.entries, proof.head_hash) == ((), 2, head)
    assert restored.set_aside is not None
    shutil.copyfile(restored.set_aside, counter.settings.books_path)
    (counter.settings.data_dir / "books.witness").unlink()
    assert counter.proof().head_hash == later.head_hash


def test_a_restore_is_written_down_with_what_it_replaced(counter: Counter, copy: Path) -> None:
    counter.deposit("third", "fourth")
    restore_books(counter.settings, copy, counter.clock.now)
    database = open_database(counter.settings.books_path, _key(counter))
    with database.reader.connect() as connection:
        row = connection.exec_driver_sql(
            "SELECT action, subject, detail FROM audit_row ORDER BY id DESC LIMIT 1"
        ).one()
    database.close()
    assert tuple(row) == (
        "books.restored",
        "these books",
        '{"copy": "books.db", "replaced_entry": 4}',
    )


def _key(counter: Counter) -> bytes:
    return books_key(counter.settings, open_secrets(counter.settings))


def test_work_goes_on_after_a_restore_and_the_next_start_finds_nothing_wrong(
    counter: Counter, copy: Path
) -> None:
    counter.deposit("third")
    restore_books(counter.settings, copy, counter.clock.now)
    counter.deposit("third anew", "fourth")
    assert (counter.proof().entries, counter.proof().faults) == (4, ())


@pytest.mark.parametrize("with_manifest", [True, False], ids=["with", "without"])
def test_a_copy_that_was_cut_off_or_changed_is_refused_and_the_books_stay(
    counter: Counter, copy: Path, with_manifest: bool
) -> None:
    """The manifest tells of every change; without it each page tells of its own."""
    counter.deposit("third")
    books, whole, chance = counter.settings.books_path, copy.read_bytes(), random.Random(5)
    before = books.read_bytes()
    if not with_manifest:
        manifest_path(copy).unlink()
    bad = [whole[:length] for length in (0, 100, 4096, len(whole) // 2, len(whole) - 1)]
    for _ in range(20):
        flipped = bytearray(whole)
        flipped[chance.randrange(len(whole))] ^= 1 << chance.randrange(8)
        bad.append(bytes(flipped))
    for content in bad:
        copy.write_bytes(content)
        with pytest.raises(BooksDamaged, match=r"Nothing was changed|cut off"):
            restore_books(counter.settings, copy, counter.clock.now)
        assert books.read_bytes() == before
    assert not (counter.settings.data_dir / "restoring").exists()
    assert counter.proof().entries == 3


def test_a_copy_of_another_society_is_refused_by_its_key_or_by_its_name(
    counter: Counter, copy: Path, tmp_path: Path, office_clock: OfficeClock
) -> None:
    home = Settings(tmp_path / "other", "PC", keyring="file", passphrase=PASSPHRASE)
    other = Counter(home, office_clock)
    other.begin("Tumaini SACCO")
    with pytest.raises(BooksDamaged, match=r"key of this computer does not open.*Umoja SACCO"):
        restore_books(other.settings, copy, office_clock.now)
    store = open_secrets(other.settings)
    same_key = Settings(tmp_path / "third", "PC", keyring="file", passphrase=PASSPHRASE)
    open_secrets(same_key).write(KEY_NAME, _key(counter).hex())
    third = Counter(same_key, office_clock)
    third.begin("Amani SACCO")
    with pytest.raises(BooksDamaged, match=r"other books: Umoja SACCO.*of Amani SACCO"):
        restore_books(same_key, copy, office_clock.now)
    assert third.proof().entries == 0
    assert store.read(KEY_NAME) is not None


def test_a_copy_of_a_newer_program_is_refused(counter: Counter, copy: Path) -> None:
    database = open_database(copy, _key(counter))
    with database.writer.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    database.close()
    manifest_path(copy).unlink()
    with pytest.raises(BooksDamaged, match="newer Sacco Desktop"):
        restore_books(counter.settings, copy, counter.clock.now)
    assert counter.proof().entries == 2


def test_a_copy_whose_entry_was_changed_with_the_key_does_not_prove_itself(
    counter: Counter, copy: Path
) -> None:
    database = open_database(copy, _key(counter))
    with database.writer.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER guard_posted_entry_edited")
        connection.exec_driver_sql(
            "UPDATE journal_entry SET narration = 'Another' WHERE number = 1"
        )
    database.close()
    manifest_path(copy).unlink()
    with pytest.raises(BooksDamaged, match="does not prove itself"):
        restore_books(counter.settings, copy, counter.clock.now)


def test_nothing_is_restored_while_the_window_is_open(counter: Counter, copy: Path) -> None:
    with (
        open_books(counter.settings, counter.clock.now, doing="the window"),
        pytest.raises(BooksInUse),
    ):
        restore_books(counter.settings, copy, counter.clock.now)


def test_a_new_computer_asks_for_the_recovery_key_first(
    counter: Counter, copy: Path, tmp_path: Path
) -> None:
    fresh = replace(counter.settings, data_dir=tmp_path / "new")
    with pytest.raises(BooksDamaged, match="recovery sheet"):
        restore_books(fresh, copy, counter.clock.now)
    open_secrets(fresh).write(KEY_NAME, _key(counter).hex())
    assert restore_books(fresh, copy, counter.clock.now).set_aside is None
    assert Counter(fresh, counter.clock).proof().entries == 2


def test_damaged_books_are_replaced_and_kept_as_they_are(counter: Counter, copy: Path) -> None:
    books = counter.settings.books_path
    damaged = bytearray(books.read_bytes())
    damaged[5000] ^= 1
    books.write_bytes(bytes(damaged))
    with pytest.raises(BooksDamaged, match="Restore a copy"):
        counter.proof()
    restored = restore_books(counter.settings, copy, counter.clock.now)
    assert restored.set_aside is not None
    assert restored.set_aside.read_bytes() == damaged
    assert counter.proof().entries == 2


def test_books_on_a_server_are_restored_by_its_administrator(counter: Counter, copy: Path) -> None:
    shared = replace(counter.settings, database_url="postgresql://a@b/c")
    with pytest.raises(InvalidInput, match="pg_restore"):
        restore_books(shared, copy, counter.clock.now)


def test_a_person_makes_a_copy_while_the_window_is_open_if_the_role_allows(
    counter: Counter, tmp_path: Path
) -> None:
    target = tmp_path / "by hand.db"
    with open_office(counter.settings, counter.clock.now) as opened:
        office = opened.office
        ruth = counter.ruth(office.books)
        officer = Actor(ruth.user_id, ruth.full_name, frozenset({Role.OFFICER}))
        run = office.lanes.submit_async
        with pytest.raises(NotAllowed, match="make copies of the books"):
            run(lambda: back_up(office, target, officer)).result(30)
        assert not target.exists()
        made = run(lambda: back_up(office, target, ruth)).result(30)
    assert made.entries == 2
    assert restore_books(counter.settings, target, counter.clock.now).manifest.entries == 2


def test_both_commands(
    counter: Counter,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SACCO_PASSPHRASE", PASSPHRASE)
    (counter.settings.data_dir / SETTINGS_FILE).write_text('keyring = "file"\n', encoding="utf-8")
    home, target = ["--data-dir", str(counter.settings.data_dir)], str(tmp_path / "copy.db")
    assert main([*home, "backup", target]) == 0
    assert "Copied and proven: Umoja SACCO" in capsys.readouterr().out
    counter.deposit("third")
    assert main([*home, "restore", target]) == 0
    assert "2 entries. The books that were here lie in" in capsys.readouterr().out
    assert main([*home, "restore", str(tmp_path / "nothing.db")]) == 1
    assert "There is no copy at" in capsys.readouterr().err
