"""The repository works on any machine: it names no registry and no folder of one person's PC."""

import re
from pathlib import Path

import pytest

from tests.architecture.house import ROOT, text_files

# Put together from pieces, so that this file does not report itself.
REGISTRIES = re.compile(
    "|".join(
        (
            r"\bpy" + r"pi\.(org|python\.org)",
            "python" + "hosted",
            r"npm" + r"js\.(org|com)",
            r"\w+-docker" + r"\.pkg\.dev|python" + r"\.pkg\.dev",
            "artifact" + "ory|nexus" + "/repository",
            "--(extra-)?index" + "-url|--find" + "-links|index" + "_url",
        )
    )
)
MACHINE_PATHS = re.compile(
    r"(?<![\w.~$}>*])/("
    + "home|Users|root|work"
    + r")/[\w.]|\b[A-Z]:\\+"
    + r"Users\\|\.\./sha"
    + "red"
)
LOCKED = re.compile(
    r"^[A-Za-z0-9_.\-]+(\[[a-z,]+\])?==\S+( ; .+)? \\$|^    --hash=sha256:[0-9a-f]{64}( \\)?$"
)


def named_places(root: Path) -> list[str]:
    """Each line that names a registry or a folder of one machine."""
    return [
        f"{path}:{number}: {found.group()}"
        for path, text in text_files(root)
        for number, line in enumerate(text.splitlines(), 1)
        if (found := REGISTRIES.search(line) or MACHINE_PATHS.search(line))
    ]


def foreign_lines(lock_file: Path) -> list[str]:
    """Lines of a lock file that are neither a version nor a hash."""
    lines = lock_file.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if not LOCKED.match(line)]


def test_no_file_names_a_registry_or_a_folder_of_one_machine() -> None:
    assert named_places(ROOT) == []


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_lock_files_hold_versions_and_hashes_only(name: str) -> None:
    assert foreign_lines(ROOT / name) == []


def test_the_lock_for_developers_holds_the_versions_that_are_shipped() -> None:
    shipped, all_of_them = (
        {line for line in (ROOT / name).read_text(encoding="utf-8").splitlines() if "==" in line}
        for name in ("requirements.txt", "requirements-dev.txt")
    )
    versions = {line.split(" ")[0] for line in all_of_them}
    assert {line.split(" ")[0] for line in shipped} <= versions


def test_places_are_reported(tmp_path: Path) -> None:
    host = "py" + "pi.org"
    (tmp_path / "README.md").write_text(
        f"from {host}\nin /ho" + "me/ann/x\nC:\\Us" + "ers\\ann\nhttps://example.org/home/page\n",
        encoding="utf-8",
    )
    assert named_places(tmp_path) == [
        f"README.md:1: {host}",
        "README.md:2: /ho" + "me/a",
        "README.md:3: C:\\Us" + "ers\\",
    ]


def test_an_address_in_a_lock_file_is_reported(tmp_path: Path) -> None:
    lock_file = tmp_path / "requirements.txt"
    address = "--index" + "-url https://example.org/simple"
    lock_file.write_text(
        f"{address}\na==1 \\\n    --hash=sha256:{'0' * 64}\nb==2\n", encoding="utf-8"
    )
    assert foreign_lines(lock_file) == [address, "b==2"]
