"""The operator's commands, with and without a running relay, and that two processes never open one
folder."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from callback_relay.command_line import run
from callback_relay.folder_lock import FolderInUse
from callback_relay.server import RelayServer
from callback_relay.settings import RelaySettings


class Terminal:
    """Runs a command and reads its JSON answer."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self._folder = folder
        self._capsys = capsys

    def __call__(self, *words: str, code: int = 0) -> dict[str, Any]:
        assert run([*words, "--data-dir", str(self._folder), "--json"]) == code
        captured = self._capsys.readouterr()
        answer: dict[str, Any] = json.loads(captured.err if code else captured.out)
        return answer


@pytest.fixture
def terminal(practice: RelaySettings, capsys: pytest.CaptureFixture[str]) -> Terminal:
    """A command line over the test's folder."""
    return Terminal(practice.data_dir, capsys)


def _work_through(terminal: Terminal, tmp_path: Path) -> None:
    added = terminal("tenant", "add", "Umoja SACCO")
    assert len(added["code"]) == 19
    assert terminal("tenant", "list")["tenants"][0]["label"] == "Umoja SACCO"
    assert terminal("pair", "new", "Umoja SACCO")["code"] != added["code"]
    assert terminal("token", "list", added["tenant"]) == {"tokens": []}
    assert terminal("stats", "--tenant", "Umoja SACCO")["epoch"] == 1
    assert terminal("verify")["tenants"] == 1
    copy = tmp_path / "copy.db"
    assert terminal("backup", str(copy))["tenants"] == 1
    assert terminal("verify", str(copy))["tenants"] == 1
    for wrong in (
        ("tenant", "add", "Umoja SACCO"),
        ("pair", "new", "Nobody"),
        ("backup", str(copy)),
        ("device", "revoke", "d_nobody"),
    ):
        assert terminal(*wrong, code=1)["error"]


def test_commands_over_a_folder_at_rest(terminal: Terminal, tmp_path: Path) -> None:
    _work_through(terminal, tmp_path)


def test_commands_go_to_the_running_relay(
    terminal: Terminal, tmp_path: Path, server: RelayServer
) -> None:
    _work_through(terminal, tmp_path)
    assert len(server.desk.list_tenants()["tenants"]) == 1
    assert "running" in terminal("restore", str(tmp_path / "copy.db"), code=1)["error"]


def test_the_doctor_looks_at_the_machine(
    terminal: Terminal, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["doctor", "--data-dir", str(terminal._folder), "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert found["checks"]["keys are private"]
    assert not found["checks"]["callback address is public"]


def test_a_second_relay_over_the_same_folder_is_refused(
    practice: RelaySettings, server: RelayServer
) -> None:
    with pytest.raises(FolderInUse):
        RelayServer(practice).start()


def test_practice_and_a_proxy_do_not_go_together(terminal: Terminal) -> None:
    words = ("serve", "--practice", "--trusted-proxy", "127.0.0.1")
    assert "proxy" in terminal(*words, code=1)["error"]


def test_serve_says_where_and_ends_quickly_on_a_signal(practice: RelaySettings) -> None:
    words = ["serve", "--practice", "--port", "0", "--data-dir", str(practice.data_dir)]
    process = subprocess.Popen(
        [sys.executable, "-m", "callback_relay", *words],
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        url = json.loads(process.stdout.readline())["api_url"]
        assert httpx.get(url + "/.well-known/callback-relay").json()["relay"] == "practice.relay"
        process.terminate()
        _, logged = process.communicate(timeout=5)
    finally:
        process.kill()
        process.wait()
    assert process.returncode == 0
    assert all(json.loads(line)["level"] == "info" for line in logged.splitlines())
    # A clean end leaves one plain file behind, without a log beside it.
    assert not practice.database_file.with_name("relay.db-wal").exists()
