"""A relay that was put back from an old copy: nobody is misled, everybody finds the last common
point and goes on."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from callback_relay import backups
from callback_relay.command_line import run
from callback_relay.protocol.chain import Position
from callback_relay.protocol.page import VerifiedPage
from callback_relay.server import RelayServer
from callback_relay.settings import RelaySettings
from sacco_desktop.gateways.relay.client import RelayClient
from sacco_desktop.gateways.relay.errors import Diverged
from tests.guards.log_records import ExpectLog
from tests.guards.office_clock import OfficeClock
from tests.relay.paired import Office, in_loop, office


async def _history(
    settings: RelaySettings, clock: OfficeClock, copy: Path
) -> tuple[Office, list[VerifiedPage]]:
    """Two callbacks, a copy, two more; all read by the desktop, one page each."""
    pages = []
    with RelayServer(settings) as server:
        async with office(server, clock.now) as one:
            place = one.start
            for number in range(4):
                if number == 2:
                    server.desk.backup(str(copy))
                clock.advance(minutes=1)
                await one.post(body=b"body %d" % number)
                pages.append(await one.client.fetch(place))
                place = pages[-1].next
    return one, pages


@asynccontextmanager
async def _back_at(server: RelayServer, one: Office, clock: OfficeClock) -> AsyncIterator[Office]:
    async with httpx.AsyncClient() as http:
        moved = replace(
            one.client.connection, api_url=server.api_url, callback_url=server.callback_url
        )
        yield Office(RelayClient(moved, http, clock.now), http, one.token)


async def _recover(again: Office, pages: list[VerifiedPage]) -> list[object]:
    """What a desktop does: fetch, hear that it diverged, locate, go on from the common point."""
    positions = [page.next for page in reversed(pages)]
    with pytest.raises(Diverged):
        await again.client.fetch(positions[0])
    common = await again.client.locate(positions, pages[-1].signed)
    assert common == pages[1].next
    page = await again.client.fetch(common)
    opening = page.entries[0]
    assert opening.system is not None
    assert opening.system["type"] == "epoch"
    assert opening.system["parent"] == str(common.cursor)
    assert opening.position.epoch > common.epoch
    await again.post(body=b"after the restore")
    [entry] = (await again.client.fetch(page.next)).entries
    assert entry.body == b"after the restore"
    return list(opening.system["window"])


@in_loop
async def test_restored_by_the_operator(
    practice: RelaySettings, office_clock: OfficeClock, tmp_path: Path, expect_log: ExpectLog
) -> None:
    expect_log("a new epoch 2 was opened in all feeds: restore")
    copy = tmp_path / "copy.db"
    one, pages = await _history(practice, office_clock, copy)
    assert run(["restore", str(copy), "--data-dir", str(practice.data_dir), "--json"]) == 0
    with RelayServer(practice) as server:
        async with _back_at(server, one, office_clock) as again:
            window = await _recover(again, pages)
            # The window begins with the last entry that was kept.
            assert window[0] == "2026-03-16T06:02:00.000Z"
            assert server.desk.verify()["tenants"] == 1


@in_loop
async def test_file_put_back_by_hand_is_noticed_at_the_start(
    practice: RelaySettings, office_clock: OfficeClock, tmp_path: Path, expect_log: ExpectLog
) -> None:
    expect_log("a new epoch 2 was opened in all feeds: rollback")
    copy = tmp_path / "copy.db"
    one, pages = await _history(practice, office_clock, copy)
    _put_back_by_hand(practice, copy)
    with RelayServer(practice) as server:
        async with _back_at(server, one, office_clock) as again:
            await _recover(again, pages)


@in_loop
async def test_a_desktop_proves_a_rollback_that_nobody_noticed(
    practice: RelaySettings, office_clock: OfficeClock, tmp_path: Path, expect_log: ExpectLog
) -> None:
    expect_log("a new epoch 2 was opened in all feeds: a device holds our signature")
    copy = tmp_path / "copy.db"
    one, pages = await _history(practice, office_clock, copy)
    _put_back_by_hand(practice, copy)
    practice.high_water_file.unlink()
    with RelayServer(practice) as server:
        async with _back_at(server, one, office_clock) as again:
            # The relay has already given the lost numbers to other entries.
            for _ in range(3):
                await again.post(body=b"under an old number")
            positions = [page.next for page in reversed(pages)]
            with pytest.raises(Diverged):
                await again.client.fetch(positions[0])
            assert await again.client.locate(positions) == pages[1].next
            assert (await again.client.status()).head.epoch == 1
            assert await again.client.locate(positions, pages[-1].signed) == pages[1].next
            assert (await again.client.status()).head.epoch == 2
            # The same proof again is explained by now.
            await again.client.locate(positions, pages[-1].signed)
            assert (await again.client.status()).head.epoch == 2
            bodies = [e.body for e in await again.read_all(pages[1].next) if e.kind == "stk"]
            assert bodies == [b"under an old number"] * 3


@in_loop
async def test_a_note_lost_with_the_restore_can_be_laid_down_again(
    practice: RelaySettings, office_clock: OfficeClock, tmp_path: Path, expect_log: ExpectLog
) -> None:
    expect_log("a new epoch 2")
    copy = tmp_path / "copy.db"
    with RelayServer(practice) as server:
        async with office(server, office_clock.now) as one:
            server.desk.backup(str(copy))
            first = await one.client.lay_down_note("ab" * 16, b"intent")
    _put_back_by_hand(practice, copy)
    with RelayServer(practice) as server:
        async with _back_at(server, one, office_clock) as again:
            assert await again.client.lay_down_note("ab" * 16, b"intent") != first
            assert await again.bodies("note") == [b"intent"]


def test_a_damaged_copy_is_not_put_back(
    practice: RelaySettings, office_clock: OfficeClock, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.db"
    with RelayServer(practice) as server:
        server.desk.add_tenant("Umoja")
        server.desk.backup(str(copy))
    torn = tmp_path / "torn.db"
    torn.write_bytes(copy.read_bytes()[:5000])
    before = practice.database_file.read_bytes()
    for bad in (torn, tmp_path / "missing.db"):
        with pytest.raises((backups.NotUsable, OSError)):
            backups.put_back(practice, bad, "old")
    assert practice.database_file.read_bytes() == before


@in_loop
async def test_a_changed_entry_is_found_and_named(
    practice: RelaySettings, office_clock: OfficeClock
) -> None:
    with RelayServer(practice) as server:
        async with office(server, office_clock.now) as one:
            await one.post(body=b"x")
            tenant = one.client.connection.tenant
    from callback_relay.database import open_for_writing

    connection = open_for_writing(practice.database_file)
    connection.execute("UPDATE entry SET box = zeroblob(length(box)) WHERE seq = 4")
    with pytest.raises(backups.NotUsable, match=f"chain of {tenant} breaks at entry 4"):
        backups.check(connection)
    connection.close()


def test_the_start_of_a_feed_is_the_same_everywhere() -> None:
    assert Position.start("t_a") != Position.start("t_b")


def _put_back_by_hand(settings: RelaySettings, copy: Path) -> None:
    for ending in ("-wal", "-shm"):
        settings.database_file.with_name(settings.database_file.name + ending).unlink(
            missing_ok=True
        )
    shutil.copyfile(copy, settings.database_file)
