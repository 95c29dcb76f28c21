"""The doctor of an office: looks at everything a payment needs, in order, and stops at the first wrong thing."""

from __future__ import annotations

import shutil
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TypeVar

from sacco_desktop.domain.errors import SaccoError
from sacco_desktop.domain.permissions import Act, may
from sacco_desktop.gateways.daraja.credential import certificate_facts
from sacco_desktop.gateways.daraja.token import TokenNotHad
from sacco_desktop.operations.enrol import in_lines
from sacco_desktop.operations.lanes import Lane
from sacco_desktop.operations.office import Office
from sacco_desktop.operations.open_office import KEY_NAME, uses_sealed_file
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.office import mpesa_connections, users
from sacco_desktop.services.relays.relays import RelayRow
from sacco_desktop.settings import Settings

Local = TypeVar("Local")

# M-Pesa and the relay accept a few minutes; a clock that is off by more makes dates of the books wrong too.
MOST_CLOCK_SECONDS = 120
LEAST_FREE_BYTES = 1_000_000_000
_ROUND_TRIP_SECONDS = 30


class Mark(StrEnum):
    """How a point stands."""

    GOOD = "✓"
    WRONG = "✕"
    NOT_REACHED = "–"


@dataclass(frozen=True, slots=True)
class Finding:
    """One point of the list in plain words; `next_step` says what to do about a wrong one."""

    key: str
    title: str
    mark: Mark
    words: str
    next_step: str = ""


class _Wrong(SaccoError):
    """A point is wrong, with the one step that puts it right."""

    def __init__(self, message: str, next_step: str) -> None:
        super().__init__(message)
        self.next_step = next_step


class _Doctor:
    """Each point returns what is so, or raises _Wrong or any SaccoError."""

    def __init__(self, office: Office, settings: Settings) -> None:
        self._office = office
        self._settings = settings

    async def secrets(self) -> str:
        """The key of the books can be read again at the next start."""
        if self._office.secrets.read(KEY_NAME) is None:
            raise _Wrong(
                "The key of these books is not kept on this computer.",
                "Enter it from the printed recovery sheet at the next start.",
            )
        if uses_sealed_file(self._settings):
            return "In the sealed file beside the books, opened by the passphrase."
        return "In the keyring of this computer."

    async def disk(self) -> str:
        """Room for the books to grow."""
        free = await self._local(lambda: shutil.disk_usage(self._settings.data_dir).free)
        if free < LEAST_FREE_BYTES:
            raise _Wrong(
                f"Only {_size(free)} are free on the disk of the books.",
                f"Free at least {_size(LEAST_FREE_BYTES)} on the disk of {self._settings.data_dir}.",
            )
        return f"{_size(free)} free where the books are."

    async def backup(self) -> str:
        """The folder of copies can be written."""
        return await self._local(self._try_backup_folder)

    def _try_backup_folder(self) -> str:
        folder = self._settings.backup_dir
        try:
            folder.mkdir(parents=True, exist_ok=True)
            probe = folder / "check-setup.tmp"
            probe.write_bytes(b"can be written")
            probe.unlink()
        except OSError:
            raise _Wrong(
                f"The folder for copies cannot be written: {folder}.",
                "Allow this computer's user to write there, or plug in the disk.",
            ) from None
        count = len(list(folder.glob("books-*.db")))
        copies = {0: "no copy lies", 1: "1 copy lies"}.get(count, f"{count} copies lie")
        return f"{folder} can be written; {copies} there."

    async def relay(self) -> str:
        """Every relay answers and proves itself."""
        rows = await self._office.relays()
        if not rows:
            raise _Wrong(
                "This office is enrolled at no relay, so no result of M-Pesa would reach it.",
                "Enrol at a relay: Settings, Relay, Enrol.",
            )
        for row in rows:
            await self._office.relay(row).status()
        return f"{_names(rows)} answered and proved {'itself' if len(rows) == 1 else 'themselves'}."

    async def clock(self) -> str:
        """This PC's clock against the signed time of each relay."""
        worst = timedelta(0)
        for row in await self._office.relays():
            told = (await self._office.relay(row).status()).time
            worst = max(worst, told - self._office.now(), key=abs)
        seconds = abs(worst.total_seconds())
        if seconds > MOST_CLOCK_SECONDS:
            way = "behind" if worst > timedelta(0) else "ahead"
            raise _Wrong(
                f"The clock of this computer is {_length(seconds)} {way} of the relay's.",
                "Let this computer set its clock by the internet, then check again.",
            )
        return f"Right to {seconds:.1f} s."

    async def round_trip(self) -> str:
        """A callback of our own goes out to the public address and comes back through the feed."""
        said = []
        for row in await self._office.relays():
            done = await self_test(self._office, row)
            said.append(f"{row.name} {done:.1f} s")
        return f"A test callback came back: {', '.join(said)}."

    async def certificate(self) -> str:
        """The certificate that locks the operator's password can be read."""
        facts = await self._office.read(mpesa_connections.current, None)
        found = certificate_facts(facts.certificate)
        return f"Readable. SHA-256\n{in_lines(found.sha256_fingerprint, 8)}"

    async def mpesa(self) -> str:
        """M-Pesa takes key and secret."""
        client = await self._office.mpesa()
        try:
            await client.check_keys()
        except TokenNotHad as error:
            step = "Look at the internet connection, then check again."
            if error.needs_person:
                step = "Enter key and secret anew: Settings, M-Pesa, Change."
            raise _Wrong(error.message, step) from error
        return "M-Pesa was reached and took key and secret."

    async def people(self) -> str:
        """A payment can find the people it needs: who asks, another who approves, one of the others who sends."""
        if not await self._office.read(_can_pay, None):
            raise _Wrong(
                "Payments are off: a payment needs one person who asks and sends, and another who approves.",
                "Add a person, for example a second treasurer: Settings, People, New person.",
            )
        return "One can ask and send, and another can approve."

    async def _local(self, work: Callable[[], Local]) -> Local:
        """Files are looked at off the net lane: a disk that hangs must not hold up a payment."""
        return await self._office.lanes.await_on(Lane.READ, work)


async def check_setup(
    office: Office, settings: Settings, tell: Callable[[Finding], None] = lambda _finding: None
) -> tuple[Finding, ...]:
    """Look at every point, telling each finding as it comes. What follows a wrong one is not looked at."""
    findings: list[Finding] = []
    for key, title, look, step in _points(_Doctor(office, settings)):
        if any(finding.mark is Mark.WRONG for finding in findings):
            found = Finding(key, title, Mark.NOT_REACHED, "Waits for what is wrong above.")
        else:
            found = await _look(key, title, look, step)
        findings.append(found)
        tell(found)
    return tuple(findings)


async def self_test(office: Office, row: RelayRow) -> float:
    """The seconds that a callback of our own takes to go out and come back, verified. Raises when it does not."""
    client = office.relay(row)
    done = await client.self_test(row.token, patience_seconds=_ROUND_TRIP_SECONDS)
    return done.fetched_seconds


_Point = tuple[str, str, Callable[[], Awaitable[str]], str]


def _points(doctor: _Doctor) -> tuple[_Point, ...]:
    """Key, title, the look itself, and the next step for a refusal that names none. Near things come first."""
    relay = "Look at the internet connection, then at Settings, Relay."
    mpesa = "Enter the connection: Settings, M-Pesa, Change."
    return (
        ("secrets", "Key of the books", doctor.secrets, "Unlock the keyring, then check again."),
        ("disk", "Free disk", doctor.disk, "Free some room on the disk."),
        ("backup", "Folder for copies", doctor.backup, "Look at the disk of the copies."),
        ("relay", "Relay", doctor.relay, relay),
        ("clock", "Clock of this computer", doctor.clock, relay),
        ("round_trip", "Way of M-Pesa's results", doctor.round_trip, relay),
        ("certificate", "M-Pesa certificate", doctor.certificate, mpesa),
        ("mpesa", "M-Pesa key and secret", doctor.mpesa, mpesa),
        ("people", "People for a payment", doctor.people, "Add people: Settings, People."),
    )


async def _look(key: str, title: str, look: Callable[[], Awaitable[str]], step: str) -> Finding:
    try:
        return Finding(key, title, Mark.GOOD, await look())
    except _Wrong as wrong:
        return Finding(key, title, Mark.WRONG, wrong.message, wrong.next_step)
    except SaccoError as refusal:
        return Finding(key, title, Mark.WRONG, refusal.message, step)


def _can_pay(work: Work, _nothing: None) -> bool:
    """Whether some approver leaves somebody else who may ask and somebody else who may send."""
    people = [row for row in users.list_users(work) if row.is_active]
    ask, approve, send = (
        {row.user_id for row in people if may(row.roles, act)}
        for act in (Act.REQUEST_PAYOUT, Act.APPROVE_PAYOUT, Act.SEND_PAYOUT)
    )
    return any(ask - {one} and send - {one} for one in approve)


def _names(rows: tuple[RelayRow, ...]) -> str:
    return " and ".join(row.name for row in rows)


def _size(count: int) -> str:
    return f"{count / 1e9:,.1f} GB"


def _length(seconds: float) -> str:
    return f"{seconds / 60:,.0f} min" if seconds >= 60 else f"{seconds:.0f} s"
