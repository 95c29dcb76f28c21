"""Every answer that Safaricom, or anybody else who posts to a callback address, can get."""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from callback_relay.protocol.messages import CALLBACK_KINDS
from callback_relay.server import RelayServer
from callback_relay.settings import SAFARICOM_SOURCES, Budgets, RelaySettings
from tests.guards.log_records import ExpectLog
from tests.guards.office_clock import OfficeClock
from tests.relay.paired import in_loop, office

ACCEPTED = b'{"ResultCode":0,"ResultDesc":"Accepted"}'
LIMIT = 64 * 1024


@contextmanager
def _writer_held(server: RelayServer) -> Iterator[None]:
    """Keep the writer busy, as a disk that hangs would."""
    started, release = threading.Event(), threading.Event()

    def hang(_feeds: object) -> None:
        started.set()
        release.wait()

    thread = threading.Thread(target=server.relay.change_now, args=(hang,))
    thread.start()
    started.wait()
    try:
        yield
    finally:
        release.set()
        thread.join()


@in_loop
async def test_any_body_of_every_kind_is_kept_as_it_came(
    server: RelayServer, office_clock: OfficeClock
) -> None:
    async with office(server, office_clock.now) as one:
        bodies = {kind: b"\xff\x00 {not json " + kind.encode() for kind in sorted(CALLBACK_KINDS)}
        for kind, body in bodies.items():
            answer = await one.post(kind, body)
            assert answer.status_code == 200
            if kind != "c2b-validate":
                assert answer.content == ACCEPTED
        entries = [entry for entry in await one.read_all() if entry.kind in bodies]
        kept = {entry.kind: entry.body for entry in entries}
        del bodies["c2b-validate"]
        assert kept == bodies
        assert all(entry.envelope.listed and entry.envelope.token == "tk_01" for entry in entries)


@in_loop
async def test_a_validation_is_accepted_at_once_and_not_kept(
    server: RelayServer, office_clock: OfficeClock
) -> None:
    async with office(server, office_clock.now) as one:
        answer = await one.post("c2b-validate")
        assert answer.json() == {"ResultCode": "0", "ResultDesc": "Accepted"}
        assert await one.bodies("c2b-validate") == []


@in_loop
async def test_the_tag_may_be_left_out(server: RelayServer, office_clock: OfficeClock) -> None:
    async with office(server, office_clock.now) as one:
        address = one.client.callback_address("c2b-confirm", one.token.token)
        assert (await one.http.post(address, content=b"x")).status_code == 200
        [entry] = [entry for entry in await one.read_all() if entry.kind == "c2b-confirm"]
        assert entry.tag is None


@in_loop
async def test_unknown_dead_and_malformed_addresses_look_the_same(
    server: RelayServer, office_clock: OfficeClock
) -> None:
    async with office(server, office_clock.now) as one:
        dead = await one.client.new_token("stk")
        await one.client.retire_token(dead.public_id)
        office_clock.advance(days=30, seconds=1)
        good = one.token.token
        paths = [
            f"/c/{'0' * 32}/stk",
            f"/c/{dead.token}/stk",
            f"/c/{good}/nothing",
            f"/c/{good}/note",
            f"/c/{good}/stk/",
            f"/c/{good}/stk/xyz",
            f"/c/{good}/stk/{'a' * 32}/more",
            f"/c/{good}",
            f"/c/{good.upper()}X/stk",
            "/c/",
            "/c/" + "9" * 3000,
        ]
        answers = set()
        for path in paths:
            answer = await one.http.post(server.callback_url + path, content=b"{}")
            headers = {k: v for k, v in answer.headers.items() if k != "date"}
            answers.add((answer.status_code, answer.content, tuple(sorted(headers.items()))))
        assert answers == {(404, b"", (("content-length", "0"),))}
        assert await one.bodies() == []


@in_loop
async def test_a_retired_token_still_takes_late_results_and_marks_them(
    server: RelayServer, office_clock: OfficeClock
) -> None:
    async with office(server, office_clock.now) as one:
        await one.client.retire_token(one.token.public_id)
        office_clock.advance(days=29)
        assert (await one.post(body=b"late")).status_code == 200
        [entry] = [entry for entry in await one.read_all() if entry.kind == "stk"]
        assert entry.envelope.retiring


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH"])
@in_loop
async def test_only_post_is_taken(
    server: RelayServer, office_clock: OfficeClock, method: str
) -> None:
    async with office(server, office_clock.now) as one:
        for token in (one.token.token, "0" * 32):
            address = one.client.callback_address("stk", token)
            answer = await one.http.request(method, address)
            assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


@in_loop
async def test_a_body_may_fill_the_limit_and_not_a_byte_more(
    server: RelayServer, office_clock: OfficeClock
) -> None:
    async with office(server, office_clock.now) as one:
        assert (await one.post(body=b"x" * LIMIT)).status_code == 200
        assert (await one.post(body=b"x" * (LIMIT + 1))).status_code == 413

        async def unannounced() -> AsyncIterator[bytes]:
            for _ in range(LIMIT // 1024 + 1):
                yield b"y" * 1024

        address = one.client.callback_address("stk", one.token.token)
        assert (await one.http.post(address, content=unannounced())).status_code == 413
        assert [len(body) for body in await one.bodies()] == [LIMIT]


@in_loop
async def test_an_unlisted_source_is_marked_and_has_a_budget(
    practice: RelaySettings, office_clock: OfficeClock
) -> None:
    budgets = Budgets(unlisted_per_token_minute=3, unlisted_per_address_minute=5)
    strict = replace(practice, sources=SAFARICOM_SOURCES, budgets=budgets)
    with RelayServer(strict) as server:
        async with office(server, office_clock.now) as one:
            seen = [(await one.post()).status_code for _ in range(4)]
            assert seen == [200, 200, 200, 429]
            entries = [entry for entry in await one.read_all() if entry.kind == "stk"]
            assert len(entries) == 3
            assert not any(entry.envelope.listed for entry in entries)
            one.token = await one.client.new_token("stk")
            seen = [(await one.post()).status_code for _ in range(3)]
            assert seen == [200, 200, 429]


@in_loop
async def test_a_listed_source_has_no_budget(
    server: RelayServer, office_clock: OfficeClock
) -> None:
    async with office(server, office_clock.now) as one:
        answers = await asyncio.gather(*(one.post() for _ in range(100)))
        assert {answer.status_code for answer in answers} == {200}


@in_loop
async def test_a_forged_forwarding_header_makes_nobody_listed(
    practice: RelaySettings, office_clock: OfficeClock
) -> None:
    with RelayServer(replace(practice, sources=SAFARICOM_SOURCES)) as server:
        async with office(server, office_clock.now) as one:
            address = one.client.callback_address("stk", one.token.token)
            forged = {"X-Forwarded-For": SAFARICOM_SOURCES[0]}
            assert (await one.http.post(address, headers=forged)).status_code == 200
            [entry] = [entry for entry in await one.read_all() if entry.kind == "stk"]
            assert (entry.envelope.listed, entry.envelope.source) == (False, "127.0.0.1")


@in_loop
async def test_a_trusted_proxy_names_the_source(
    practice: RelaySettings, office_clock: OfficeClock
) -> None:
    behind = replace(practice, sources=SAFARICOM_SOURCES, trusted_proxies=("127.0.0.1",))
    with RelayServer(behind) as server:
        async with office(server, office_clock.now) as one:
            address = one.client.callback_address("stk", one.token.token)
            # The client claims to be Safaricom; the proxy appends who really called.
            for chain, listed in (
                (SAFARICOM_SOURCES[0], True),
                (f"{SAFARICOM_SOURCES[0]}, 8.8.8.8", False),
            ):
                answer = await one.http.post(address, headers={"X-Forwarded-For": chain})
                assert answer.status_code == 200
                entry = [entry for entry in await one.read_all() if entry.kind == "stk"][-1]
                assert entry.envelope.listed is listed


@in_loop
async def test_what_is_not_on_the_disk_in_time_is_not_accepted(
    practice: RelaySettings, office_clock: OfficeClock
) -> None:
    with RelayServer(practice) as server:
        async with office(server, office_clock.now) as one:
            object.__setattr__(server.relay.settings, "commit_seconds", 0.05)
            with _writer_held(server):
                assert (await one.post(body=b"refused")).status_code == 503
            object.__setattr__(server.relay.settings, "commit_seconds", 5.0)
            assert (await one.post(body=b"taken")).status_code == 200
            assert await one.bodies() == [b"taken"]


@in_loop
async def test_a_failed_disk_ends_all_acceptance(
    practice: RelaySettings, office_clock: OfficeClock, expect_log: ExpectLog
) -> None:
    expect_log("the storage failed, the relay stops: OperationalError")
    with RelayServer(practice) as server:
        async with office(server, office_clock.now) as one:
            writer = server.relay.writer

            def fail() -> None:
                # The connection itself refuses, as it does when the disk does.
                writer._connection.execute("INSERT INTO no_such_table VALUES (1)")

            writer._commit = fail  # type: ignore[method-assign]
            assert (await one.post(body=b"lost")).status_code == 503
            assert server.wait(10)
    with RelayServer(practice) as again:
        one.client._transport._connection = replace(one.client.connection, api_url=again.api_url)
        async with httpx.AsyncClient() as http:
            one.client._transport._http = http
            assert await one.bodies() == []


def test_a_retired_token_dies_after_thirty_days(office_clock: OfficeClock) -> None:
    from callback_relay.directory import Token

    token = Token("t_x", "tk_01", "stk", office_clock.now())
    assert not token.is_dead(office_clock.now() + timedelta(days=30))
    assert token.is_dead(office_clock.now() + timedelta(days=30, seconds=1))
