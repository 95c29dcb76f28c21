"""Reads the house as text: which files there are. The checks beside this file judge them.

Every check takes the folder to look at, so that a test can plant a violation and see it reported.
"""

import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = ("sacco_desktop", "callback_relay", "dev.py")
TESTS = ("tests",)


def python_files(root: Path, places: Iterable[str]) -> Iterator[tuple[Path, str]]:
    """Each Python file below the places, as its path from the root, with its text."""
    for place in places:
        start = root / place
        for path in sorted(start.rglob("*.py")) if start.is_dir() else [start]:
            if path.is_file():
                yield path.relative_to(root), path.read_text(encoding="utf-8")


def text_files(root: Path) -> Iterator[tuple[Path, str]]:
    """Each text file that is, or would be, in the repository; pictures and fonts are left out."""
    for path in _kept_files(root):
        try:
            yield path.relative_to(root), path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


def _kept_files(root: Path) -> list[Path]:
    if not (root / ".git").exists():
        return sorted(path for path in root.rglob("*") if path.is_file())
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=root, capture_output=True, check=True, text=True).stdout
    paths = [root / name for name in listed.split("\0") if name]
    return sorted(path for path in paths if path.is_file())
