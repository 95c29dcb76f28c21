"""Names are the office's words, one word an idea; a file's name says what is in it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.house import PRODUCT, ROOT, python_files

# Names that say nothing about what is inside, so that anything ends up there.
EMPTY_NAMES = {
    "util", "utils", "helper", "helpers", "common", "core", "manager", "managers", "base",
    "misc", "shared", "stuff", "lib", "handler", "handlers",
}  # fmt: skip
EMPTY_CLASS_NAMES = re.compile(r"(Manager|Helper|Utils?|Controller|Repository|Mixin|Base)$|^Base")

# A word that the field does not use, and the word of the glossary that it does use.
WORDS = {
    "customer": "member",
    "customers": "members",
    "patron": "member",
    "installment": "instalment",
    "installments": "instalments",
    "disbursal": "payout",
    "profit": "surplus",
    "txn": "entry, or the name of what happened",
    "trx": "entry, or the name of what happened",
    "cust": "member",
    "amt": "amount",
}
# Safaricom speaks of customers and of a trxDate on its wire, so the files that speak to it or play it do as well.
SAFARICOM_SPEAKS = ("sacco_desktop/gateways/daraja", "sacco_desktop/demo", "callback_relay")
SAFARICOMS_WORDS = {"customer", "customers", "trx"}
# Savings are what members can withdraw, deposits what they leave, shares their stake: none is called by the name of
# another, as old forms do ("monthly savings" and "share deposits" are deposits).
CONFUSED = re.compile(
    r"\b(deposits? savings|savings deposits?|(non.withdrawable|monthly) savings"
    r"|shares? deposits?|deposits? shares|savings shares|shares? savings)\b"
)


def empty_names(root: Path) -> list[str]:
    """Files, folders and classes whose name would fit anything."""
    found = []
    for path, text in python_files(root, PRODUCT):
        found += [f"{path}: {part}" for part in path.with_suffix("").parts if part in EMPTY_NAMES]
        classes = [n.name for n in ast.walk(ast.parse(text)) if isinstance(n, ast.ClassDef)]
        found += [f"{path}: class {name}" for name in classes if EMPTY_CLASS_NAMES.search(name)]
    return found


def foreign_words(root: Path) -> list[str]:
    """Words in names, texts and docstrings for which the glossary has another one."""
    found = []
    for path, text in python_files(root, PRODUCT):
        may_say = SAFARICOMS_WORDS if path.as_posix().startswith(SAFARICOM_SPEAKS) else set()
        for line, written in _written(ast.parse(text)):
            found += [
                f"{path}:{line}: {found_words[0]}, deposits, savings and shares are three things"
                for found_words in CONFUSED.finditer(_apart(written).replace("_", " "))
            ]
            for word in re.findall(r"[a-z]+", _apart(written)):
                if word in WORDS and word not in may_say:
                    found.append(f"{path}:{line}: {word}, here we say {WORDS[word]}")
    return found


def _apart(written: str) -> str:
    """`OneName` and `one_name` as single small words."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", written).lower()


def _written(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name) | ast.arg(arg=name) | ast.Attribute(attr=name):
                yield node.lineno, name
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield node.lineno, name
            case ast.ClassDef(name=name):
                yield node.lineno, name
            case ast.Constant(value=str(text)):
                yield node.lineno, text
            case _:
                pass


def test_no_name_would_fit_anything() -> None:
    assert empty_names(ROOT) == []


def test_the_words_are_the_offices() -> None:
    assert foreign_words(ROOT) == []


def test_empty_names_are_reported(tmp_path: Path) -> None:
    folder = tmp_path / "sacco_desktop" / "common"
    folder.mkdir(parents=True)
    (folder / "utils.py").write_text("class LoanManager: ...\n", encoding="utf-8")
    assert empty_names(tmp_path) == [
        "sacco_desktop/common/utils.py: common",
        "sacco_desktop/common/utils.py: utils",
        "sacco_desktop/common/utils.py: class LoanManager",
    ]


def test_foreign_words_are_reported_in_names_and_texts(tmp_path: Path) -> None:
    for place in ("sacco_desktop", "sacco_desktop/gateways/daraja"):
        (tmp_path / place).mkdir(parents=True)
        (tmp_path / place / "loans.py").write_text(
            '"""A savings and credit co-operative."""\n'
            'def pay(customerPhone): return "an installment"\n'
            "savings_deposit = 1\nshareDeposits = 2\n",
            encoding="utf-8",
        )
    assert sorted(foreign_words(tmp_path)) == [
        "sacco_desktop/gateways/daraja/loans.py:2: installment, here we say instalment",
        "sacco_desktop/gateways/daraja/loans.py:3: savings deposit, deposits, savings and shares are three things",
        "sacco_desktop/gateways/daraja/loans.py:4: share deposits, deposits, savings and shares are three things",
        "sacco_desktop/loans.py:2: customer, here we say member",
        "sacco_desktop/loans.py:2: installment, here we say instalment",
        "sacco_desktop/loans.py:3: savings deposit, deposits, savings and shares are three things",
        "sacco_desktop/loans.py:4: share deposits, deposits, savings and shares are three things",
    ]
