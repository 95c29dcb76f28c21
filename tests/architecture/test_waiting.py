"""Tests wait for a condition, never for a length of time."""

import ast
from pathlib import Path

from tests.architecture.house import ROOT, TESTS, python_files

SLEEPERS = {"time.sleep", "sleep", "QTest.qWait", "QTest.qSleep", "qtbot.wait"}


def sleeps(root: Path) -> list[str]:
    """Each place in the tests that lets time pass instead of waiting for something."""
    return [
        f"{path}:{node.lineno}: {ast.unparse(node)}"
        for path, text in python_files(root, TESTS)
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in SLEEPERS
    ]


def test_no_test_sleeps() -> None:
    assert sleeps(ROOT) == []


def test_sleeping_is_reported(tmp_path: Path) -> None:
    (tmp_path / "tests").mkdir()
    planted = "import time\ntime.sleep(1)\nqtbot.wait(50)\nqtbot.waitUntil(lambda: True)\n"
    (tmp_path / "tests" / "test_x.py").write_text(planted, encoding="utf-8")
    assert sleeps(tmp_path) == [
        "tests/test_x.py:2: time.sleep(1)",
        "tests/test_x.py:3: qtbot.wait(50)",
    ]
