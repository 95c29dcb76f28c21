"""A practice office on this machine: a real relay, a simulated Safaricom, and a society with people, members
and money.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from callback_relay.server import RelayServer
from callback_relay.settings import RelaySettings
from sacco_desktop.demo.safaricom.profile import ALL_PRODUCTS, Profile
from sacco_desktop.demo.safaricom.simulator import SimulatedSafaricom
from sacco_desktop.domain import posting_rules
from sacco_desktop.domain.approvals import Decision
from sacco_desktop.domain.permissions import Role
from sacco_desktop.domain.phones import normalise_phone
from sacco_desktop.operations.enrol import MpesaAccess, PairingCode, connect_mpesa, enrol_at_relay
from sacco_desktop.operations.office import MpesaSecrets, Office
from sacco_desktop.operations.open_office import OpenedOffice, open_office
from sacco_desktop.services.books import ledger
from sacco_desktop.services.books.work import CLOCK, Actor, Work
from sacco_desktop.services.committee import decisions
from sacco_desktop.services.membership import members
from sacco_desktop.services.membership.members import NewMember
from sacco_desktop.services.office import approvals, society, users
from sacco_desktop.services.office.approvals import Verdict
from sacco_desktop.services.office.mpesa_connections import ConnectionFacts
from sacco_desktop.services.office.society import NewSociety
from sacco_desktop.services.office.users import NewUser
from sacco_desktop.services.people import people_changes
from sacco_desktop.services.savings import deposits
from sacco_desktop.services.savings.deposits import NewDeposit
from sacco_desktop.services.sending import utility_float
from sacco_desktop.services.sending.utility_float import NewTopUp
from sacco_desktop.settings import Settings

PASSPHRASE = "practice office passphrase"  # noqa: S105 - a practice office has nothing to hide
PASSWORD = "practice password"  # noqa: S105
RELAY_NAME = "practice relay"
# What the bank held on the first day, and what of it was moved to pay loans from; both in cents.
BANK_CENTS = 2_000_000_00
FLOAT_CENTS = 600_000_00

PEOPLE: tuple[tuple[str, str, Role], ...] = (
    ("ruth", "Ruth Njeri", Role.ADMINISTRATOR),
    ("peter", "Peter Kamau", Role.OFFICER),
    ("daniel", "Daniel Omondi", Role.COMMITTEE),
    ("grace", "Grace Wanjiru", Role.TREASURER),
    ("lucy", "Lucy Chebet", Role.TREASURER),
    ("esther", "Esther Muthoni", Role.COMMITTEE),
)

MEMBERS: tuple[tuple[NewMember, int], ...] = (
    (NewMember("Jane", "", "Wanjiku", "22334455", "0712 345 678"), 60_000_00),
    (NewMember("Amina", "", "Hassan", "23456789", "0733 111 222"), 45_000_00),
    (NewMember("Otieno", "", "Okoth", "11223344", "0722 908 114"), 30_000_00),
    (NewMember("Mercy", "Achieng", "Atieno", "30112233", "0714 554 104"), 80_000_00),
    (NewMember("Kipchoge", "", "Ruto", "28990011", "0713 553 103"), 25_000_00),
)


@dataclass(frozen=True, slots=True)
class PracticeOffice:
    """The parts of a running practice office."""

    opened: OpenedOffice
    safaricom: SimulatedSafaricom
    relay: RelayServer
    data_dir: Path

    @property
    def office(self) -> Office:
        """The office itself."""
        return self.opened.office

    def person(self, username: str) -> Actor:
        """One of PEOPLE as an actor."""
        return self.office.books.read(_person, username, actor=CLOCK)


def _person(work: Work, username: str) -> Actor:
    row = next(row for row in users.list_users(work) if row.username == username)
    return users.actor_of(work, row.user_id)


@contextmanager
def practice_office(
    folder: Path,
    now: Callable[[], datetime],
    *,
    fresh: bool = True,
    database_url: str | None = None,
) -> Iterator[PracticeOffice]:
    """Run a practice office in `folder`; with `fresh` whatever was there before is removed first.

    `database_url` names an empty database for its books, else they are a file in the folder.
    """
    if fresh and folder.exists():
        shutil.rmtree(folder)
    settings = Settings(
        data_dir=folder / "office",
        pc_name="PRACTICE-PC",
        keyring="file",
        passphrase=PASSPHRASE,
        database_url=database_url,
    )
    with ExitStack() as stack:
        safaricom, relay = stack.enter_context(outside(folder, now))
        opened = stack.enter_context(open_office(settings, now))
        practice = PracticeOffice(opened, safaricom, relay, folder)
        if opened.migration.old is None:
            furnish(practice)
        yield practice


@contextmanager
def outside(
    folder: Path, now: Callable[[], datetime]
) -> Iterator[tuple[SimulatedSafaricom, RelayServer]]:
    """What lies outside the office: the simulated Safaricom, and a relay with its files in `folder`."""
    # Both ledgers begin with the same float, so that they can be compared to the cent.
    profile = Profile(utility_cents=FLOAT_CENTS, products=ALL_PRODUCTS)
    with (
        SimulatedSafaricom(now, profile=profile) as safaricom,
        RelayServer(RelaySettings.for_practice(folder / "relay")) as relay,
    ):
        yield safaricom, relay


def furnish(practice: PracticeOffice) -> None:
    """Give an empty office its society, people, connections, members and money."""
    books = practice.office.books
    books.write(
        society.set_up,
        NewSociety(
            "Umoja Savings and Credit Co-operative Society",
            "CS/1234",
            "P.O. Box 1200-00100, Nairobi",
            "020 272 0000",
            "practice",
        ),
        actor=CLOCK,
    )
    administrator = _add_people(practice)
    _connect(practice, administrator)
    _add_money(practice)
    _add_members(practice)


def _add_people(practice: PracticeOffice) -> Actor:
    books = practice.office.books
    actor = CLOCK
    for username, full_name, role in PEOPLE:
        new = NewUser(username, full_name, frozenset({role}), PASSWORD)
        put = books.write(people_changes.add_user, new, actor=actor)
        if put.request_id is not None:
            _say_yes(practice, put.request_id, practice.person("daniel"))
        if role is Role.ADMINISTRATOR:
            actor = practice.person(username)
    return actor


def _connect(practice: PracticeOffice, administrator: Actor) -> None:
    office, profile = practice.office, practice.safaricom.profile
    code = practice.relay.desk.add_tenant("Umoja SACCO")["code"]
    pairing = PairingCode(RELAY_NAME, practice.relay.api_url, str(code), "PRACTICE-PC")
    office.lanes.submit_async(lambda: enrol_at_relay(office, pairing, administrator)).result(30)
    access = MpesaAccess(
        ConnectionFacts(
            "practice",
            practice.safaricom.base_url,
            profile.shortcode,
            profile.initiator_name,
            practice.safaricom.certificate_pem,
        ),
        MpesaSecrets(
            profile.consumer_key,
            profile.consumer_secret,
            profile.initiator_password,
            profile.passkey,
        ),
    )
    office.lanes.submit_async(lambda: connect_mpesa(office, access, administrator)).result(30)


def _add_money(practice: PracticeOffice) -> None:
    books = practice.office.books
    treasurer, second = practice.person("grace"), practice.person("lucy")
    books.write(_open_bank, BANK_CENTS, actor=CLOCK)
    request = books.write(
        utility_float.ask_top_up, NewTopUp(FLOAT_CENTS, "SLIP-0001"), actor=treasurer
    )
    _say_yes(practice, request, second)


def _say_yes(practice: PracticeOffice, request: int, person: Actor) -> None:
    books = practice.office.books
    shown = books.read(_fingerprint, request, actor=person)
    books.write(decisions.decide, Verdict(request, shown, Decision.APPROVE), actor=person)


def _open_bank(work: Work, cents: int) -> None:
    ledger.post(work, posting_rules.opening_bank_balance(cents, "OPENING-1", work.today))


def _fingerprint(work: Work, request_id: int) -> str:
    return approvals.load(work, request_id).fingerprint


def _add_members(practice: PracticeOffice) -> None:
    books, officer = practice.office.books, practice.person("peter")
    for new, cents in MEMBERS:
        row = books.write(members.write_down, new, actor=officer)
        deposit = NewDeposit(f"opening/{row.number}", row.member_id, cents, row.joined_on)
        books.write(deposits.take_cash, deposit, actor=officer)
        _register_line(practice, new)


def _register_line(practice: PracticeOffice, new: NewMember) -> None:
    """At M-Pesa the member's line is under the same name and identity card."""
    name = " ".join(filter(None, (new.first_name, new.other_names, new.last_name)))
    practice.safaricom.register_line(normalise_phone(new.phone), new.national_id, name=name.upper())
