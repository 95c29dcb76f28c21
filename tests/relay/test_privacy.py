"""Marked secrets go through the whole relay; afterwards none stands in clear in any file, log,
metric or backup."""

import base64
import logging
from pathlib import Path

import httpx
import pytest

from callback_relay.server import RelayServer
from callback_relay.settings import RelaySettings
from sacco_desktop.gateways.relay.errors import RelayRefused
from tests.guards.office_clock import OfficeClock
from tests.relay.paired import in_loop, office

PHONE, NAME = "254700999888", "WANJIKU-CANARY"
CREDENTIAL = "SecurityCredential-CANARY"
BODY = (
    f'{{"PhoneNumber":{PHONE},"FirstName":"{NAME}","SecurityCredential":"{CREDENTIAL}"}}'.encode()
)
NOTE = b"pay 254711222333 for CANARY-INTENT"
TAG = "cafe" * 8


@in_loop
async def test_no_marked_secret_is_left_in_clear(
    practice: RelaySettings,
    office_clock: OfficeClock,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    # The desktop's HTTP library writes addresses into its own log; this is about the relay's.
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.WARNING, "httpx")
    with RelayServer(practice) as server:
        async with office(server, office_clock.now) as one:
            await one.post(body=BODY, tag=TAG)
            unknown = f"{server.callback_url}/c/{one.token.token}/nothing/{TAG}"
            await one.http.post(unknown, content=BODY)
            await one.client.lay_down_note("ab" * 16, NOTE)
            with pytest.raises(RelayRefused):
                await one.client.retire_token("tk_77")
            server.desk.backup(str(tmp_path / "copy.db"))
            told = str(server.desk.stats()) + str(server.desk.list_tenants())
            async with httpx.AsyncClient() as http:
                told += (await http.get(server.admin_url + "/metrics")).text
            # The write-ahead log is only there while the relay runs.
            files = _everything_under(tmp_path)
            assert (await one.bodies())[0] == BODY
            code_key = one.client.connection.society.tag_key
            token = one.token.token
    files.update(_everything_under(tmp_path))
    assert any(name.endswith("-wal") for name in files)
    logged = "\n".join(
        r.getMessage() for r in caplog.records if not r.name.startswith(("httpcore", "httpx"))
    )
    places = {**files, "log": logged.encode(), "answers": told.encode()}
    for secret in (PHONE, NAME, CREDENTIAL, TAG, token, "CANARY-INTENT", code_key.hex()):
        for form in (secret.encode(), base64.b64encode(secret.encode())[:-4]):
            assert [name for name, data in places.items() if form in data] == []


@in_loop
async def test_keys_of_the_relay_are_in_no_backup_and_private(
    server: RelayServer, tmp_path: Path
) -> None:
    server.desk.add_tenant("Umoja")
    server.desk.backup(str(tmp_path / "copy.db"))
    data = (tmp_path / "copy.db").read_bytes()
    for key in server.settings.key_dir.glob("*.key"):
        assert key.read_bytes() not in data
        assert key.stat().st_mode & 0o077 == 0
    assert server.settings.admin_file.stat().st_mode & 0o077 == 0


def _everything_under(folder: Path) -> dict[str, bytes]:
    """All files but the relay's own keys."""
    return {
        str(path): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.suffix != ".key"
    }
