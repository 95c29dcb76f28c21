"""A file is one idea, and a function fits on a screen."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.architecture.house import PRODUCT, ROOT, TESTS, python_files


class Budget(NamedTuple):
    """Lines, except the last, which counts parameters."""

    of_file: int
    of_class: int
    of_function: int
    parameters: int


FOR_PRODUCT = Budget(of_file=400, of_class=250, of_function=50, parameters=6)
FOR_TESTS = Budget(of_file=600, of_class=250, of_function=80, parameters=8)

# A migration is a list of tables as they were one day; nobody may cut it up afterwards.
LISTS_OF_TABLES = "sacco_desktop/db/migrations/versions/"

Function = ast.FunctionDef | ast.AsyncFunctionDef


def too_big(root: Path, places: tuple[str, ...], budget: Budget) -> list[str]:
    """One sentence for each file, class or function that has outgrown its budget."""
    found: list[str] = []
    for path, text in python_files(root, places):
        if path.as_posix().startswith(LISTS_OF_TABLES):
            continue
        lines = len(text.splitlines())
        if lines > budget.of_file:
            found.append(f"{path} has {lines} lines, more than {budget.of_file}")
        found.extend(f"{path}: {fault}" for fault in _too_big_inside(text, budget))
    return found


def _too_big_inside(text: str, budget: Budget) -> Iterator[str]:
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.ClassDef | Function):
            continue
        lines = (node.end_lineno or node.lineno) - node.lineno + 1
        limit = budget.of_class if isinstance(node, ast.ClassDef) else budget.of_function
        if lines > limit:
            yield f"{node.name} has {lines} lines, more than {limit}"
        if isinstance(node, Function) and _parameters(node) > budget.parameters:
            yield f"{node.name} takes {_parameters(node)} parameters, over {budget.parameters}"


def _parameters(function: Function) -> int:
    names = [a.arg for a in (*function.args.posonlyargs, *function.args.args)]
    own = names[:1] in (["self"], ["cls"])
    return len(names) - own + len(function.args.kwonlyargs)


def test_the_program_and_the_relay_keep_the_budget() -> None:
    assert too_big(ROOT, PRODUCT, FOR_PRODUCT) == []


def test_the_tests_keep_theirs() -> None:
    assert too_big(ROOT, TESTS, FOR_TESTS) == []


def test_what_has_grown_too_big_is_named(tmp_path: Path) -> None:
    long_body = "    pass\n" * 50
    rest = "# line\n" * 350
    (tmp_path / "dev.py").write_text(
        f"def long():\n{long_body}"
        "class Wide:\n    def wide(self, a, b, c, *, d, e, f, g): ...\n"
        f"    def fits(self, a, b, c, *, d, e, f): ...\n{rest}",
        encoding="utf-8",
    )
    assert too_big(tmp_path, PRODUCT, FOR_PRODUCT) == [
        "dev.py has 404 lines, more than 400",
        "dev.py: long has 51 lines, more than 50",
        "dev.py: wide takes 7 parameters, over 6",
    ]
