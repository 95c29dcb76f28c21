"""Reading the feed: long polls, page sizes, restarts, acknowledging, notes, and whatever a broken
client may ask."""

import asyncio
import time
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from callback_relay.server import RelayServer
from callback_relay.settings import RelaySettings, utc_now
from sacco_desktop.gateways.relay.client import RelayClient
from sacco_desktop.gateways.relay.errors import Diverged, NoteReused, RelayRefused
from tests.guards.office_clock import OfficeClock
from tests.relay.paired import Office, in_loop, office


async def _waiting(server: RelayServer, count: int = 1) -> None:
    """Until that many polls wait at the relay."""
    async with asyncio.timeout(5):
        while len(server.relay.waiting) < count:
            await asyncio.sleep(0)


@in_loop
async def test_a_waiting_poll_wakes_when_a_callback_comes(
    server: RelayServer, office_clock: OfficeClock
) -> None:
    async with office(server, office_clock.now) as one:
        place = (await one.client.fetch(one.start)).next
        poll = asyncio.create_task(one.client.fetch(place, wait_seconds=25))
        await _waiting(server)
        began = time.monotonic()
        await one.post(body=b"awaited")
        page = await poll
        assert time.monotonic() - began < 2
        assert [entry.body for entry in page.entries] == [b"awaited"]


@in_loop
async def test_a_poll_is_not_woken_by_another_society(
    server: RelayServer, office_clock: OfficeClock
) -> None:
    async with (
        office(server, office_clock.now, "Umoja") as one,
        office(server, office_clock.now, "Jirani") as other,
    ):
        place = (await one.client.fetch(one.start)).next
        poll = asyncio.create_task(one.client.fetch(place, wait_seconds=1))
        await _waiting(server)
        await other.post(body=b"theirs")
        page = await poll
        assert (page.entries, page.next) == ((), place)
        assert page.checkpoint.time == office_clock.now()


@in_loop
async def test_a_third_poll_of_a_device_sends_the_oldest_home(
    server: RelayServer, office_clock: OfficeClock
) -> None:
    async with office(server, office_clock.now) as one:
        place = (await one.client.fetch(one.start)).next
        polls = []
        for count in (1, 2):
            polls.append(asyncio.create_task(one.client.fetch(place, wait_seconds=25)))
            await _waiting(server, count)
        polls.append(asyncio.create_task(one.client.fetch(place, wait_seconds=25)))
        assert (await asyncio.wait_for(polls[0], 5)).entries == ()
        await one.post(body=b"for all")
        pages = await asyncio.gather(*polls[1:])
        assert all(page.entries[0].body == b"for all" for page in pages)


@in_loop
async def test_the_relay_stops_quickly_under_a_waiting_poll(
    practice: RelaySettings, office_clock: OfficeClock
) -> None:
    server = RelayServer(practice).start()
    async with office(server, office_clock.now) as one:
        place = (await one.client.fetch(one.start)).next
        poll = asyncio.create_task(one.client.fetch(place, wait_seconds=25))
        await _waiting(server)
        began = time.monotonic()
        await asyncio.to_thread(server.stop)
        assert time.monotonic() - began < 1
        assert (await poll).entries == ()


@in_loop
async def test_pages_follow_limit_and_size(server: RelayServer, office_clock: OfficeClock) -> None:
    async with office(server, office_clock.now) as one:
        after = (await one.client.fetch(one.start)).next
        for number in range(7):
            await one.post(body=b"%d" % number * 3000)
        page = await one.client.fetch(after, limit=3)
        assert (len(page.entries), page.more) == (3, True)
        small = await one.client.fetch(page.next, max_bytes=1)
        assert (len(small.entries), small.more) == (1, True)
        rest = await one.client.fetch(small.next)
        assert (len(rest.entries), rest.more) == (3, False)


@in_loop
async def test_a_restart_keeps_everything(
    practice: RelaySettings, office_clock: OfficeClock
) -> None:
    with RelayServer(practice) as server:
        async with office(server, office_clock.now) as one:
            await one.post(body=b"before")
            place = (await one.client.fetch(one.start)).next
            connection = one.client.connection
            token, port = one.token, int(server.api_url.rsplit(":", 1)[1])
    same_door = RelaySettings.for_practice(practice.data_dir, port)
    with RelayServer(same_door):
        async with httpx.AsyncClient() as http:
            again = Office(RelayClient(connection, http, utc_now), http, token)
            assert (await again.client.fetch(place)).entries == ()
            await again.post(body=b"after")
            [entry] = (await again.client.fetch(place)).entries
            assert entry.body == b"after"
            assert entry.position.epoch == 1


@in_loop
async def test_acknowledging_only_goes_forward_and_is_checked(
    server: RelayServer, office_clock: OfficeClock
) -> None:
    async with office(server, office_clock.now) as one:
        first = (await one.client.fetch(one.start, limit=1)).next
        last = (await one.client.fetch(one.start)).next
        await one.client.acknowledge(last)
        await one.client.acknowledge(first)
        assert (await one.client.status()).details["devices"][0]["unread"] == 0
        from dataclasses import replace

        with pytest.raises(Diverged):
            await one.client.acknowledge(replace(last, chain_hash=b"x" * 32))


@in_loop
async def test_a_note_comes_back_once_verified_and_readable_only_here(
    server: RelayServer, office_clock: OfficeClock
) -> None:
    async with office(server, office_clock.now) as one:
        place = await one.client.lay_down_note("ab" * 16, b"pay 254700000001")
        assert await one.client.lay_down_note("ab" * 16, b"pay 254700000001") == place
        with pytest.raises(NoteReused):
            await one.client.lay_down_note("ab" * 16, b"pay 254700000002")
        notes = [entry for entry in await one.read_all() if entry.kind == "note"]
        assert [(note.tag, note.body) for note in notes] == [("ab" * 16, b"pay 254700000001")]
        assert notes[0].position.cursor == place


@in_loop
async def test_the_audit_log_is_in_the_feed(server: RelayServer, office_clock: OfficeClock) -> None:
    async with office(server, office_clock.now) as one:
        await one.client.retire_token(one.token.public_id)
        await one.client.retire_token(one.token.public_id)
        told = [entry.system for entry in await one.read_all() if entry.system]
        assert [message["type"] for message in told] == [
            "inbox-key",
            "device-added",
            "token-added",
            "token-retired",
        ]


@in_loop
async def test_bytes_that_make_no_sense_are_refused_and_change_nothing(
    server: RelayServer, office_clock: OfficeClock
) -> None:
    async with office(server, office_clock.now) as one:
        before = (await one.client.status()).head
        await _throw_garbage(one)
        await _throw_unsigned(one)
        assert (await one.client.status()).head == before


async def _throw_garbage(one: Office) -> None:
    from sacco_desktop.gateways.relay.transport import Call

    send = one.client._transport.send
    calls = [
        Call("GET", "/v1/feed", search)
        for search in ("", "after=", "after=c1.1.1", "after=" + "9" * 9000, "after=%00&limit=x")
    ]
    start = str(one.start.cursor)
    calls += [Call("GET", "/v1/feed", f"after={start}&limit={n}") for n in ("x", "-1", "1" * 20)]
    for path in ("/v1/locate", "/v1/tokens", "/v1/notes"):
        messages: tuple[dict[str, Any], ...] = (
            {},
            {"points": None, "purpose": 1, "id": []},
            {
                "points": [1],
                "purpose": "A B",
                "hash": "zz",
                "id": "x",
                "note": "*",
                "fingerprint": "",
            },
            {"points": [start] * 65, "purpose": "stk", "hash": "0" * 63, "id": "0" * 32},
        )
        for message in messages:
            calls.append(Call("POST", path, message=message))
    calls.append(Call("PUT", "/v1/cursor", message={"cursor": 7}))
    calls.append(Call("POST", "/v1/notes", message={"id": "x" * 300_000}))
    calls.append(Call("DELETE", "/v1/tokens/tk_99"))
    for call in calls:
        with pytest.raises(RelayRefused):
            await send(call)


async def _throw_unsigned(one: Office) -> None:
    base = one.client.connection.api_url
    paths = ("/v1/feed", "/v1/status", "/v1/cursor", "/v1/locate", "/v1/tokens", "/v1/notes")
    for path in paths:
        method = {"/v1/feed": "GET", "/v1/status": "GET", "/v1/cursor": "PUT"}.get(path, "POST")
        answer = await one.http.request(method, base + path, content=b"{")
        assert (answer.status_code, answer.json()["versions"]) == (400, ["1"])
        answer = await one.http.request(
            method, base + path, content=b"{", headers={"Relay-Version": "1"}
        )
        assert answer.status_code == 401
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["type"].endswith("/bad-signature")
    assert (await one.http.post(base + "/v1/pair", content=b"\xff")).status_code == 400
    assert (await one.http.get(base + "/anything")).status_code == 404


@settings(
    max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(path=st.text(st.characters(codec="latin-1", exclude_categories=["Cc"]), max_size=80))
def test_no_path_brings_the_relay_to_its_knees(server: RelayServer, path: str) -> None:
    with httpx.Client() as http:
        for prefix in ("/c/", "/v1/", "/"):
            answer = http.post(
                server.api_url + prefix + httpx.QueryParams({"p": path}).__str__()[2:]
            )
            assert answer.status_code in (400, 404, 405)


@in_loop
async def test_discovery_names_the_key_that_signs(
    server: RelayServer, office_clock: OfficeClock
) -> None:
    async with office(server, office_clock.now) as one:
        answer = await one.http.get(server.api_url + "/.well-known/callback-relay")
        assert answer.json()["versions"] == ["1"]
        assert {key["id"] for key in answer.json()["keys"]} == set(one.client.connection.relay_keys)
        assert answer.headers["cache-control"] == "no-store"


@in_loop
async def test_health_is_on_its_own_listener_only(
    server: RelayServer, office_clock: OfficeClock
) -> None:
    async with httpx.AsyncClient() as http:
        for path in ("/healthz", "/readyz", "/metrics"):
            assert (await http.get(server.admin_url + path)).status_code == 200
            assert (await http.get(server.api_url + path)).status_code == 404
        answer = await http.post(server.admin_url + "/admin/tenant-list", json={})
        assert answer.status_code == 401
