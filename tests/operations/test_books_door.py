"""What opens the books: one program at a time, the passphrase, and the key from the recovery sheet."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from sacco_desktop.domain.errors import BooksInUse, InvalidInput
from sacco_desktop.operations import books_door, open_office
from sacco_desktop.operations.books_door import Door
from sacco_desktop.operations.books_lock import hold_books
from sacco_desktop.services.books.work import CLOCK
from sacco_desktop.services.office import society
from sacco_desktop.settings import Settings
from tests.guards.office_clock import OfficeClock
from tests.operations.quick_secrets import weaken_passwords

pytestmark = pytest.mark.only_on("sqlite", "test_shared_books.py opens the door of a server")

PASSPHRASE = "correct horse battery"
HOLD_AND_WAIT = """
import sys
from pathlib import Path
from sacco_desktop.operations.books_lock import hold_books
from sacco_desktop.settings import Settings, system_clock
with hold_books(Settings(Path(sys.argv[1]), "FRONTDESK-PC", "file"), system_clock, "the window"):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    weaken_passwords(monkeypatch)
    return Settings(tmp_path / "office", "OFFICE-PC", "file")


def begin(settings: Settings, clock: OfficeClock) -> Settings:
    """Make new books; the settings that open them."""
    opening = books_door.with_new_passphrase(settings, PASSPHRASE, PASSPHRASE)
    with open_office.open_books(opening, clock.now, doing="set-up") as books:
        assert books.read(society.is_empty, None, actor=CLOCK)
    return opening


def test_a_second_start_is_told_where_and_since_when(
    settings: Settings, office_clock: OfficeClock
) -> None:
    with hold_books(settings, office_clock.now, "the window"):
        office_clock.advance(hours=1)
        with pytest.raises(BooksInUse) as refusal, hold_books(settings, office_clock.now, "x"):
            pass
    assert refusal.value.message.startswith(
        "These books are open already: the window on OFFICE-PC since 16 Mar 2026 09:00."
    )
    with hold_books(settings, office_clock.now, "the window again"):
        pass


def test_a_second_start_is_told_whom_to_ask(settings: Settings, office_clock: OfficeClock) -> None:
    with hold_books(settings, office_clock.now, "the window") as held:
        held.name_person("Peter Kamau")
        with pytest.raises(BooksInUse) as refusal, hold_books(settings, office_clock.now, "x"):
            pass
        assert refusal.value.message == (
            "Peter Kamau has these books open on OFFICE-PC since 16 Mar 2026 09:00. Only one program works on them at a"
            " time. Ask Peter Kamau to close Sacco Desktop there, or go on there. Nothing was changed."
            " Several computers at once need books on a server."
        )
        held.name_person("")
        with (
            pytest.raises(BooksInUse, match="already: the window on OFFICE-PC"),
            hold_books(settings, office_clock.now, "x"),
        ):
            pass


def test_a_killed_program_lets_the_books_go(settings: Settings, office_clock: OfficeClock) -> None:
    command = [sys.executable, "-c", HOLD_AND_WAIT, str(settings.data_dir)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with (
            pytest.raises(BooksInUse, match="FRONTDESK-PC"),
            hold_books(settings, office_clock.now, "x"),
        ):
            pass
        os.kill(other.pid, signal.SIGKILL)
        other.wait(10)
    with hold_books(settings, office_clock.now, "the window"):
        pass


def test_a_note_that_cannot_be_read_still_refuses(
    settings: Settings, office_clock: OfficeClock
) -> None:
    with hold_books(settings, office_clock.now, "the window"):
        (settings.data_dir / "books.lock").write_text('{"pc": "X", "at": 5}')
        with (
            pytest.raises(BooksInUse, match="already: another program"),
            hold_books(settings, office_clock.now, "x"),
        ):
            pass


def test_who_only_looks_works_beside_the_window_and_who_writes_does_not(
    settings: Settings, office_clock: OfficeClock
) -> None:
    opening = begin(settings, office_clock)
    with open_office.open_office(opening, office_clock.now):
        with open_office.open_books(opening, office_clock.now) as books:
            assert books.read(society.is_empty, None, actor=CLOCK)
        with (
            pytest.raises(BooksInUse),
            open_office.open_books(opening, office_clock.now, doing="set-up"),
        ):
            pass
        with pytest.raises(BooksInUse), open_office.open_office(opening, office_clock.now):
            pass


def test_the_door_of_new_of_sealed_and_of_keyless_books(
    settings: Settings, office_clock: OfficeClock
) -> None:
    doors = [books_door.door(settings)]
    opening = begin(settings, office_clock)
    doors += [books_door.door(settings), books_door.door(opening)]
    settings.secrets_path.unlink()
    doors.append(books_door.door(settings))
    assert doors == [Door.NEW, Door.SEALED, Door.OPEN, Door.KEYLESS]


def test_new_passphrases_are_long_and_typed_alike(settings: Settings) -> None:
    with pytest.raises(InvalidInput, match="at least 12") as short:
        books_door.with_new_passphrase(settings, "eleven char", "eleven char")
    with pytest.raises(InvalidInput, match="differ") as unlike:
        books_door.with_new_passphrase(settings, PASSPHRASE, PASSPHRASE + "s")
    assert (short.value.field, unlike.value.field) == ("passphrase", "again")


def test_a_wrong_passphrase_stands_under_its_field(
    settings: Settings, office_clock: OfficeClock
) -> None:
    begin(settings, office_clock)
    with pytest.raises(InvalidInput, match="does not open the secrets") as wrong:
        books_door.with_passphrase(settings, "a wrong passphrase")
    assert wrong.value.field == "passphrase"
    assert books_door.with_passphrase(settings, PASSPHRASE).passphrase == PASSPHRASE


def test_the_recovery_key_opens_the_books_under_a_new_passphrase(
    settings: Settings, office_clock: OfficeClock
) -> None:
    opening = begin(settings, office_clock)
    store = open_office.open_secrets(opening)
    store.write("mpesa/practice", "kept")
    words = open_office.recovery_words(open_office.books_key(opening, store))
    sealed = settings.secrets_path.read_bytes()

    anew = books_door.with_new_passphrase(settings, "another passphrase", "another passphrase")
    wrong = words[:-1] + ("0" if words[-1] != "0" else "1")
    for typed in (wrong, "AAAA", "not a key", ""):
        with pytest.raises(InvalidInput) as refusal:
            books_door.enter_recovery_key(anew, typed, office_clock.now)
        assert refusal.value.field == "words"
    assert settings.secrets_path.read_bytes() == sealed

    books_door.enter_recovery_key(anew, words.lower().replace(" ", "-"), office_clock.now)
    with open_office.open_books(anew, office_clock.now) as books:
        assert books.read(society.is_empty, None, actor=CLOCK)
    assert open_office.open_secrets(anew).read("mpesa/practice") is None
    (aside,) = settings.data_dir.glob("secrets-*.sealed")
    assert aside.read_bytes() == sealed


def test_a_key_without_books_makes_no_empty_ones(
    settings: Settings, office_clock: OfficeClock
) -> None:
    anew = books_door.with_new_passphrase(settings, PASSPHRASE, PASSPHRASE)
    with pytest.raises(InvalidInput, match="There are no books"):
        books_door.enter_recovery_key(anew, "00" * 32, office_clock.now)
    assert not settings.books_path.exists()
