"""The quick town: one thread in which the program, the relays and Safaricom talk to each other, on their own clock."""

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
from typing import Any, Self
from unittest.mock import patch

import httpx
from sqlalchemy import Dialect, Engine, make_url
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import IntegrityError

from callback_relay.settings import Budgets, RelaySettings
from sacco_desktop.demo.safaricom.world import Transaction
from sacco_desktop.operations.open_office import KEY_NAME, open_secrets
from sacco_desktop.services.proof import books_identity
from sacco_desktop.services.proof.books_identity import Restoring
from tests.engines import CHOICE, EngineKind, database_of, server
from tests.faults.histories import Died
from tests.faults.quick import furnish
from tests.faults.quick.desk import QuickDesk as QuickDesk
from tests.faults.quick.relay import QuickRelay, RelayPlace
from tests.faults.quick.safaricom import QuickSafaricom
from tests.faults.quick.shelf import Shelf, new_shelf
from tests.faults.quick.virtual_time import TownClock, VirtualLoop
from tests.faults.quick.wire import NoNetwork, Wire
from tests.faults.town import Town, settings_of
from tests.guards.office_clock import OPENING_TIME

# Nobody is refused for coming often: that is counted by this machine's clock, which is not the town's.
_MANY = 10**9
_NO_BUDGETS = Budgets(_MANY, _MANY, _MANY, _MANY, _MANY)
# Where a file can be written and synced without a disk, if there is such a place.
_MEMORY = Path("/dev/shm")
# No real port is asked for here; callers have those above this one.
_SECOND_PORT = 39_999
_RELAYS = ("relay", "relay-two")


@dataclass(frozen=True, slots=True)
class Start:
    """How a day begins: a copy of the books, the folders of the relays, and the secrets of the office."""

    books: str
    relays: tuple[Path, ...]
    secrets: dict[str, str] = field(repr=False)


@dataclass
class QuickDay:
    """One start of the town, as `Day` in tests/faults/town.py."""

    town: QuickTown
    folder: Path
    start: Start
    shelf: Shelf
    places: list[RelayPlace]
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

    def bring_back(self, copy: str) -> None:
        """Put a copy in the place of the books as the program does, which writes into them that they were restored."""
        self.shelf.put_back(copy)
        desk = self.open_desk()
        desk.write(books_identity.note_restored, Restoring("a copy", None))
        desk.close()

    def note_refusal(self, context: ExceptionContext) -> None:
        """The database itself has refused something: a guard had to do what a service should have done before."""
        if isinstance(context.sqlalchemy_exception, IntegrityError):
            self.refusals.append(str(context.original_exception))

    def note_writing(self) -> None:
        """A program has committed something, or the books were replaced."""
        self.writings += 1

    @property
    def relay(self) -> QuickRelay | None:
        """The office's first relay while it is on."""
        return self.places[0].relay

    @property
    def relay_settings(self) -> RelaySettings:
        """Those of the first relay."""
        return self.places[0].settings

    def start_relay(self) -> None:
        """Start the first relay on its folder."""
        self.places[0].start()

    def stop_relay(self) -> None:
        """Stop the first relay; a second time does nothing."""
        self.places[0].stop()

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
        secrets = _secrets_of(town)
        self.key = bytes.fromhex(secrets[KEY_NAME])
        self._secrets = secrets
        self._days = 0
        self._log = _Log()
        self._starts: dict[int, Start] = {}
        # What one program has made ready serves the next one too, as in tests/engines.py; the key is this town's own.
        self._statements: dict[Any, Any] = {}
        self._dialects: dict[bool, Dialect] = {}

    def quick(self, engine: Engine, *, is_writer: bool) -> Engine:
        """The same engine with the statements of all programs of this town before."""
        engine.dialect = self._dialects.setdefault(is_writer, engine.dialect)
        return engine.execution_options(compiled_cache=self._statements)

    @contextmanager
    def folder(self) -> Iterator[Path]:
        """A folder in memory that is gone afterwards."""
        with tempfile.TemporaryDirectory(dir=self._folder) as name:
            yield Path(name)

    @property
    def start_books(self) -> Path:
        """The file of the books as every day with one relay begins with them."""
        return Path(self.start(1).books)

    def start(self, relays: int) -> Start:
        """How a day begins with so many relays; the first time it is made."""
        if relays not in self._starts:
            self._starts[relays] = self._furnish(relays)
        return self._starts[relays]

    def _furnish(self, relays: int) -> Start:
        keep = self._folder / f"start-{relays}"
        with self._begin(0, self._slow_start()) as day:
            desk = day.open_desk()
            furnish.widen(desk)
            if relays > 1:
                place = RelayPlace(self.wire, _SECOND_PORT, self._relay_settings(day.folder, 1))
                day.places.append(place)
                furnish.enrol_at(place.start(), f"http://127.0.0.1:{_SECOND_PORT}", desk)
            secrets = desk.secrets.all()
            desk.close()
            for place in day.places:
                place.stop()
            shutil.copytree(day.folder, keep)
            books = self._template_of(day, keep)
        return Start(books, tuple(keep / _RELAYS[number] for number in range(relays)), secrets)

    def _template_of(self, day: QuickDay, keep: Path) -> str:
        if CHOICE.kind is EngineKind.POSTGRESQL:
            # Made from a copy of its own, for those of the day are thrown away with it.
            return server().create(day.shelf.keep())
        return str(keep / "books.db")

    def _slow_start(self) -> Start:
        """The office as the slow town has it: a file in its home, or the database that its settings name."""
        folder = self._town.start_folder
        address = database_of(folder / "office")
        file = folder / "office" / "books.db"
        books = str(file) if address is None else str(make_url(address).database)
        return Start(books, (folder / "relay",), self._secrets)

    def __enter__(self) -> Self:
        self.safaricom = QuickSafaricom(lambda: self.clock.now(), self.loop, self.wire)
        self._stack.callback(self.safaricom._server._socket.close)
        self._stack.callback(self.loop.close)
        self._stack.callback(self.safaricom.begin, 0)
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
    def day(self, seed: int, relays: int = 1) -> Iterator[QuickDay]:
        """Begin anew: the office as furnished, an empty ledger at Safaricom, the relays running."""
        with self._begin(seed, self.start(relays)) as day:
            yield day

    @contextmanager
    def _begin(self, seed: int, start: Start) -> Iterator[QuickDay]:
        self._days += 1
        folder = self._folder / f"day-{self._days}"
        folder.mkdir()
        self.loop.moment = 60.0
        self.clock = TownClock(self.loop, OPENING_TIME)
        self.safaricom.begin(seed)
        self.wire.loses = lambda _path: False
        self.wire.witness = lambda _request: None
        places = [self._place(folder, number, kept) for number, kept in enumerate(start.relays)]
        shelf = new_shelf(folder, self.key)
        shelf.put_back(start.books)
        day = QuickDay(self, folder, start, shelf, places)
        self._log.lines = day.refusals
        with ExitStack() as stack:
            stack.callback(shutil.rmtree, folder)
            stack.callback(shelf.throw_away)
            stack.enter_context(patch("httpx._client.AsyncHTTPTransport", NoNetwork))
            stack.callback(self._log.watch())
            for place in places:
                stack.callback(place.stop)
                place.start()
            stack.callback(self.bury)
            yield day

    def _place(self, folder: Path, number: int, kept: Path) -> RelayPlace:
        shutil.copytree(kept, folder / _RELAYS[number])
        high_water = kept.with_name(kept.name + ".high-water")
        if high_water.exists():
            shutil.copyfile(high_water, folder / high_water.name)
        port = (self._town.port, _SECOND_PORT)[number]
        return RelayPlace(self.wire, port, self._relay_settings(folder, number))

    def bury(self) -> None:
        """End whatever a dead program has left under way; the servers go on."""
        left = {task for task in self.loop.of_programs if not task.done()}
        for task in left:
            task.cancel()
        if left:
            self.loop.run_until_complete(_ended(left))

    def _relay_settings(self, folder: Path, number: int) -> RelaySettings:
        port = (self._town.port, _SECOND_PORT)[number]
        practice = RelaySettings.for_practice(folder / _RELAYS[number], port)
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
