"""The quick town: one thread in which the program, the relay and Safaricom talk to each other, on their own clock."""

from __future__ import annotations

import asyncio
import gc
import logging
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self
from unittest.mock import patch

import httpx
from sqlalchemy import event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from callback_relay.settings import Budgets, RelaySettings
from sacco_desktop.db.engine import Database, open_database
from sacco_desktop.demo.safaricom.simulator import SimulatedSafaricom
from sacco_desktop.demo.safaricom.world import Transaction
from sacco_desktop.gateways.daraja.client import DarajaClient
from sacco_desktop.gateways.daraja.connection import Timeouts
from sacco_desktop.operations.lanes import Lanes
from sacco_desktop.operations.office import Office
from sacco_desktop.operations.open_office import KEY_NAME, open_secrets
from sacco_desktop.services import crash_recovery
from sacco_desktop.services.work import CLOCK, Books
from tests.engines import quick
from tests.faults.desk import NOT_PROVEN, Desk
from tests.faults.histories import Died, Heart
from tests.faults.quick.relay import QuickRelay
from tests.faults.quick.virtual_time import OneThread, TownClock, VirtualLoop
from tests.faults.quick.wire import NoNetwork, Wire
from tests.faults.standing import Stand
from tests.faults.town import Town, settings_of
from tests.guards.office_clock import OPENING_TIME

# The network is as slow as in life here, for it costs nothing.
TIMEOUTS = Timeouts(connect_seconds=10.0, read_seconds=30.0, result_seconds=30.0)
# Nobody is refused for coming often: that is counted by this machine's clock, which is not the town's.
_MANY = 10**9
_NO_BUDGETS = Budgets(_MANY, _MANY, _MANY, _MANY, _MANY)
_MOST_TURNS = 100_000
# Where a file can be written and synced without a disk, if there is such a place.
_MEMORY = Path("/dev/shm")


@dataclass(frozen=True, slots=True)
class _Mortal(Database):
    """Books of a program that may die just before or just after a commit."""

    heart: Heart = field(default_factory=Heart)
    written: Callable[[], None] = lambda: None

    def _commit(self, session: Session) -> None:
        self.heart("commit")
        # The parent has slots, and a class with slots that inherits has no zero-argument super.
        Database._commit(self, session)
        self.written()
        self.heart("committed")


class _WiredOffice(Office):
    """The office of a program on the wire."""

    def put_on_wire(self, wire: Wire, heart: Heart) -> None:
        """All its calls go over this wire from now on."""
        self._line = wire.line(heart)
        self._http = httpx.AsyncClient(transport=self._line)

    async def mpesa(self) -> DarajaClient:
        """The client, on the wire."""
        client = await super().mpesa()
        client._http._transport = self._line
        return client


class QuickSafaricom(SimulatedSafaricom):
    """The simulated Safaricom on the town's loop; its server never serves."""

    def __init__(self, now: Callable[[], datetime], loop: VirtualLoop, wire: Wire) -> None:
        super().__init__(now)
        self._loop = loop
        self._server.drop = wire.drop  # type: ignore[method-assign]
        self._errands._http = httpx.AsyncClient(transport=wire.line())

    @property
    def port(self) -> int:
        """The port that the books of the town name."""
        return int(self.base_url.rsplit(":", 1)[1])

    def begin(self, seed: int) -> None:
        """An empty ledger; ids come from the seed."""
        self._loop.run_until_complete(self._errands.forget())
        self._world.seed = seed
        self._world.reset()

    def release_callbacks(self) -> None:
        """Do now what was put off."""
        self._errands.release()
        self.wait_until_quiet()

    def wait_for(self, condition: Callable[[], bool], seconds: float = 5.0) -> bool:
        """Let everybody take turns until the condition is true; no time passes but what they sleep."""
        for _ in range(_MOST_TURNS):
            if condition():
                return True
            self._loop.run_until_complete(asyncio.sleep(0))
        return False


class KeptSecrets:
    """The secrets of an office in memory."""

    def __init__(self, secrets: dict[str, str]) -> None:
        self._secrets = dict(secrets)

    def read(self, name: str) -> str | None:
        """See SecretStore."""
        return self._secrets.get(name)

    def write(self, name: str, secret: str) -> None:
        """See SecretStore."""
        self._secrets[name] = secret


@dataclass
class QuickDay:
    """One start of the town, as `Day` in tests/faults/town.py."""

    town: QuickTown
    folder: Path
    relay_settings: RelaySettings
    relay: QuickRelay | None = None
    story: list[str] = field(default_factory=list)
    # How far the clock of the office's PC is from the true time.
    skew: timedelta = timedelta(0)
    # Counts what was written to the books, by whichever program.
    writings: int = 0
    # What the guards of the database refused, and what the program logged as an error.
    refusals: list[str] = field(default_factory=list)

    @property
    def clock(self) -> TownClock:
        """The true time."""
        return self.town.clock

    @property
    def safaricom(self) -> QuickSafaricom:
        """Safaricom, whose ledger is the truth."""
        return self.town.safaricom

    @property
    def books_path(self) -> Path:
        """The file of the books."""
        return self.folder / "books.db"

    def office_now(self) -> datetime:
        """What the clock on the office's PC says."""
        return self.clock.now() + self.skew

    def open_desk(
        self, pc: str = "OFFICE-PC", pause: Callable[[], float] | None = None
    ) -> QuickDesk:
        """Start a program on the books."""
        return QuickDesk(self, pc, pause)

    def note_refusal(self, context: ExceptionContext) -> None:
        """The database itself has refused something: a guard had to do what a service should have done before."""
        if isinstance(context.sqlalchemy_exception, IntegrityError):
            self.refusals.append(str(context.original_exception))

    def note_writing(self) -> None:
        """A program has committed something, or the books were replaced."""
        self.writings += 1

    def start_relay(self) -> None:
        """Start the relay on its folder."""
        self.relay = QuickRelay(self.relay_settings)
        self.town.wire.behind[self.town.relay_port] = self.relay.application

    def stop_relay(self) -> None:
        """Stop the relay; a second time does nothing."""
        if self.relay is not None:
            self.town.wire.behind.pop(self.town.relay_port, None)
            self.relay.stop()
            self.relay = None

    def later(self, **length: float) -> None:
        """Let time pass for everybody; what was put off until then happens in it."""
        self.town.loop.run_until_complete(asyncio.sleep(timedelta(**length).total_seconds()))
        self.quiet()

    def post(self, url: str, message: object) -> None:
        """A stranger posts to an address, and does not care for the answer."""
        caller = httpx.AsyncClient(transport=self.town.wire.line())
        with suppress(httpx.RequestError):
            self.town.loop.run_until_complete(caller.post(url, json=message))

    def ledger(self) -> list[str]:
        """Safaricom's whole ledger, line by line."""
        world = self.safaricom._world
        accounts = sorted(world.ledger.balances.items())
        return [
            *(f"{name} {cents}" for name, cents in accounts),
            *(str(_without_books(payment)) for payment in self.safaricom.transactions),
        ]

    def quiet(self) -> None:
        """Let Safaricom post every callback that it does not hold back."""
        assert self.safaricom.wait_until_quiet()


class QuickDesk(Desk):
    """A running program of the quick town, which may die."""

    def __init__(self, day: QuickDay, pc: str, pause: Callable[[], float] | None) -> None:
        town = day.town
        self.quick_day, self.pc, self.heart = day, pc, Heart()
        opened = open_database(day.books_path, town.key)
        self.database = _Mortal(
            opened.path,
            quick(opened.writer, is_writer=True),
            quick(opened.reader, is_writer=False),
            heart=self.heart,
            written=day.note_writing,
        )
        books = Books(self.database, now=day.office_now, pc_name=pc)
        lanes: Lanes = OneThread(town.loop, pause)
        office = _WiredOffice(
            books, lanes, KeptSecrets(town.secrets), now=day.office_now, timeouts=TIMEOUTS
        )
        office.put_on_wire(town.wire, self.heart)
        super().__init__(day, office)  # type: ignore[arg-type]  # the two days have the same face
        event.listen(self.database.writer, "handle_error", day.note_refusal)
        self.proven_entries = NOT_PROVEN
        self._stand: tuple[int, Stand] | None = None
        is_alone = pause is None
        recover = crash_recovery.recover if is_alone else crash_recovery.recover_of_this_pc
        office.books.write(recover, None, actor=CLOCK)

    def stand(self) -> Stand:
        """Read anew only when something was written."""
        written = self.quick_day.writings
        if self._stand is None or self._stand[0] != written:
            self._stand = written, super().stand()
        return self._stand[1]

    def close(self) -> None:
        """End in order, or clear away what a death has left."""
        if self.heart.is_dead:
            self.quick_day.town.bury()
        self.quick_day.town.loop.run_until_complete(self.office.aclose())
        # All programs of this process share their dialect, on which the engine listens.
        event.remove(self.database.writer, "handle_error", self.quick_day.note_refusal)
        self.database.close()


class QuickTown:
    """The office of the slow town with its relay and its Safaricom, in one thread."""

    def __init__(self, town: Town) -> None:
        self._stack = ExitStack()
        memory = _MEMORY if _MEMORY.is_dir() else None
        self._folder = Path(self._stack.enter_context(tempfile.TemporaryDirectory(dir=memory)))
        self._town = town
        self.loop = VirtualLoop()
        self.clock = TownClock(self.loop, OPENING_TIME)
        self.wire = Wire()
        self.secrets = _secrets_of(town)
        self.key = bytes.fromhex(self.secrets[KEY_NAME])
        self.relay_port = town.port
        self._days = 0
        self._log = _Log()

    @contextmanager
    def folder(self) -> Iterator[Path]:
        """A folder in memory that is gone afterwards."""
        with tempfile.TemporaryDirectory(dir=self._folder) as name:
            yield Path(name)

    @property
    def start_books(self) -> Path:
        """The books as every day begins with them."""
        return self._town.start_folder / "office" / "books.db"

    def __enter__(self) -> Self:
        self.safaricom = QuickSafaricom(lambda: self.clock.now(), self.loop, self.wire)
        self._stack.callback(self.safaricom._server._socket.close)
        self._stack.callback(self.loop.close)
        safaricom_port = int(self._town.safaricom.base_url.rsplit(":", 1)[1])
        self.wire.behind[safaricom_port] = self.safaricom.application
        # What is loaded by now stays; the collector need not look through it for every history.
        gc.collect()
        gc.freeze()
        self._stack.callback(gc.unfreeze)
        # The certificate in the books is that of this process, as the key of every simulated Safaricom here.
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()

    @contextmanager
    def day(self, seed: int) -> Iterator[QuickDay]:
        """Begin anew: the office as furnished, an empty ledger at Safaricom, the relay running."""
        self._days += 1
        folder = self._folder / f"day-{self._days}"
        folder.mkdir()
        start = self._town.start_folder
        shutil.copyfile(self.start_books, folder / "books.db")
        shutil.copytree(start / "relay", folder / "relay")
        high_water = start / "relay.high-water"
        if high_water.exists():
            shutil.copyfile(high_water, folder / "relay.high-water")
        self.loop.moment = 60.0
        self.clock = TownClock(self.loop, OPENING_TIME)
        self.safaricom.begin(seed)
        self.wire.loses = lambda _path: False
        day = QuickDay(self, folder, self._relay_settings(folder))
        self._log.lines = day.refusals
        stack = ExitStack()
        stack.enter_context(patch("httpx._client.AsyncHTTPTransport", NoNetwork))
        stack.callback(self._log.watch())
        day.start_relay()
        try:
            yield day
        finally:
            self.bury()
            day.stop_relay()
            stack.close()
            shutil.rmtree(folder)

    def bury(self) -> None:
        """End whatever a dead program has left under way; the servers go on."""
        left = {task for task in self.loop.of_programs if not task.done()}
        for task in left:
            task.cancel()
        if left:
            self.loop.run_until_complete(_ended(left))

    def _relay_settings(self, folder: Path) -> RelaySettings:
        practice = RelaySettings.for_practice(folder / "relay", self.relay_port)
        return replace(practice, now=lambda: self.clock.now(), budgets=_NO_BUDGETS)


def _without_books(payment: Transaction) -> dict[str, object]:
    """A payment as Safaricom has it. The end of its id comes from the books' own, which are new in each process."""
    return {**payment.as_row(), "originator_id": payment.originator_id[: len("PO-2026-0001")]}


class _Log(logging.Handler):
    """Takes down what the program logs as an error: a bug that it survived is still a bug."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.lines: list[str] = []

    def watch(self) -> Callable[[], None]:
        """Listen from now on; returns what ends it. That a relay tells of each new epoch is expected here."""
        relay, program = logging.getLogger("callback_relay"), logging.getLogger("sacco_desktop")
        level = relay.level
        relay.setLevel(logging.CRITICAL)
        program.addHandler(self)

        def end() -> None:
            relay.setLevel(level)
            program.removeHandler(self)

        return end

    def emit(self, record: logging.LogRecord) -> None:
        """See logging.Handler."""
        self.lines.append(self.format(record))


async def _ended(tasks: set[asyncio.Task[None]]) -> None:
    for task in tasks:
        with suppress(asyncio.CancelledError, Exception, Died):
            await task


def _secrets_of(town: Town) -> dict[str, str]:
    store = open_secrets(settings_of(town.start_folder))
    return dict(store._secrets)  # type: ignore[attr-defined]  # a sealed file, see settings_of
