"""Two desktops on one PostgreSQL: each has its own folder and secrets, and both work on the same books at once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sacco_desktop.db import postgresql
from sacco_desktop.db.migrate import HEAD
from sacco_desktop.domain.errors import BooksDamaged, InvalidInput
from sacco_desktop.operations import open_office
from sacco_desktop.services.books.work import CLOCK, Books
from sacco_desktop.services.membership import members
from sacco_desktop.services.office import society
from sacco_desktop.settings import Settings, read_settings
from tests.guards.office_clock import OfficeClock
from tests.make import SOCIETY
from tests.operations.quick_secrets import weaken_passwords
from tests.postgresql_server import Server

pytestmark = pytest.mark.only_on("postgresql", "a file is for one program at a time")

PASSPHRASE = "correct horse battery"


@pytest.fixture
def url(postgresql_server: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    weaken_passwords(monkeypatch)
    name = postgresql_server.create()
    yield postgresql_server.url(name)
    postgresql_server.drop(name)


def _pc(tmp_path: Path, name: str, url: str) -> Settings:
    return Settings(tmp_path / name, name, "file", PASSPHRASE, url)


def test_two_desktops_work_on_the_same_books(
    url: str, tmp_path: Path, office_clock: OfficeClock
) -> None:
    front, back = _pc(tmp_path, "FRONT-PC", url), _pc(tmp_path, "BACK-PC", url)
    with open_office.open_office(front, office_clock.now) as one:
        assert one.migration.old is None
        _give_key(front, back)
        with open_office.open_office(back, office_clock.now) as other:
            assert other.migration.old == HEAD
            _work_together(one.office.books, other.office.books)
    for pc in (front, back):
        assert not pc.books_path.exists()


def _give_key(from_pc: Settings, to_pc: Settings) -> None:
    """What a person does with the printed recovery sheet."""
    key = open_office.books_key(from_pc, open_office.open_secrets(from_pc))
    to_pc.data_dir.mkdir()
    store = open_office.open_secrets(to_pc)
    open_office.take_recovery_words(store, open_office.recovery_words(key))


def _work_together(one: Books, other: Books) -> None:
    one.write(society.set_up, SOCIETY, actor=CLOCK)
    assert not other.read(society.is_empty, None, actor=CLOCK)
    assert other.read(members.list_members, None, actor=CLOCK) == ()


def test_a_second_pc_needs_the_key_from_the_recovery_sheet(
    url: str, tmp_path: Path, office_clock: OfficeClock
) -> None:
    front, back = _pc(tmp_path, "FRONT-PC", url), _pc(tmp_path, "BACK-PC", url)
    with open_office.open_books(front, office_clock.now):
        pass
    with (
        pytest.raises(BooksDamaged, match="recovery-key"),
        open_office.open_books(back, office_clock.now),
    ):
        pass
    wrong = open_office.recovery_words(bytes(32))
    open_office.take_recovery_words(open_office.open_secrets(back), wrong)
    with (
        pytest.raises(BooksDamaged, match="key of this computer"),
        open_office.open_books(back, office_clock.now),
    ):
        pass


def test_the_password_of_the_database_comes_from_the_secrets(
    url: str, tmp_path: Path, office_clock: OfficeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server of the tests asks for none, so what the driver is given is looked at."""
    settings = _pc(tmp_path, "FRONT-PC", url)
    settings.data_dir.mkdir()
    store = open_office.open_secrets(settings)
    store.write(open_office.PASSWORD_NAME, "an open secret")
    given = []
    really_open = postgresql.open_postgresql

    def look(address: str, key: bytes, password: str | None) -> object:
        given.append((address, password))
        return really_open(address, key, password)

    monkeypatch.setattr(postgresql, "open_postgresql", look)
    with open_office.open_books(settings, office_clock.now) as books:
        assert books.read(society.is_empty, None, actor=CLOCK)
    assert given == [(url, "an open secret")]


def test_a_password_in_the_address_is_refused(tmp_path: Path, office_clock: OfficeClock) -> None:
    settings = _pc(tmp_path, "FRONT-PC", "postgresql://sacco:secret@server/umoja")
    with (
        pytest.raises(InvalidInput, match="keyring"),
        open_office.open_books(settings, office_clock.now),
    ):
        pass
    assert "secret" not in repr(settings)


def test_the_address_stands_in_the_file_or_the_environment(tmp_path: Path) -> None:
    file = tmp_path / "sacco-desktop.toml"
    file.write_text('database_url = "postgresql://sacco@server/umoja"\n', encoding="utf-8")
    assert read_settings({}, data_dir=tmp_path).database_url == "postgresql://sacco@server/umoja"
    env = {"SACCO_DATABASE_URL": "postgresql://sacco@other/umoja"}
    assert read_settings(env, data_dir=tmp_path).database_url == "postgresql://sacco@other/umoja"
    file.unlink()
    assert read_settings({}, data_dir=tmp_path).database_url is None
