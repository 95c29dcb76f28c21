"""The PostgreSQL of the tests is a real one, runs as nobody special, and is never done without."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.house import ROOT
from tests.both_engines import ON_BOTH
from tests.engines import server

pytestmark = pytest.mark.only_on("postgresql", "this is about the server")

# A plugin that hides the programs of PostgreSQL from a run of the tests.
HIDING = """
import tests.postgresql_server

tests.postgresql_server.usual_places = list
"""
ONE_TEST = "tests/services/test_commands.py"


def test_it_is_postgresql_15_or_newer() -> None:
    row = server().administrator().execute("SHOW server_version_num").fetchone()
    assert row is not None
    assert int(row[0]) >= 150000


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="there is no /proc here")
def test_it_runs_as_a_user_without_rights() -> None:
    number = (server().folder / "data" / "postmaster.pid").read_text().split()[0]
    status = Path("/proc", number, "status").read_text().splitlines()
    users = next(line.split()[1:] for line in status if line.startswith("Uid:"))
    rights = next(line.split()[1] for line in status if line.startswith("CapEff:"))
    assert "0" not in users
    assert int(rights, 16) == 0


def test_without_its_programs_the_tests_fail_and_none_is_skipped(tmp_path: Path) -> None:
    """Which is what .ci/run passes on: it stops at the first command that fails."""
    (tmp_path / "hiding_postgresql.py").write_text(HIDING, encoding="utf-8")
    path = os.pathsep.join([str(tmp_path), str(ROOT)])
    command = [sys.executable, "-m", "pytest", "-p", "hiding_postgresql", "-x", "-q"]
    done = subprocess.run(
        [*command, "-k", "postgresql", ONE_TEST],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "These tests need PostgreSQL." in done.stdout
    assert "1 error" in done.stdout
    assert "skipped" not in done.stdout
    assert "passed" not in done.stdout


def test_the_folders_that_need_both_engines_run_on_both() -> None:
    assert {"db", "services", "operations", "journeys"} <= set(ON_BOTH)
    steps = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert steps.index("set -euo pipefail") < steps.index("python3 dev.py test")
