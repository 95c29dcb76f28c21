"""Python and Qt fit together. PySide6 6.12 on Python 3.11 dies after some 500 emitted signals."""

import subprocess
import sys
import tomllib
from importlib.metadata import version

from packaging.requirements import Requirement

from tests.architecture.house import ROOT

EMIT_OFTEN = """
from PySide6.QtCore import QObject, Signal

class Bell(QObject):
    rung = Signal(bool)

heard = 0
def hear(loud):
    global heard
    heard += loud

bell = Bell()
bell.rung.connect(hear)
for _ in range(2_000):
    bell.rung.emit(True)
print(heard)
"""


def _qt_requirement() -> Requirement:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [Requirement(text) for text in project["dependencies"]]
    return next(one for one in wanted if one.name == "PySide6_Essentials")


def test_two_thousand_signals_are_survived() -> None:
    answer = subprocess.run(
        [sys.executable, "-c", EMIT_OFTEN], capture_output=True, text=True, check=False, timeout=60
    )
    assert (answer.returncode, answer.stdout.strip()) == (0, "2000"), answer.stderr


def test_the_pin_keeps_the_broken_version_out() -> None:
    allowed = _qt_requirement().specifier
    assert not allowed.contains("6.12.0")
    assert allowed.contains("6.11.3")


def test_what_is_installed_is_what_is_pinned_and_locked() -> None:
    installed = version("PySide6_Essentials")
    locked = (ROOT / "requirements-dev.txt").read_text(encoding="utf-8").lower()
    assert _qt_requirement().specifier.contains(installed)
    assert f"pyside6-essentials=={installed} " in locked


def test_assertions_are_on() -> None:
    assert sys.flags.optimize == 0, "the ledger's assertions guard money; never run with -O"
