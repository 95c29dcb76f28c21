"""What the documents point to exists."""

import re
from pathlib import Path

import pytest

import dev
from tests.architecture.house import ROOT, text_files

LINK = re.compile(r"!?\[[^\]]*\]\(<?([^)\s>]+)")
COMMAND = re.compile(r"\bdev\.py ([a-z]+)")
TEST = re.compile(r"`(?:tests/)?([\w/]+\.py)::(test_\w+)`")
TWO_COMMANDS = ("python3 dev.py demo", "python3 dev.py test")


def documents(root: Path) -> list[tuple[Path, str]]:
    """Every Markdown file of the repository."""
    return [(path, text) for path, text in text_files(root) if path.suffix == ".md"]


def dead_links(root: Path) -> list[str]:
    """Relative links to files that are not there."""
    return [
        f"{path}: {target}"
        for path, text in documents(root)
        for target in LINK.findall(text)
        if not re.match(r"[a-z]+:|#", target)
        and not (root / path.parent / target.partition("#")[0]).exists()
    ]


def unknown_commands(root: Path) -> list[str]:
    """Commands of dev.py that a document names and dev.py does not have."""
    known = {command.__name__ for command in dev.COMMANDS} | {"help"}
    return [
        f"{path}: dev.py {name}"
        for path, text in documents(root)
        for name in COMMAND.findall(text)
        if name not in known
    ]


def lost_tests(root: Path) -> list[str]:
    """Tests that a document names and that are not there."""
    return [
        f"{path}: {file}::{name}"
        for path, text in documents(root)
        for file, name in TEST.findall(text)
        if not (root / "tests" / file).is_file()
        or f"def {name}(" not in (root / "tests" / file).read_text(encoding="utf-8")
    ]


def test_documents_name_only_tests_that_exist() -> None:
    assert lost_tests(ROOT) == []


def test_links_lead_somewhere() -> None:
    assert dead_links(ROOT) == []


def test_documents_name_only_commands_that_exist() -> None:
    assert unknown_commands(ROOT) == []


@pytest.mark.skipif(not (ROOT / "README.md").read_text(encoding="utf-8"), reason="not written yet")
@pytest.mark.parametrize("command", TWO_COMMANDS)
def test_the_readme_shows_the_two_commands_on_its_first_screen(command: str) -> None:
    first_screen = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()[:40]
    assert command in "\n".join(first_screen)


def test_dead_links_and_unknown_commands_are_reported(tmp_path: Path) -> None:
    (tmp_path / "here.md").write_text("[a](gone.md) [b](here.md#x) [c](https://x.org)", "utf-8")
    (tmp_path / "proof.md").write_text("`db/test_gone.py::test_it`", "utf-8")
    assert lost_tests(tmp_path) == ["proof.md: db/test_gone.py::test_it"]
    (tmp_path / "other.md").write_text("run `python3 dev.py dance` or `dev.py test`", "utf-8")
    assert dead_links(tmp_path) == ["here.md: gone.md"]
    assert unknown_commands(tmp_path) == ["other.md: dev.py dance"]
