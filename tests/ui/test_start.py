"""From a click on the icon to the sign-in: real files, a real lock, and everything that can keep the books shut."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCheckBox,
    QFileDialog,
    QLabel,
    QWidget,
)

from sacco_desktop import application
from sacco_desktop.domain.permissions import Role
from sacco_desktop.operations import books_door, open_office
from sacco_desktop.operations.books_lock import hold_books
from sacco_desktop.operations.copies import back_up_here, manifest_path
from sacco_desktop.services.books.work import CLOCK
from sacco_desktop.services.office import society, users
from sacco_desktop.services.office.users import NewUser
from sacco_desktop.services.people import first_run
from sacco_desktop.services.people.first_run import NewBooks
from sacco_desktop.settings import Settings, system_clock
from sacco_desktop.ui.main_window import MainWindow
from tests import make
from tests.operations.quick_secrets import weaken_passwords
from tests.ui.first_hands import Hands, close_window, hands, press, text_of, type_in

PASSPHRASE = "correct horse battery"
PASSWORD = "a long practice sentence"


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    weaken_passwords(monkeypatch)
    return Settings(tmp_path / "office", "OFFICE-PC", "file")


@pytest.fixture
def person(qapp: QApplication) -> Iterator[Hands]:
    with hands(qapp) as found:
        yield found
    qapp.setQuitOnLastWindowClosed(True)


def start(qapp: QApplication, settings: Settings) -> int:
    return application.run_in(qapp, settings, system_clock)


def books(settings: Settings) -> Settings:
    """Books that have begun, with one administrator."""
    opening = books_door.with_new_passphrase(settings, PASSPHRASE, PASSPHRASE)
    ruth = NewUser("ruth", "Ruth Njeri", frozenset({Role.ADMINISTRATOR}), PASSWORD)
    with open_office.open_books(opening, system_clock, doing="set-up") as found:
        found.write(first_run.begin, NewBooks(make.SOCIETY, ruth), actor=CLOCK)
    return opening


def is_empty(settings: Settings) -> bool:
    opening = books_door.with_passphrase(settings, PASSPHRASE)
    with open_office.open_books(opening, system_clock) as found:
        return found.read(society.is_empty, None, actor=CLOCK)


def new_passphrase(window: QWidget) -> None:
    type_in(window, passphrase=PASSPHRASE, again=PASSPHRASE)
    press(window, "ok")


def passphrase(window: QWidget) -> None:
    type_in(window, passphrase=PASSPHRASE)
    press(window, "ok")


def set_up_to_key(window: QWidget) -> None:
    """Fill in the first three steps, each after an empty try that must not go on."""
    press(window, "next")
    assert text_of(window, "name_error") == "Write the name of the society."
    type_in(window, name="Umoja Sacco", registration_number="CS/1234", phone="020 1")
    press(window, "next")
    press(window, "next")
    assert text_of(window, "world_error") == "Choose practice, sandbox or production."
    press(window, "world_practice")
    press(window, "next")
    type_in(window, full_name="Ruth Njeri", username="Ruth", password=PASSWORD, again="another")
    press(window, "next")
    assert text_of(window, "again_error") == "The two passwords differ. Type them again."
    type_in(window, again=PASSWORD)
    press(window, "next")
    assert text_of(window, "where") == "Step 4 of 5"


def key_to_end(window: QWidget) -> None:
    press(window, "next")
    assert "then tick this" in text_of(window, "key_error")
    tick = window.findChild(QCheckBox, "key_is_on_paper")
    assert tick is not None
    tick.setChecked(True)
    press(window, "next")
    press(window, "next")


def sign_in(window: QWidget) -> None:
    assert isinstance(window, MainWindow)
    assert not window.menus.bar.isVisible()
    window.sign_in_asked.emit("ruth", PASSWORD)


def test_new_books_begin_and_open_again(
    qapp: QApplication, settings: Settings, person: Hands
) -> None:
    groups: list[str] = []

    def read_key(window: QWidget) -> None:
        groups.extend(label.text() for label in window.findChildren(QLabel, "key_group"))
        key_to_end(window)

    person.when("new_passphrase_dialog", new_passphrase)
    person.when("set_up", set_up_to_key)
    person.when("set_up", read_key)
    person.when("main_window", sign_in)
    person.when("main_window", close_window, is_in)
    assert start(qapp, settings) == 0

    opening = books_door.with_passphrase(settings, PASSPHRASE)
    key = open_office.books_key(opening, open_office.open_secrets(opening))
    assert " ".join(groups) == open_office.recovery_words(key)
    with open_office.open_books(opening, system_clock) as found:
        (ruth,) = found.read(users.list_users, None, actor=CLOCK)
    assert (ruth.username, ruth.roles) == ("ruth", frozenset({Role.ADMINISTRATOR}))

    person.when("passphrase_dialog", wrong_then_right)
    person.when("main_window", sees_society)
    assert start(qapp, settings) == 0


def wrong_then_right(window: QWidget) -> None:
    type_in(window, passphrase="not this passphrase")
    press(window, "ok")
    assert text_of(window, "passphrase_error") == "That passphrase does not open the secrets."
    passphrase(window)


def is_in(window: QWidget) -> bool:
    return isinstance(window, MainWindow) and window.menus.bar.isVisible()


def sees_society(window: QWidget) -> None:
    assert window.windowTitle() == "Umoja Sacco – Sacco Desktop"
    close_window(window)


def test_finishing_later_leaves_nothing_half_made(
    qapp: QApplication, settings: Settings, person: Hands
) -> None:
    person.when("new_passphrase_dialog", new_passphrase)
    person.when("set_up", set_up_to_key)
    person.when("set_up", lambda window: press(window, "finish_later"))
    person.when("question", choose("Go on with the set-up"))
    person.when("set_up", shut)
    person.when("question", choose("Finish later"))
    assert start(qapp, settings) == 0
    assert is_empty(settings)
    person.when("passphrase_dialog", passphrase)
    person.when("set_up", lambda window: press(window, "finish_later"))
    person.when("question", choose("Finish later"))
    assert start(qapp, settings) == 0


def shut(window: QWidget) -> None:
    window.close()


def choose(words: str) -> Callable[[QWidget], None]:
    def act(box: QWidget) -> None:
        next(b for b in box.findChildren(QAbstractButton) if b.text() == words).click()

    return act


def test_a_short_passphrase_is_refused_under_its_field(
    qapp: QApplication, settings: Settings, person: Hands
) -> None:
    def too_short(window: QWidget) -> None:
        type_in(window, passphrase="short", again="short")
        press(window, "ok")
        assert "at least 12 characters" in text_of(window, "passphrase_error")
        press(window, "close")

    person.when("new_passphrase_dialog", too_short)
    assert start(qapp, settings) == 0
    assert not settings.secrets_path.exists()
    assert not settings.books_path.exists()


def test_a_lost_passphrase_is_replaced_by_the_recovery_key(
    qapp: QApplication, settings: Settings, person: Hands
) -> None:
    opening = books(settings)
    words = open_office.recovery_words(
        open_office.books_key(opening, open_office.open_secrets(opening))
    )

    def enter(window: QWidget) -> None:
        type_in(window, words="1234", passphrase="another passphrase", again="another passphrase")
        press(window, "ok")
        assert "16 groups" in text_of(window, "words_error")
        type_in(window, words=words.lower())
        press(window, "ok")

    person.when("passphrase_dialog", lambda window: press(window, "other"))
    person.when("recovery_key_dialog", enter)
    person.when("main_window", close_window)
    assert start(qapp, settings) == 0
    assert books_door.with_passphrase(settings, "another passphrase")


def test_a_second_start_is_refused_and_may_be_tried_again(
    qapp: QApplication, settings: Settings, person: Hands
) -> None:
    books(settings)
    first = ExitStack()
    first.enter_context(hold_books(settings, system_clock, "the window"))

    def read(window: QWidget) -> None:
        told = text_of(window, "start_text")
        assert told.startswith("These books are open already: the window on OFFICE-PC since ")
        first.close()
        press(window, "ok")

    person.when("start_trouble", read)
    person.when("passphrase_dialog", lambda window: press(window, "close"))
    assert start(qapp, settings) == 0


def damage(settings: Settings) -> None:
    settings.books_path.write_bytes(bytes(range(256)) * 64)


def put_in_clear(settings: Settings) -> None:
    settings.books_path.write_bytes(b"SQLite format 3\x00" + bytes(4096))


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (damage, "cannot be opened with this key, or the file is damaged"),
        (put_in_clear, "This file is not encrypted"),
    ],
)
def test_spoilt_books_are_a_sentence_with_a_next_step(
    qapp: QApplication,
    settings: Settings,
    person: Hands,
    spoil: Callable[[Settings], None],
    sentence: str,
) -> None:
    books(settings)
    spoil(settings)

    def read(window: QWidget) -> None:
        told = text_of(window, "start_text")
        assert sentence in told
        assert "ask support" in told
        press(window, "close")

    person.when("passphrase_dialog", passphrase)
    person.when("start_trouble", read)
    assert start(qapp, settings) == 1


def test_spoilt_books_are_replaced_by_a_copy_from_where_they_are_refused(
    qapp: QApplication, settings: Settings, person: Hands, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.db"
    back_up_here(books(settings), copy, system_clock)
    spoiling = bytearray(settings.books_path.read_bytes())
    spoiling[9000] ^= 1
    settings.books_path.write_bytes(bytes(spoiling))
    manifest, said = manifest_path(copy), manifest_path(copy).read_text(encoding="utf-8")
    manifest.write_text(said.replace('"sha256": "', '"sha256": "0'), encoding="utf-8")

    def choose(window: QWidget) -> None:
        press(window, "other")
        chooser = window.findChild(QFileDialog, "restore_chooser")
        assert chooser is not None
        chooser.fileSelected.emit(str(copy))
        chooser.close()

    def refused_then_restored(window: QWidget) -> None:
        assert "Restore a copy" in text_of(window, "start_text")
        choose(window)
        assert "is not the one that was made" in text_of(window, "told")
        manifest.write_text(said, encoding="utf-8")
        choose(window)
        assert text_of(window, "told").startswith("Restored: Umoja")
        press(window, "close")

    person.when("passphrase_dialog", passphrase)
    person.when("start_trouble", refused_then_restored)
    assert start(qapp, settings) == 1
    assert not is_empty(settings)


def test_a_folder_that_cannot_be_used_is_named(
    qapp: QApplication, settings: Settings, person: Hands
) -> None:
    settings.data_dir.write_text("a file in the way")

    def read(window: QWidget) -> None:
        assert str(settings.data_dir) in text_of(window, "start_text")
        press(window, "close")

    person.when("start_trouble", read)
    assert start(qapp, settings) == 1


@pytest.mark.expects_log("Reference [0-9A-F]{6}")
def test_a_bug_at_the_start_is_a_reference_and_no_traceback(
    qapp: QApplication,
    settings: Settings,
    person: Hands,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    books(settings)

    def broken(*_: object) -> bool:
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr(society, "is_empty", broken)

    def read(window: QWidget) -> None:
        assert "Nothing was saved" in text_of(window, "start_text")
        press(window, "close")

    person.when("passphrase_dialog", passphrase)
    person.when("start_trouble", read)
    assert start(qapp, settings) == 1
    assert capsys.readouterr().err == ""


def test_the_recovery_sheet_is_shown_before_anything_is_written(
    qapp: QApplication, settings: Settings, person: Hands
) -> None:
    def show_sheet(window: QWidget) -> None:
        set_up_to_key(window)
        press(window, "show_recovery_sheet")

    person.when("new_passphrase_dialog", new_passphrase)
    person.when("set_up", show_sheet)
    person.when("paper_view", shut)
    person.when("set_up", lambda window: press(window, "finish_later"))
    person.when("question", choose("Finish later"))
    assert start(qapp, settings) == 0
    assert is_empty(settings)
    assert not list(settings.data_dir.glob("**/*.pdf"))
