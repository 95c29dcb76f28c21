"""dev.py: it finds in no time that nothing changed, and passes arguments and codes on untouched."""

import json
import subprocess
import sys
import threading
from pathlib import Path

import pytest

import dev
from tests.architecture.house import ROOT

SHOW_YOUR_WORDS = """#!/bin/sh
for word; do echo "<$word>"; done
echo "qt=$QT_QPA_PLATFORM opt=$PYTHONOPTIMIZE"
exit 7
"""

needs_posix = pytest.mark.skipif(sys.platform == "win32", reason="the stand-in is a shell script")


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with a finished environment, whose Python is a script that shows its words."""
    for name in ("dev.py", "pyproject.toml", "requirements-dev.txt"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    monkeypatch.setattr(dev, "ROOT", tmp_path)
    monkeypatch.setattr(dev, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(dev, "STAMP", tmp_path / ".venv" / "dev-stamp.json")
    monkeypatch.setattr(dev, "LIBRARIES", tmp_path / "requirements-dev.txt")
    monkeypatch.setattr(dev, "PYTHON", str(tmp_path / ".venv" / "bin" / "python"))
    make_stand_in()
    dev.STAMP.write_text(json.dumps(dev.wanted_stamp()), encoding="utf-8")
    return tmp_path


def make_stand_in() -> None:
    """What `python -m venv` would make, as far as these tests look."""
    python = Path(dev.PYTHON)
    python.parent.mkdir(parents=True, exist_ok=True)
    python.write_text(SHOW_YOUR_WORDS, encoding="utf-8")
    python.chmod(0o755)


@pytest.fixture
def steps(scratch: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The steps that set-up takes, written down instead of taken."""
    taken: list[str] = []

    def note(command: list[str], otherwise: str) -> None:
        name = next(word for word in ("venv", "-r", "-e") if word in command)
        assert dev.STAMP.exists() is False, f"the stamp stood during {name}"
        if name == "venv":
            make_stand_in()
        taken.append(name)

    monkeypatch.setattr(dev, "must", note)
    return taken


def test_nothing_is_done_when_nothing_changed(steps: list[str]) -> None:
    dev.set_up()
    assert steps == []


def test_changed_locks_are_installed_into_the_environment_that_is_there(
    scratch: Path, steps: list[str]
) -> None:
    dev.LIBRARIES.write_text("changed", encoding="utf-8")
    dev.set_up()
    assert steps == ["-r", "-e"]
    dev.set_up()
    assert steps == ["-r", "-e"]


def test_a_changed_tool_setting_changes_nothing_but_a_changed_project_does(
    scratch: Path, steps: list[str]
) -> None:
    project = scratch / "pyproject.toml"
    text = project.read_text(encoding="utf-8")
    project.write_text(text.replace("line-length = 100", "line-length = 90"), encoding="utf-8")
    dev.set_up()
    assert steps == []
    project.write_text(text.replace('version = "', 'version = "9.'), encoding="utf-8")
    dev.set_up()
    assert steps == ["-e"]


@pytest.mark.parametrize(
    "damage", ["no stamp", "half a stamp", "no python", "moved", "older python"]
)
def test_an_unfinished_or_foreign_environment_is_made_anew(
    steps: list[str], damage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    stamp = dev.wanted_stamp()
    match damage:
        case "no stamp":
            dev.STAMP.unlink()
        case "half a stamp":
            dev.STAMP.write_text('{"folder": ', encoding="utf-8")
        case "no python":
            Path(dev.PYTHON).unlink()
        case "moved":
            dev.STAMP.write_text(json.dumps(stamp | {"folder": "elsewhere"}), encoding="utf-8")
        case "older python":
            dev.STAMP.write_text(json.dumps(stamp | {"python": "3.9"}), encoding="utf-8")
    dev.set_up()
    assert steps == ["venv", "-r", "-e"]
    assert dev.found_stamp() == stamp


def test_a_set_up_that_was_stopped_leaves_no_stamp(
    scratch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(command: list[str], otherwise: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(dev, "must", stop)
    dev.LIBRARIES.write_text("changed", encoding="utf-8")
    with pytest.raises(KeyboardInterrupt):
        dev.set_up()
    assert dev.found_stamp() == {}


def test_two_at_once_make_one_environment(steps: list[str]) -> None:
    dev.STAMP.unlink()
    both = [threading.Thread(target=dev.set_up) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join(20)
    assert steps == ["venv", "-r", "-e"]


@needs_posix
def test_words_and_exit_code_pass_untouched(scratch: Path) -> None:
    answer = subprocess.run(
        [sys.executable, "-O", "dev.py", "run", "pay", "--json", "--help", "two words", ""],
        cwd=scratch,
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": "/usr/bin:/bin", "PYTHONOPTIMIZE": "2"},
    )
    assert answer.stdout.splitlines() == [
        "<-m>", "<sacco_desktop>", "<pay>", "<--json>", "<--help>", "<two words>", "<>", "qt= opt=",
    ]  # fmt: skip
    assert (answer.returncode, answer.stderr) == (7, "")


@needs_posix
@pytest.mark.parametrize("display", ["", ":0"])
def test_the_demo_without_a_display_runs_the_tour_unseen(scratch: Path, display: str) -> None:
    given = ["--headless"] if display else []
    answer = subprocess.run(
        [sys.executable, "dev.py", "demo", *given, "--fast"],
        cwd=scratch,
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": "/usr/bin:/bin", "DISPLAY": display},
    )
    words = ["<-m>", "<sacco_desktop>", "<demo>", "<--headless>", "<--fast>"]
    assert answer.stdout.splitlines() == [*words, "qt=offscreen opt="]


def test_an_unknown_command_gets_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert dev.main(["dance"]) == 2
    assert "There is no command dance." in capsys.readouterr().err


def test_missing_system_packages_are_named_when_nobody_may_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(dev, "ON_LINUX", True)
    monkeypatch.setattr("shutil.which", lambda name: name)
    monkeypatch.setattr(dev, "words_for_root", lambda: None)
    with pytest.raises(dev.Trouble, match=r"sudo apt-get install -y .* libnowhere1$"):
        dev.need_libraries("libnowhere.so.1=libnowhere1", "Qt")


def test_a_missing_postgresql_is_fetched_before_the_tests(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(dev, "ON_LINUX", True)
    monkeypatch.setattr("shutil.which", lambda name: name)
    monkeypatch.setattr(dev, "set_up_for_qt", lambda: None)
    monkeypatch.setattr(dev, "is_found", lambda name: name != "initdb")
    monkeypatch.setattr(dev, "words_for_root", lambda: None)
    with pytest.raises(dev.Trouble, match=r"sudo apt-get install -y .* postgresql$"):
        dev.test([])


def test_every_failed_check_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(dev, "set_up", lambda: None)
    monkeypatch.setattr(dev, "passes", lambda name, _command: name == "layers")
    assert dev.check([]) == 1
    assert "3 of 4 checks failed: format, lint, types." in capsys.readouterr().err
