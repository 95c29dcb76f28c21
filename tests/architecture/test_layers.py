"""Who may import whom. The contracts are data in pyproject.toml; each is broken once here."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.architecture.house import ROOT

LINT = "from importlinter.cli import lint_imports_command as lint; lint()"
LAYERS = (
    "commands", "demo", "ui", "operations", "gateways", "documents", "services", "db", "domain",
)  # fmt: skip

# Each contract with the line that breaks it, and the file that the line stands in.
BREACHES = {
    "Layers of the desktop program": ("sacco_desktop/domain/a.py", "import sacco_desktop.db.z"),
    "Qt stays in the window": ("sacco_desktop/operations/a.py", "import PySide6.QtCore"),
    "The window never names": ("sacco_desktop/ui/a.py", "import sqlalchemy"),
    "Services never reach the network": ("sacco_desktop/services/a.py", "import httpx"),
    "The rules of money need only Python": ("sacco_desktop/domain/a.py", "import argon2"),
    "The relay never imports the desktop": ("callback_relay/a.py", "import sacco_desktop.db.z"),
    "The desktop knows the relay": ("sacco_desktop/gateways/a.py", "import callback_relay.store"),
    "The contract of relay and desktop": ("callback_relay/protocol/a.py", "import starlette"),
    "Pages do not import each other": (
        "sacco_desktop/ui/pages/loans/page.py",
        "import sacco_desktop.ui.pages.payouts.page",
    ),
    "No import cycles": ("callback_relay/protocol/a.py", "import callback_relay.store"),
}


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """What import-linter says of the packages in this folder."""
    return subprocess.run(
        [sys.executable, "-c", LINT, "--no-cache", "--no-logo"],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def _small_house(folder: Path) -> None:
    """Empty packages of our names under our contracts."""
    (folder / "pyproject.toml").write_bytes((ROOT / "pyproject.toml").read_bytes())
    layers = [f"sacco_desktop/{layer}" for layer in LAYERS]
    pages = ["sacco_desktop/ui/pages", "sacco_desktop/ui/pages/loans"]
    pages.append("sacco_desktop/ui/pages/payouts")
    for package in ["sacco_desktop", *layers, *pages, "callback_relay", "callback_relay/protocol"]:
        (folder / package).mkdir()
        (folder / package / "__init__.py").touch()
    for module in (
        "sacco_desktop/__main__.py",
        "sacco_desktop/application.py",
        "sacco_desktop/settings.py",
        "sacco_desktop/db/z.py",
        "sacco_desktop/domain/a.py",
        "sacco_desktop/ui/pages/payouts/page.py",
        "callback_relay/store.py",
        "callback_relay/protocol/messages.py",
    ):
        (folder / module).touch()
    # What is allowed must stay allowed.
    contract = "import callback_relay.protocol.messages\n"
    (folder / "sacco_desktop/gateways/relay.py").write_text(contract)
    (folder / "callback_relay/store.py").write_text(contract)
    (folder / "sacco_desktop/demo/office.py").write_text("import callback_relay.store\n")
    (folder / "sacco_desktop/application.py").write_text("import PySide6.QtWidgets\n")


def test_every_contract_is_kept() -> None:
    answer = lint(ROOT)
    assert answer.returncode == 0, answer.stdout + answer.stderr


def test_a_house_in_order_passes(tmp_path: Path) -> None:
    _small_house(tmp_path)
    answer = lint(tmp_path)
    assert answer.returncode == 0, answer.stdout


@pytest.mark.parametrize("contract", BREACHES)
def test_a_contract_that_is_broken_is_named(contract: str, tmp_path: Path) -> None:
    _small_house(tmp_path)
    path, line = BREACHES[contract]
    (tmp_path / path).write_text(f"{line}\n", encoding="utf-8")
    said = lint(tmp_path).stdout.splitlines()
    assert [one for one in said if one.startswith(contract) and " BROKEN" in one], said


def test_every_contract_has_its_breach() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    names = [contract["name"] for contract in settings["tool"]["importlinter"]["contracts"]]
    unproved = [name for name in names if not name.startswith(tuple(BREACHES))]
    assert unproved == []


def test_a_new_folder_must_take_its_place(tmp_path: Path) -> None:
    _small_house(tmp_path)
    (tmp_path / "sacco_desktop" / "extras.py").touch()
    assert "extras" in lint(tmp_path).stdout
