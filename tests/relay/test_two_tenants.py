"""Two societies on one relay: nothing of one can be reached, read or changed with what belongs to
the other."""

from dataclasses import replace

import pytest

from callback_relay.protocol.chain import Position
from callback_relay.server import RelayServer
from sacco_desktop.gateways.relay.client import RelayClient
from sacco_desktop.gateways.relay.errors import (
    Diverged,
    FeedNotVerified,
    RelayRefused,
    Revoked,
)
from tests.guards.office_clock import OfficeClock
from tests.relay.paired import Office, in_loop, office


@in_loop
async def test_no_id_of_one_society_works_for_the_other(
    server: RelayServer, office_clock: OfficeClock
) -> None:
    async with (
        office(server, office_clock.now, "Umoja") as one,
        office(server, office_clock.now, "Jirani") as other,
    ):
        await one.post(body=b"ours")
        head = (await one.client.status()).head
        await _positions_do_not_cross(one, other)
        await _tokens_do_not_cross(one, other)
        await _devices_do_not_cross(one, other)
        assert (await one.client.status()).head == head
        assert await one.bodies() == [b"ours"]
        assert await other.bodies() == []


async def _positions_do_not_cross(one: Office, other: Office) -> None:
    ours = (await one.client.fetch(one.start)).next
    for foreign in (ours, one.start):
        with pytest.raises(Diverged):
            await other.client.fetch(foreign)
        with pytest.raises(Diverged):
            await other.client.acknowledge(foreign)
    assert await other.client.locate([ours, one.start]) == other.start


async def _tokens_do_not_cross(one: Office, other: Office) -> None:
    extra = [await other.client.new_token("stk") for _ in range(2)]
    with pytest.raises(RelayRefused, match="not-found"):
        await one.client.retire_token(extra[-1].public_id)
    from callback_relay.protocol.tag import token_hash
    from sacco_desktop.gateways.relay.transport import Call

    # Even whoever knows another society's token cannot take it over.
    message = {"purpose": "stk", "hash": token_hash(one.token.token).hex()}
    with pytest.raises(RelayRefused, match="precondition"):
        await other.client._transport.send(Call("POST", "/v1/tokens", message=message))


async def _devices_do_not_cross(one: Office, other: Office) -> None:
    ours, theirs = one.client.connection, other.client.connection
    for stolen in (
        replace(theirs, device_id=ours.device_id),
        replace(theirs, device_id="d_nobody"),
        replace(ours, device_key=theirs.device_key),
    ):
        thief = RelayClient(stolen, other.http, one.client._now)
        for act in (
            thief.status(),
            thief.fetch(one.start),
            thief.new_token("stk"),
            thief.retire_token("tk_01"),
        ):
            with pytest.raises(Revoked):
                await act


@in_loop
async def test_an_entry_in_the_wrong_feed_does_not_open(
    server: RelayServer, office_clock: OfficeClock
) -> None:
    async with (
        office(server, office_clock.now, "Umoja") as one,
        office(server, office_clock.now, "Jirani") as other,
    ):
        misled = RelayClient(
            replace(one.client.connection, tenant=other.client.connection.tenant),
            one.http,
            office_clock.now,
        )
        with pytest.raises((FeedNotVerified, Diverged)):
            await misled.fetch(Position.start(other.client.connection.tenant))


@in_loop
async def test_a_revoked_device_gets_nothing_more(
    server: RelayServer, office_clock: OfficeClock
) -> None:
    async with office(server, office_clock.now) as one:
        server.desk.revoke_device(one.client.connection.device_id)
        for act in (one.client.status(), one.client.fetch(one.start)):
            with pytest.raises(Revoked, match="revoked"):
                await act
        assert (await one.post()).status_code == 200
