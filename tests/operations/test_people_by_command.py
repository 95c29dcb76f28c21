"""Set-up and people by the command line: who may, what is asked blind, and nothing while a window is open."""

from __future__ import annotations

import getpass
from collections.abc import Callable
from pathlib import Path

import pytest

from sacco_desktop.__main__ import main
from sacco_desktop.operations.books_lock import hold_books
from sacco_desktop.settings import Settings, system_clock
from tests.operations.quick_secrets import weaken_passwords

SENTENCE = "a sentence for a test"
SET_UP = (
    "set-up", "--name", "Umoja", "--registration-number", "CS/1", "--postal-address", "Box 1",
    "--phone", "020", "--environment", "practice", "--administrator", "ruth", "--full-name", "Ruth",
)  # fmt: skip

Run = Callable[..., int]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database_url: str | None) -> Run:
    """Run a command on new books; the passwords are typed in this order."""
    weaken_passwords(monkeypatch)
    monkeypatch.setenv("SACCO_KEYRING", "file")
    if database_url:
        monkeypatch.setenv("SACCO_DATABASE_URL", database_url)
    monkeypatch.setenv("SACCO_PASSPHRASE", "a passphrase for a test")

    def command(*words: str, typed: tuple[str, ...] = ()) -> int:
        answers = iter(typed)
        monkeypatch.setattr(getpass, "getpass", lambda _prompt: next(answers))
        return main(["--data-dir", str(tmp_path / "office"), *words])

    return command


def add(username: str, by: str) -> tuple[str, ...]:
    return (
        "add-user", "--new-user", username, "--full-name", "Grace Wanjiru", "--username", by,
        "--role", "treasurer", "--role", "committee",
    )  # fmt: skip


def test_an_administrator_adds_people_and_nobody_else_does(
    run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*SET_UP, typed=(SENTENCE, SENTENCE)) == 0
    assert run(*add("grace", "ruth"), typed=(SENTENCE, SENTENCE, SENTENCE)) == 0
    assert run(*add("lucy", "grace"), typed=(SENTENCE, SENTENCE, SENTENCE)) == 1
    assert "You may not manage users" in capsys.readouterr().err
    assert run(*add("lucy", "ruth"), typed=("a wrong sentence",)) == 1
    assert "That password is not right" in capsys.readouterr().err
    assert run("verify") == 0


def test_a_set_up_that_fails_leaves_empty_books(run: Run) -> None:
    assert run(*SET_UP, typed=("short", "short")) == 1
    assert run(*SET_UP, typed=(SENTENCE, "another")) == 1
    assert run(*SET_UP, typed=(SENTENCE, SENTENCE)) == 0
    assert run(*SET_UP, typed=(SENTENCE, SENTENCE)) == 1


def test_nothing_is_written_while_a_window_has_the_books(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*SET_UP, typed=(SENTENCE, SENTENCE)) == 0
    with hold_books(Settings(tmp_path / "office", "OFFICE-PC"), system_clock, "the window"):
        assert run(*add("grace", "ruth"), typed=(SENTENCE, SENTENCE, SENTENCE)) == 1
        assert "the window on OFFICE-PC since" in capsys.readouterr().err
        assert run("run-jobs", "--once") == 1
        assert run("verify") == 0


def test_the_recovery_sheet_lets_somebody_in_who_is_locked_out(
    run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*SET_UP, typed=(SENTENCE, SENTENCE)) == 0
    assert run("recovery-key") == 0
    key = capsys.readouterr().out.splitlines()[-1]
    wrong = key.replace("A", "B") if "A" in key else key.replace(key[0], "A")
    new = "a sentence after the safe"
    let_in = ("let-in", "--username", "ruth")
    assert run(*let_in, typed=(wrong, new, new)) == 1
    assert "not the key of these books" in capsys.readouterr().err
    assert run(*let_in, typed=(key, new, new)) == 0
    assert "ruth signs in with the new password" in capsys.readouterr().out
    assert run(*add("grace", "ruth"), typed=(SENTENCE, SENTENCE, SENTENCE)) == 1
    assert run(*add("grace", "ruth"), typed=(new, SENTENCE, SENTENCE)) == 0
    assert run("verify") == 0


def test_from_the_second_person_who_can_agree_on_a_command_only_asks(
    run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*SET_UP, typed=(SENTENCE, SENTENCE)) == 0
    assert run(*add("grace", "ruth"), typed=(SENTENCE, SENTENCE, SENTENCE)) == 0
    assert run(*add("lucy", "ruth"), typed=(SENTENCE, SENTENCE, SENTENCE)) == 0
    assert "Grace Wanjiru can agree. Nothing has changed yet." in capsys.readouterr().out
