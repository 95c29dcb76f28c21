"""The clock sends the outbox through real gateways: each message once, wherever the program is stopped."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from sacco_desktop.demo.text_gateways import mail_server
from sacco_desktop.demo.text_gateways.mail_server import SimulatedMailServer
from sacco_desktop.demo.text_gateways.simulator import SimulatedGateways
from sacco_desktop.demo.text_gateways.world import ArmedFault
from sacco_desktop.domain.errors import InvalidInput, OutsideUnavailable
from sacco_desktop.domain.messages.states import Channel, MessageState
from sacco_desktop.gateways.messages.calls import CallTimes
from sacco_desktop.operations import send_messages
from sacco_desktop.operations.lanes import Lanes
from sacco_desktop.operations.office import Office
from sacco_desktop.services.membership import member_files
from sacco_desktop.services.membership.member_files import FileChange, Holder
from sacco_desktop.services.membership.members import MemberRow
from sacco_desktop.services.messages import message_list, message_stops
from sacco_desktop.services.messages.message_gateways import (
    AFRICAS_TALKING,
    SMTP,
    TWILIO,
    GatewayFacts,
)
from sacco_desktop.services.messages.message_stops import GoOn
from tests import make, make_messages
from tests.guards.office_clock import OfficeClock
from tests.make import PracticeOffice

S = MessageState
TIMES = CallTimes(2, 2)


class _Secrets:
    def __init__(self) -> None:
        self._kept: dict[str, str] = {}

    def read(self, name: str) -> str | None:
        return self._kept.get(name)

    def write(self, name: str, secret: str) -> None:
        self._kept[name] = secret


class _Stopped(BaseException):
    """The program was killed here."""


class _DyingOffice(Office):
    """Stops at the n-th transaction, before it or right after its commit."""

    at, after, done = 0, False, 0

    async def write(self, *given: Any, **named: Any) -> Any:
        self.done += 1
        if self.done == self.at and not self.after:
            raise _Stopped
        answer = await super().write(*given, **named)
        if self.done == self.at:
            raise _Stopped
        return answer


@contextmanager
def lanes() -> Iterator[Lanes]:
    opened = Lanes()
    try:
        yield opened
    finally:
        assert opened.close(5)


@pytest.fixture
def books(tmp_path: Path, office_clock: OfficeClock) -> Iterator[PracticeOffice]:
    office = make.office(tmp_path, office_clock)
    yield office
    office.close()


@pytest.fixture
def gateways() -> Iterator[SimulatedGateways]:
    with SimulatedGateways() as simulated:
        yield simulated


def connect(
    books: PracticeOffice, office: Office, gateways: SimulatedGateways, *which: str
) -> None:
    """Set these gateways up as an administrator does, and switch messages on."""
    own, url = gateways.world.profile, gateways.base_url
    known = {
        AFRICAS_TALKING: (
            GatewayFacts(AFRICAS_TALKING, url, own.username, own.sender),
            own.api_key,
        ),
        TWILIO: (GatewayFacts(TWILIO, url, own.account_sid, own.number), own.auth_token),
    }
    for name in which:
        facts, secret = known[name]
        asyncio.run(send_messages.connect(office, facts, secret, books.admin))
    make.setting(books, "message.sms", which[0])
    if which[1:]:
        make.setting(books, "message.sms_second", which[1])


def run(office: Office) -> str:
    return asyncio.run(send_messages.send_waiting(office, TIMES))


def states(books: PracticeOffice) -> list[MessageState]:
    return [row.state for row in make_messages.outbox(books)]


def phone(member: MemberRow) -> str:
    return f"+{member.phone}"


def test_nothing_is_sent_twice_wherever_the_program_stops(
    books: PracticeOffice, gateways: SimulatedGateways
) -> None:
    """Before and after each transaction of a run that sends one message; what is left in doubt is said to be so."""
    with lanes() as opened:
        secrets = _Secrets()
        office = Office(books.books, opened, secrets, now=books.clock.now)
        connect(books, office, gateways, TWILIO)
        member = make.member(books)
        make.setting(books, "message.daily_cap", "50")
        for step in range(1, 8):
            for after in (False, True):
                make.deposit(books, member, 100 * step + after)
                dying = _DyingOffice(books.books, opened, secrets, now=books.clock.now)
                dying.at, dying.after = step, after
                books.clock.advance(minutes=1)
                with pytest.raises((_Stopped, CancelledError)) if step < 5 else _may_end():
                    run(dying)
                run(office)
                got = gateways.world.texts_to(phone(member))
                assert len(got) == len(set(got))
        rows = make_messages.outbox(books)
        assert len(rows) == 14
        for row in rows:
            is_there = got.count(row.text)
            assert row.state in (S.SENT, S.DELIVERED, S.UNKNOWN)
            assert is_there == 1 or row.state is S.UNKNOWN
        # Killed between the commit of the call and that of its answer, nobody knows: it is left to a person.
        assert [row.state for row in rows].count(S.UNKNOWN) == 2
        books.clock.advance(minutes=10)
        run(office)
        assert set(states(books)) == {S.DELIVERED, S.UNKNOWN}
        assert make_messages.outbox(books)[-1].cost == "USD 0.05"


@contextmanager
def _may_end() -> Iterator[None]:
    """A run that has fewer steps ends by itself."""
    try:
        yield
    except (_Stopped, CancelledError):
        return


def test_a_gateway_that_fails_loses_nothing(
    books: PracticeOffice, gateways: SimulatedGateways
) -> None:
    world = gateways.world
    with lanes() as opened:
        office = Office(books.books, opened, _Secrets(), now=books.clock.now)
        assert run(office) == "The society sends no messages."
        connect(books, office, gateways, AFRICAS_TALKING, TWILIO)
        people = [make.member(books, deposits_kes=1_000 + number) for number in range(6)]
        for fault, gateway in (
            ("no_route", AFRICAS_TALKING),
            ("drop_after", AFRICAS_TALKING),
            ("error_before", AFRICAS_TALKING),
            ("wrong_key", AFRICAS_TALKING),
        ):
            world.arm(ArmedFault(fault, gateway=gateway))
        run(office)
        # The first goes by the other gateway; the second and third are in doubt; at the fourth the key fails, and it
        # and all others go by the other gateway too.
        assert states(books) == [S.SENT, S.UNKNOWN, S.UNKNOWN, S.SENT, S.SENT, S.SENT]
        there = [len(world.texts_to(phone(one))) for one in people]
        assert there == [1, 1, 0, 1, 1, 1]
        (stop,) = books.read(message_stops.standing, None)
        assert (stop.gateway, "does not accept our key" in stop.reason) == (AFRICAS_TALKING, True)
        balances = {
            row.facts.gateway: row.balance for row in books.read(message_list.head, None).gateways
        }
        assert balances == {AFRICAS_TALKING: "", TWILIO: "USD 12.34"}
        # Neither takes anything: everything waits, and the job says why.
        books.write(message_stops.go_on, GoOn(AFRICAS_TALKING, "A new key"), books.admin)
        make.deposit(books, people[0], 7_000)
        world.arm(ArmedFault("busy", times=2))
        with pytest.raises(
            OutsideUnavailable, match="Africa's Talking and Twilio cannot be reached"
        ):
            run(office)
        assert states(books)[-1] is S.WAITING
        books.clock.advance(minutes=5)
        run(office)
        assert states(books)[-1] is S.SENT
        assert len(world.texts_to(phone(people[0]))) == 2
        # Its secret lies on another computer only: that is said before anything leaves.
        make.deposit(books, people[0], 8_000)
        other = Office(books.books, opened, _Secrets(), now=books.clock.now)
        run(other)
        assert states(books)[-1] is S.WAITING
        stops = books.read(message_stops.standing, None)
        assert {"is not on this computer" in stop.reason for stop in stops} == {True}


def test_e_mail_goes_to_members_with_an_address(books: PracticeOffice) -> None:
    with lanes() as opened, SimulatedMailServer() as server:
        office = Office(books.books, opened, _Secrets(), now=books.clock.now)
        facts = GatewayFacts(SMTP, server.address, mail_server.USER, "office@umoja.example")
        asyncio.run(send_messages.connect(office, facts, mail_server.PASSWORD, books.admin))
        wrong = GatewayFacts(SMTP, "mail.umoja.example", "", "office@umoja.example")
        with pytest.raises(InvalidInput):
            asyncio.run(send_messages.connect(office, wrong, "", books.admin))
        make.setting(books, "message.email", "yes")
        member = make.member(books, deposits_kes=1_000)
        assert make_messages.outbox(books) == ()
        write_address(books, member, "amina@members.example")
        make.deposit(books, member, 2_000)
        assert run(office) == "1 messages went out, 0 were asked about."
        (got,) = server.box.got
        assert got.receiver == "amina@members.example"
        assert got.message["Subject"].startswith("KES 2,000 received, receipt RC-2026-")
        (row,) = make_messages.outbox(books)
        assert (row.channel, row.state) == (Channel.EMAIL, S.SENT)


def write_address(books: PracticeOffice, member: MemberRow, address: str) -> None:
    """The e-mail address in the file of a member."""
    texts = (("email", address),)
    change = FileChange(Holder(member.member_id), 0, texts, 0)
    books.write(member_files.change, change, books.peter)
