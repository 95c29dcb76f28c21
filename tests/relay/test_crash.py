"""Killed in the middle of its work, the relay has lost nothing that it ever accepted. And the test
can see it if it has."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import httpx

from callback_relay import backups
from callback_relay.protocol.tag import callback_path
from callback_relay.server import RelayServer
from callback_relay.settings import RelaySettings, utc_now
from sacco_desktop.gateways.relay.client import RelayClient
from tests.relay.paired import Office, in_loop, office

ROOT = Path(__file__).parents[2]
WORKERS = 16
ACKNOWLEDGED_BEFORE_KILL = 150


@contextmanager
def _process(folder: Path, variant: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    command = [sys.executable, "-m", "tests.relay.relay_process", str(folder), variant]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield process, json.loads(process.stdout.readline())["url"]
    finally:
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


async def _load_and_kill(folder: Path, variant: str, token: str, round_: int) -> set[bytes]:
    """Post from many sides at once until enough was accepted, kill, and return what was
    accepted."""
    accepted: set[bytes] = set()
    enough = asyncio.Event()
    with _process(folder, variant) as (process, url):

        async def post_on(worker: int, http: httpx.AsyncClient) -> None:
            number = 0
            while True:
                body = b"%d/%d/%d" % (round_, worker, number)
                answer = await http.post(url + callback_path("stk", token), content=body)
                if answer.status_code == 200:
                    accepted.add(body)
                number += 1
                if len(accepted) >= ACKNOWLEDGED_BEFORE_KILL:
                    enough.set()

        async with httpx.AsyncClient() as http:
            tasks = [asyncio.create_task(post_on(worker, http)) for worker in range(WORKERS)]
            await enough.wait()
            process.kill()
            results = await asyncio.gather(*tasks, return_exceptions=True)
    assert all(isinstance(result, httpx.TransportError) for result in results)
    return accepted


async def _campaign(folder: Path, variant: str, kills: int) -> tuple[set[bytes], set[bytes]]:
    """What was accepted over all kills, and what a desktop then reads, verified."""
    settings = RelaySettings.for_practice(folder)
    with RelayServer(settings) as server:
        async with office(server, utc_now) as one:
            connection, token = one.client.connection, one.token
    accepted: set[bytes] = set()
    for round_ in range(kills):
        accepted |= await _load_and_kill(folder, variant, token.token, round_)
    with RelayServer(settings) as server:
        assert isinstance(server.relay.read_now(backups.check), backups.Findings)
        async with httpx.AsyncClient() as http:
            client = RelayClient(replace(connection, api_url=server.api_url), http, utc_now)
            stored = set(await Office(client, http, token).bodies())
    return accepted, stored


@in_loop
async def test_killed_under_load_nothing_accepted_is_missing(tmp_path: Path) -> None:
    accepted, stored = await _campaign(tmp_path / "relay", "honest", 3)
    assert len(accepted) >= 3 * ACKNOWLEDGED_BEFORE_KILL
    assert accepted <= stored


@in_loop
async def test_the_crash_test_sees_a_relay_that_answers_too_early(tmp_path: Path) -> None:
    accepted, stored = await _campaign(tmp_path / "relay", "too-early", 1)
    assert accepted - stored
