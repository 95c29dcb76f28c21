"""A town for fault tests: one simulated Safaricom, and a practice office that starts the same day again and again.

The office is furnished once. Each `day` copies its folders, starts the relay on them at the same port and puts
Safaricom back to an empty ledger, so that a case costs a third of a second and none sees what another did.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

from callback_relay.server import RelayServer
from callback_relay.settings import RelaySettings
from sacco_desktop.db.engine import open_database
from sacco_desktop.demo.practice_office import PASSPHRASE, PracticeOffice, furnish
from sacco_desktop.demo.safaricom.simulator import SimulatedSafaricom
from sacco_desktop.domain.approvals import Decision
from sacco_desktop.gateways import secrets
from sacco_desktop.gateways.daraja.connection import Timeouts
from sacco_desktop.operations.lanes import Lanes
from sacco_desktop.operations.office import Office
from sacco_desktop.operations.open_office import books_key, open_office
from sacco_desktop.services.books.work import Books
from sacco_desktop.services.committee import decisions
from sacco_desktop.services.lending import loans
from sacco_desktop.services.lending.loans import Appraisal, NewApplication
from sacco_desktop.services.office import users
from sacco_desktop.services.office.approvals import Verdict
from sacco_desktop.services.payouts import payouts
from sacco_desktop.services.payouts.payouts import NewPayout
from sacco_desktop.settings import Settings
from tests.engines import database_of, server, settle_office
from tests.faults.desk import Desk
from tests.guards.office_clock import OPENING_TIME, OfficeClock
from tests.make import QUICK_HASHER

# One loan for each of four members of the practice office, in KES; different, so that
# none passes for another; the third leaves cents that M-Pesa cannot carry.
LOANS_KES = (100_000, 60_000, 45_010, 70_000)
# Loopback answers at once, so what takes longer is a fault that was armed.
QUICK = Timeouts(connect_seconds=2.0, read_seconds=0.3, result_seconds=0.1, balance_seconds=0.2)
# For what must not depend on how busy this machine is.
PATIENT = Timeouts(connect_seconds=5.0, read_seconds=10.0, result_seconds=3.0)
SEED = 1


def weaken_passwords() -> None:
    """The weakest argon2 for people and sealed files: how slow it is has tests of its own."""
    users.HASHER = QUICK_HASHER
    secrets._COST = {"time_cost": 1, "memory_cost": 32, "parallelism": 4}


def settings_of(folder: Path) -> Settings:
    """The settings of the office that lives in a day's folder."""
    home = folder / "office"
    return Settings(
        home,
        "OFFICE-PC",
        keyring="file",
        passphrase=PASSPHRASE,
        database_url=database_of(home),
    )


@dataclass
class Day:
    """One start of the town: the office's folder, the relay that serves it, and the clock of everybody."""

    folder: Path
    clock: OfficeClock
    safaricom: SimulatedSafaricom
    relay_settings: RelaySettings
    relay: RelayServer | None = None
    # What people and faults did, in words; the same seed must give the same story.
    story: list[str] = field(default_factory=list)

    @contextmanager
    def desk(self, timeouts: Timeouts = QUICK) -> Iterator[Desk]:
        """Start the program on the office's folder; it is closed in order when the block ends."""
        settings = settings_of(self.folder)
        with open_office(settings, self.clock.now, timeouts=timeouts) as opened:
            yield Desk(self, opened.office)

    @contextmanager
    def second_pc(self, desk: Desk) -> Iterator[Desk]:
        """Another program on the same books at the same time.

        The program's own lock keeps it out today; books that several PCs share will not have that lock.
        """
        settings = settings_of(self.folder)
        database = open_database(settings.books_path, books_key(settings, desk.office.secrets))
        books = Books(database, now=self.clock.now, pc_name="SECOND-PC")
        lanes = Lanes()
        office = Office(books, lanes, desk.office.secrets, now=self.clock.now, timeouts=QUICK)
        try:
            yield Desk(self, office)
        finally:
            lanes.submit_async(office.aclose).result(10)
            lanes.close(10)
            database.close()

    def start_relay(self) -> None:
        """Start the relay on its folder, at the port that everybody knows."""
        self.relay = RelayServer(self.relay_settings).start()

    def stop_relay(self) -> None:
        """Stop the relay in order; a second time does nothing."""
        if self.relay is not None:
            self.relay.stop()
            self.relay = None

    def feed(self) -> list[int]:
        """The numbers of all entries that the relay holds for the office."""
        assert self.relay is not None
        rows = self.relay.relay.read_now(lambda c: c.execute("SELECT seq FROM entry").fetchall())
        return [number for (number,) in rows]

    def later(self, **length: float) -> None:
        """Let time pass for the office, the relay and Safaricom alike."""
        self.clock.advance(**length)

    def quiet(self) -> None:
        """Wait until Safaricom has posted every callback that it does not hold back."""
        assert self.safaricom.wait_until_quiet(10)


class Town:
    """Safaricom's server and the furnished office that every day begins with."""

    def __init__(self, folder: Path) -> None:
        weaken_passwords()
        self.clock = OfficeClock()
        self.safaricom = SimulatedSafaricom(self.clock.now, seed=SEED)
        self.start_folder = folder / "start"

    def __enter__(self) -> Town:
        self.safaricom.start()
        self._furnish()
        return self

    def __exit__(self, *_error: object) -> None:
        self.safaricom.stop()

    def _furnish(self) -> None:
        self._database = settle_office(self.start_folder / "office")
        practice = self._relay_settings(self.start_folder)
        with RelayServer(practice) as relay:
            self.port = int(relay.api_url.rsplit(":", 1)[1])
            with open_office(settings_of(self.start_folder), self.clock.now) as opened:
                office = PracticeOffice(opened, self.safaricom, relay, self.start_folder)
                furnish(office)
                for member, kes in enumerate(LOANS_KES, 1):
                    approved_payout(office, member, kes)

    def _relay_settings(self, folder: Path, port: int = 0) -> RelaySettings:
        practice = RelaySettings.for_practice(folder / "relay", port)
        return replace(practice, now=self.clock.now)

    @contextmanager
    def day(self, folder: Path, *, with_relay: bool = True) -> Iterator[Day]:
        """Begin anew in an empty folder; the relay, if it still runs then, is stopped when the block ends."""
        shutil.copytree(self.start_folder, folder, dirs_exist_ok=True)
        database = settle_office(folder / "office", self._database)
        self.clock.set_to(OPENING_TIME + timedelta(minutes=1))
        self.safaricom.reset()
        day = Day(folder, self.clock, self.safaricom, self._relay_settings(folder, self.port))
        if with_relay:
            day.start_relay()
        try:
            yield day
        finally:
            day.stop_relay()
            if database:
                server().drop(database)


def approved_payout(office: PracticeOffice, member_id: int, kes: int) -> int:
    """A loan applied for by Peter, approved by Daniel, its payout asked for by Grace and approved by Lucy."""
    books, people = office.office.books, office.person
    new = NewApplication(f"loan/{member_id}", member_id, "development", kes * 100, 12, "Dairy cow")
    loan = books.write(loans.apply, new, actor=people("peter"))
    appraisal = Appraisal(loan.loan_id, loan.version, "Pays on time.")
    books.write(loans.appraise, appraisal, actor=people("peter"))
    _approve_all(office, "daniel")
    asked = NewPayout(f"payout/{member_id}", loan.loan_id)
    row = books.write(payouts.request, asked, actor=people("grace"))
    _approve_all(office, "lucy")
    return row.payout_id


def _approve_all(office: PracticeOffice, username: str) -> None:
    books, actor = office.office.books, office.person(username)
    for row in books.read(decisions.list_waiting, None, actor=actor):
        if row.can_decide:
            verdict = Verdict(row.request_id, row.fingerprint, Decision.APPROVE)
            books.write(decisions.decide, verdict, actor=actor)
