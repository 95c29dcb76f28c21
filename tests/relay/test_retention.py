"""Old entries go when all have read them or when they are very old, and the chain stays checkable
from the new tail."""

import pytest

from callback_relay.server import RelayServer
from sacco_desktop.gateways.relay.errors import Pruned
from tests.guards.office_clock import OfficeClock
from tests.relay.paired import in_loop, office


@in_loop
async def test_what_all_have_read_goes_after_fourteen_days(
    server: RelayServer, office_clock: OfficeClock
) -> None:
    async with office(server, office_clock.now) as one:
        await one.post(body=b"old")
        place = (await one.client.fetch(one.start)).next
        await one.client.acknowledge(place)
        office_clock.advance(days=13)
        await one.post(body=b"young")
        assert server.desk.prune() == {"deleted": 0}
        office_clock.advance(days=1, seconds=1)
        assert server.desk.prune() == {"deleted": 4}
        assert [e.body for e in (await one.client.fetch(place)).entries] == [b"young"]
        with pytest.raises(Pruned) as caught:
            await one.client.fetch(one.start)
        assert caught.value.tail == place
        assert [e.body for e in await one.read_all(caught.value.tail)] == [b"young"]
        server.desk.verify()


@in_loop
async def test_what_nobody_read_stays_ninety_days(
    server: RelayServer, office_clock: OfficeClock
) -> None:
    async with office(server, office_clock.now) as one:
        await one.post(body=b"unread")
        office_clock.advance(days=89)
        assert server.desk.prune() == {"deleted": 0}
        office_clock.advance(days=1, seconds=1)
        assert server.desk.prune()["deleted"] == 4


@in_loop
async def test_a_device_away_for_a_month_holds_nothing_back(
    server: RelayServer, office_clock: OfficeClock
) -> None:
    async with office(server, office_clock.now) as one:
        from sacco_desktop.gateways.relay.client import RelayClient
        from sacco_desktop.gateways.relay.pairing import pair

        code = server.desk.new_pairing("Umoja")["code"]
        keys = one.client.connection.society
        second = RelayClient(
            await pair(
                server.api_url, code, "laptop", http=one.http, now=office_clock.now, society=keys
            ),
            one.http,
            office_clock.now,
        )
        place = (await second.fetch(one.start)).next
        office_clock.advance(days=15)
        await second.acknowledge(place)
        assert server.desk.prune() == {"deleted": 0}
        office_clock.advance(days=16)
        await second.acknowledge(place)
        assert server.desk.prune()["deleted"] > 0
