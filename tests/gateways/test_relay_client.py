"""The desktop's side of the relay over real HTTP: pairing, proofs, wrong clocks, outages and
impostors."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from callback_relay.protocol.encoding import Malformed, to_json
from callback_relay.protocol.pairing import new_pairing_code
from callback_relay.server import RelayServer
from callback_relay.settings import RelaySettings
from sacco_desktop.domain.errors import InvalidInput, OutsideUnavailable
from sacco_desktop.gateways.relay.client import SMALLEST_PAGE, RelayClient
from sacco_desktop.gateways.relay.connection import RelayConnection
from sacco_desktop.gateways.relay.errors import (
    FeedNotVerified,
    PairingRefused,
    RelayNotProven,
)
from sacco_desktop.gateways.relay.pairing import pair
from tests.guards.office_clock import OfficeClock
from tests.relay.paired import in_loop, office

Reply = Callable[[bytes], Awaitable[bytes]]


@pytest.fixture
def practice(tmp_path: Path, office_clock: OfficeClock) -> RelaySettings:
    """Settings of a practice relay in a folder of its own, with the test's clock."""
    return replace(RelaySettings.for_practice(tmp_path / "relay"), now=office_clock.now)


@asynccontextmanager
async def _between(reply: Reply) -> AsyncIterator[str]:
    """Somebody on the way who answers each request as `reply` says."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = 0
        for line in head.lower().split(b"\r\n"):
            if line.startswith(b"content-length:"):
                length = int(line.split(b":")[1])
        writer.write(await reply(head + await reader.readexactly(length)))
        await writer.drain()
        writer.close()

    listener = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        port = listener.sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}"
    finally:
        listener.close()
        await listener.wait_closed()


def _http(status: str, body: bytes, kind: str = "application/json", extra: str = "") -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n{extra}"
    return head.encode() + b"Connection: close\r\n\r\n" + body


def _passing_on(server: RelayServer, change: Callable[[dict[str, Any]], None]) -> Reply:
    """A proxy that opens TLS: it passes requests on and changes the answers."""

    async def reply(request: bytes) -> bytes:
        head, body = request.split(b"\r\n\r\n", 1)
        method, path, _ = head.split(b"\r\n")[0].decode().split(" ")
        headers = dict(line.decode().split(": ", 1) for line in head.split(b"\r\n")[1:])
        async with httpx.AsyncClient() as http:
            answer = await http.request(
                method, server.api_url + path, content=body, headers=headers
            )
        message = answer.json()
        change(message)
        return _http(f"{answer.status_code} X", to_json(message), answer.headers["content-type"])

    return reply


@in_loop
async def test_a_pairing_gives_a_connection_that_keeps_its_secrets(
    practice: RelaySettings, office_clock: OfficeClock
) -> None:
    with RelayServer(practice) as server:
        async with office(server, office_clock.now) as one:
            connection = one.client.connection
            assert connection.name == "practice.relay"
            assert RelayConnection.from_secret(connection.to_secret()) == connection
            secret = json.loads(connection.to_secret())
            for hidden in (secret["device_key"], secret["tag_key"], *secret["inbox"].values()):
                assert hidden not in repr(connection) + repr(one.client) + repr(one.token)
            for raw in (connection.device_key, connection.society.tag_key):
                assert repr(raw) not in repr(connection)
            assert one.token.token not in repr(one.token)
            # Windows keeps at most 1,280 letters for one secret.
            assert len(connection.to_secret()) < 1280
            for odd in ("", "{}", '{"v":2}'):
                with pytest.raises(Malformed):
                    RelayConnection.from_secret(odd)


@in_loop
async def test_a_code_works_once_and_only_if_it_is_right(
    practice: RelaySettings, office_clock: OfficeClock
) -> None:
    with RelayServer(practice) as server:
        now = office_clock.now
        code = server.desk.add_tenant("Umoja")["code"]
        wrong = code[:-1] + ("2" if code[-1] != "2" else "3")
        async with httpx.AsyncClient() as http:

            async def attempt(typed: str) -> RelayConnection:
                return await pair(server.api_url, typed, "pc", http=http, now=now)

            for typed in ("", "too short", code + "X"):
                with pytest.raises(InvalidInput):
                    await attempt(typed)
            for typed in (wrong, new_pairing_code()):
                with pytest.raises(PairingRefused):
                    await attempt(typed)
            await attempt(code.lower())
            with pytest.raises(PairingRefused):
                await attempt(code)
            tried = server.desk.new_pairing("Umoja")["code"]
            spoilt = tried[:-1] + ("2" if tried[-1] != "2" else "3")
            for _ in range(5):
                with pytest.raises(PairingRefused):
                    await attempt(spoilt)
            with pytest.raises(PairingRefused):
                await attempt(tried)
            late = server.desk.new_pairing("Umoja")["code"]
            office_clock.advance(hours=73)
            with pytest.raises(PairingRefused):
                await attempt(late)


@in_loop
async def test_a_lost_answer_to_the_pairing_is_fetched_again(
    practice: RelaySettings, office_clock: OfficeClock
) -> None:
    with RelayServer(practice) as server:
        lost = 0
        honest = _passing_on(server, lambda _message: None)

        async def losing(request: bytes) -> bytes:
            nonlocal lost
            answer = await honest(request)
            lost += 1
            return answer if lost == 3 else b""

        code = server.desk.add_tenant("Umoja")["code"]
        async with _between(losing) as url, httpx.AsyncClient() as http:
            connection = await pair(url, code, "pc", http=http, now=office_clock.now)
            direct = replace(connection, api_url=server.api_url)
            status = await RelayClient(direct, http, office_clock.now).status()
            assert len(status.details["devices"]) == 1


@in_loop
async def test_whoever_does_not_know_the_code_cannot_put_in_a_key(
    practice: RelaySettings, office_clock: OfficeClock
) -> None:
    def change(message: dict[str, Any]) -> None:
        message["payload"] = message["payload"][:40] + "AAAA" + message["payload"][44:]

    with RelayServer(practice) as server:
        code = server.desk.add_tenant("Umoja")["code"]
        async with _between(_passing_on(server, change)) as url, httpx.AsyncClient() as http:
            with pytest.raises(PairingRefused, match="does not know"):
                await pair(url, code, "pc", http=http, now=office_clock.now)


@in_loop
async def test_a_second_computer_brings_the_keys_of_the_first(
    practice: RelaySettings, office_clock: OfficeClock
) -> None:
    with RelayServer(practice) as server:
        async with office(server, office_clock.now) as one:
            await one.post(body=b"for both")
            code = server.desk.new_pairing("Umoja")["code"]
            keys = one.client.connection.society
            connection = await pair(
                server.api_url, code, "laptop", http=one.http, now=office_clock.now, society=keys
            )
            second = RelayClient(connection, one.http, office_clock.now)
            bodies = [entry.body for entry in (await second.fetch(one.start)).entries]
            assert b"for both" in bodies
            assert connection.device_id != one.client.connection.device_id


@in_loop
async def test_the_self_test_goes_out_and_comes_back(
    practice: RelaySettings, office_clock: OfficeClock
) -> None:
    with RelayServer(practice) as server:
        async with office(server, office_clock.now) as one:
            found = await one.client.self_test(one.token.token)
            assert found.was_listed
            assert 0 < found.accepted_seconds <= found.fetched_seconds < 5
            with pytest.raises(OutsideUnavailable, match="404"):
                await one.client.self_test("0" * 32)


@pytest.mark.parametrize("hours", [-30, 30])
@in_loop
async def test_a_wrong_clock_is_put_right_by_the_signed_time_of_the_relay(
    practice: RelaySettings, office_clock: OfficeClock, hours: int
) -> None:
    with RelayServer(practice) as server:
        async with office(server, office_clock.now) as one:
            off = timedelta(hours=hours)
            client = RelayClient(one.client.connection, one.http, lambda: office_clock.now() + off)
            assert (await client.fetch(one.start)).entries
            assert client.clock_offset == -off


@in_loop
async def test_an_unsigned_or_old_time_is_not_believed(
    practice: RelaySettings, office_clock: OfficeClock
) -> None:
    kept: list[dict[str, Any]] = []

    def play_back(message: dict[str, Any]) -> None:
        if "server_time" in message:
            kept.append(message["server_time"])
            message["server_time"] = kept[0]

    with RelayServer(practice) as server:
        async with (
            office(server, office_clock.now) as one,
            _between(_passing_on(server, play_back)) as url,
        ):

            def ahead() -> RelayClient:
                moved = replace(one.client.connection, api_url=url)
                return RelayClient(moved, one.http, lambda: office_clock.now() + timedelta(hours=2))

            await ahead().status()
            office_clock.advance(seconds=1)
            with pytest.raises(RelayNotProven):
                await ahead().status()
            kept[0] = {"text": kept[1]["text"], "sigs": []}
            with pytest.raises(RelayNotProven):
                await ahead().status()


@in_loop
async def test_what_somebody_changes_on_the_way_stops_the_feed(
    practice: RelaySettings, office_clock: OfficeClock
) -> None:
    def drop_one(message: dict[str, Any]) -> None:
        del message["entries"][0]

    with RelayServer(practice) as server:
        async with (
            office(server, office_clock.now) as one,
            _between(_passing_on(server, drop_one)) as url,
        ):
            moved = replace(one.client.connection, api_url=url)
            client = RelayClient(moved, one.http, office_clock.now)
            with pytest.raises(FeedNotVerified) as caught:
                await client.fetch(one.start)
            assert caught.value.sequence == 1
            assert caught.value.good == ()


@pytest.mark.parametrize(
    ("status", "extra", "seconds"),
    [
        ("503 Busy", "Retry-After: 7\r\n", 7),
        ("429 Slow", "Retry-After: 40\r\n", 40),
        ("500 Oh", "", 30),
        ("429 Slow", "Retry-After: soon\r\n", 30),
    ],
)
@in_loop
async def test_an_outage_says_when_to_try_again(
    practice: RelaySettings, office_clock: OfficeClock, status: str, extra: str, seconds: int
) -> None:
    async def reply(_request: bytes) -> bytes:
        return _http(status, b"{}", extra=extra)

    with RelayServer(practice) as server:
        async with office(server, office_clock.now) as one, _between(reply) as url:
            client = RelayClient(
                replace(one.client.connection, api_url=url), one.http, office_clock.now
            )
            with pytest.raises(OutsideUnavailable) as caught:
                await client.status()
            assert caught.value.service == "relay"
            assert caught.value.retry_at == office_clock.now() + timedelta(seconds=seconds)


@in_loop
async def test_whatever_is_not_the_relay_counts_as_an_outage(
    practice: RelaySettings, office_clock: OfficeClock
) -> None:
    answers = [
        _http("200 OK", b"<html>Please log in to the hotel</html>", "text/html"),
        _http("302 Found", b"", extra="Location: http://login.invalid/\r\n"),
        _http("200 OK", b"[]"),
        _http("200 OK", b'{"entries":7}'),
        b"",
        b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{",
    ]

    async def reply(_request: bytes) -> bytes:
        return answers[0]

    with RelayServer(practice) as server:
        async with office(server, office_clock.now) as one, _between(reply) as url:
            client = RelayClient(
                replace(one.client.connection, api_url=url), one.http, office_clock.now
            )
            while answers:
                with pytest.raises(OutsideUnavailable):
                    await client.fetch(one.start)
                answers.pop(0)
            assert client._page_bytes == SMALLEST_PAGE
            for nowhere in ("http://127.0.0.1:1", "http://relay.invalid"):
                away = replace(one.client.connection, api_url=nowhere)
                with pytest.raises(OutsideUnavailable):
                    await RelayClient(away, one.http, office_clock.now).fetch(one.start)


@in_loop
async def test_addresses_and_tags_are_made_for_one_request(
    practice: RelaySettings, office_clock: OfficeClock
) -> None:
    with RelayServer(practice) as server:
        async with office(server, office_clock.now) as one:
            tag = one.client.tag_for("stk", "i7")
            assert tag == one.client.tag_for("stk", "i7") != one.client.tag_for("stk", "i8")
            address = one.client.callback_address("stk", one.token.token, tag)
            assert address == f"{server.callback_url}/c/{one.token.token}/stk/{tag}"
            await one.http.post(address, content=b"answer")
            [entry] = [entry for entry in await one.read_all() if entry.tag == tag]
            assert entry.body == b"answer"
            with pytest.raises(ValueError, match="32 KiB"):
                await one.client.lay_down_note("ab" * 16, b"x" * 40_000)
