"""A running program of the quick town: on the wire instead of the network, in one thread, and mortal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import httpx
from sqlalchemy import event
from sqlalchemy.orm import Session

from sacco_desktop.db.engine import Database
from sacco_desktop.gateways.daraja.client import DarajaClient
from sacco_desktop.gateways.daraja.connection import Timeouts
from sacco_desktop.operations.lanes import Lanes
from sacco_desktop.operations.office import Office
from sacco_desktop.services.books.work import CLOCK, Books
from sacco_desktop.services.sending import crash_recovery, payout_batches
from tests.faults.desk import NOT_PROVEN, Desk
from tests.faults.histories import Heart
from tests.faults.quick.virtual_time import OneThread
from tests.faults.quick.wire import Wire
from tests.faults.standing import Stand

if TYPE_CHECKING:
    from tests.faults.quick.town import QuickDay

# The network is as slow as in life here, for it costs nothing.
TIMEOUTS = Timeouts(connect_seconds=10.0, read_seconds=30.0, result_seconds=30.0)


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

    def all(self) -> dict[str, str]:
        """Everything that is kept."""
        return dict(self._secrets)


class QuickDesk(Desk):
    """A running program of the quick town, which may die."""

    def __init__(self, day: QuickDay, pc: str, pause: Callable[[], float] | None) -> None:
        town = day.town
        self.quick_day, self.pc, self.heart = day, pc, Heart()
        opened = day.shelf.open()
        self.database = _Mortal(
            opened.path,
            town.quick(opened.writer, is_writer=True),
            town.quick(opened.reader, is_writer=False),
            opened.others,
            heart=self.heart,
            written=day.note_writing,
        )
        books = Books(self.database, now=day.office_now, pc_name=pc)
        lanes: Lanes = OneThread(town.loop, pause)
        self.secrets = KeptSecrets(day.start.secrets)
        office = _WiredOffice(books, lanes, self.secrets, now=day.office_now, timeouts=TIMEOUTS)
        office.put_on_wire(town.wire, self.heart)
        super().__init__(day, office)  # type: ignore[arg-type]  # the two days have the same face
        event.listen(self.database.writer, "handle_error", day.note_refusal)
        self.proven_entries = NOT_PROVEN
        self._stand: tuple[int, Stand] | None = None
        is_alone = pause is None
        recover = crash_recovery.recover if is_alone else crash_recovery.recover_of_this_pc
        office.books.write(recover, None, actor=CLOCK)
        office.books.write(payout_batches.recover, None, actor=CLOCK)

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
