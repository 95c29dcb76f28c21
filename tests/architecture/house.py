"""Reads the house as text: which files there are. The checks beside this file judge them.

Every check takes the folder to look at, so that a test can plant a violation and see it reported.
"""

import os
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from fnmatch import fnmatch
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
    """What git would keep; where there is no git, what its list of ignored folders leaves."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    if shutil.which("git") and (root / ".git").exists():
        listed = subprocess.run(command, cwd=root, capture_output=True, check=True, text=True)
        paths = [root / name for name in listed.stdout.split("\0") if name]
    else:
        paths = list(_walk(root))
    return sorted(path for path in paths if path.is_file())


def _walk(root: Path) -> Iterator[Path]:
    ignore = root / ".gitignore"
    lines = ignore.read_text(encoding="utf-8").splitlines() if ignore.exists() else []
    patterns = [".git", *(line.rstrip("/") for line in lines)]
    for folder, folders, files in os.walk(root):
        folders[:] = [name for name in folders if not _matches(name, patterns)]
        yield from (Path(folder, name) for name in files if not _matches(name, patterns))


def _matches(name: str, patterns: list[str]) -> bool:
    return any(fnmatch(name, pattern) for pattern in patterns)
