"""A simulated Safaricom that runs: over real HTTP, beside the desktop, or inside a test."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import datetime
from types import TracebackType

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect

from sacco_desktop.demo.local_server import LocalServer
from sacco_desktop.demo.safaricom import ledger
from sacco_desktop.demo.safaricom.control import Control
from sacco_desktop.demo.safaricom.desk import Desk
from sacco_desktop.demo.safaricom.errands import Errands
from sacco_desktop.demo.safaricom.faults import Api, ArmedFault
from sacco_desktop.demo.safaricom.gateway import Gateway
from sacco_desktop.demo.safaricom.members import Members
from sacco_desktop.demo.safaricom.money_in_doors import MoneyInDoors
from sacco_desktop.demo.safaricom.page.routes import Page
from sacco_desktop.demo.safaricom.profile import Profile
from sacco_desktop.demo.safaricom.replies import gone
from sacco_desktop.demo.safaricom.world import Message, Transaction, World
from sacco_desktop.gateways.daraja.connection import B2CVersion, DarajaConnection, Timeouts


class SimulatedSafaricom:
    """`with SimulatedSafaricom(now) as safaricom:` serves until the block ends.

    Its methods may be called from any thread. Sums are in cents. `seed` makes ids repeatable.
    """

    def __init__(
        self,
        now: Callable[[], datetime],
        *,
        profile: Profile | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
        seed: int | None = None,
    ) -> None:
        self._world = World(profile or Profile(), now, seed)
        self._errands = Errands(self._world)
        doors = MoneyInDoors(self._world, self._errands)
        gateway = Gateway(
            self._world, self._errands, doors, lambda client: self._server.drop(client)
        )
        desk = Desk(self._world, self._errands, doors.paybill)
        self.members = Members(self._world, doors.paybill, lambda act: self._server.call_soon(act))
        control, page = Control(self._world, desk), Page(self._world, self._errands, desk)
        self.application = Starlette(
            routes=[*page.routes(), *control.routes(), *gateway.routes()],
            exception_handlers={ClientDisconnect: gone},
            lifespan=self._lifespan,
        )
        self._server = LocalServer(
            self.application, host=host, port=port, name="simulated Safaricom"
        )

    def __enter__(self) -> SimulatedSafaricom:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Serve in a thread; returns when it answers."""
        self._server.start()

    def stop(self) -> None:
        """End at once; hanging requests are cut and callbacks not yet posted are lost."""
        self._server.stop()

    def run(self) -> None:
        """Serve in this thread until Ctrl-C."""
        self._server.run()

    @property
    def base_url(self) -> str:
        """Where the desktop's practice connection points to."""
        return self._server.base_url

    @property
    def profile(self) -> Profile:
        """The keys, the limits and the shortcode."""
        return self._world.profile

    @property
    def certificate_pem(self) -> str:
        """What a person would download from the portal."""
        return self._world.key.certificate_pem

    def connection(
        self, b2c_version: B2CVersion = "v3", timeouts: Timeouts | None = None
    ) -> DarajaConnection:
        """The desktop's settings for this very Safaricom."""
        profile = self.profile
        return DarajaConnection(
            environment="practice",
            shortcode=profile.shortcode,
            consumer_key=profile.consumer_key,
            consumer_secret=profile.consumer_secret,
            initiator_name=profile.initiator_name,
            initiator_password=profile.initiator_password,
            certificate_pem=self.certificate_pem,
            b2c_version=b2c_version,
            base_url=self.base_url,
            timeouts=timeouts or Timeouts(),
            passkey=profile.passkey,
        )

    def arm(
        self,
        fault: str,
        *,
        times: int = 1,
        match_phone: str = "",
        match_id: str = "",
        api: Api | None = None,
        **options: object,
    ) -> ArmedFault:
        """Let a fault hit the next `times` requests that fit. Raises `ValueError`."""
        with self._world.changed:
            return self._world.faults.arm(
                fault,
                times=times,
                match_phone=match_phone,
                match_id=match_id,
                api=api,
                options=options,
            )

    def disarm(self) -> None:
        """Nothing goes wrong on purpose any more."""
        with self._world.changed:
            self._world.faults.clear()

    def set_oddities(self, **changes: object) -> None:
        """Switch spellings; see `Oddities`. Raises `ValueError`."""
        with self._world.changed:
            self._world.switch_oddities(changes)

    def set_outcome(self, phone: str, code: str) -> None:
        """From now on each payout to this phone ends in this code; empty text ends that."""
        with self._world.changed:
            self._world.outcomes[phone] = code

    def set_wallet(self, phone: str, *, cents: int = 0, is_registered: bool = True) -> None:
        """Give a wallet a balance, or make its owner unknown to M-Pesa."""
        with self._world.changed:
            self._world.set_wallet(phone, cents)
            if is_registered:
                self._world.unregistered.discard(phone)
            else:
                self._world.unregistered.add(phone)

    def register_line(
        self, phone: str, id_number: str, id_type: str = "01", name: str = ""
    ) -> None:
        """Say whose line it is, for payouts with an identity check. Raises `ValueError`."""
        self._world.register_line(phone, id_number, id_type)
        self._world.name_line(phone, name)

    def switch_product(self, product: str, *, is_enabled: bool = True) -> None:
        """Let the app use an interface such as `b2cvalidate/v2`. Raises `ValueError`."""
        self._world.switch_product(product, is_enabled=is_enabled)

    def fund(self, cents: int, account: str = ledger.UTILITY) -> None:
        """Bank money comes into an account."""
        with self._world.changed:
            self._world.ledger.move(ledger.Movement(ledger.OUTSIDE, account, cents, "funded"))

    def set_initiator(self, *, password: str | None = None, is_locked: bool = False) -> None:
        """Change the API operator's password on M-Pesa's side, lock or unlock the user."""
        with self._world.changed:
            self._world.initiator.is_locked = is_locked
            self._world.initiator.wrong_passwords = 0
            if password is not None:
                self._world.initiator.password = password

    def release_callbacks(self) -> None:
        """Do now what was put off: late results and settlements, payments after a time-out."""
        self._server.call_soon(self._errands.release)

    def reset(self, profile: Profile | None = None) -> None:
        """Begin again; what was still to be posted is lost."""
        # First what is under way, lest an errand of the old world reports into the new one.
        self._server.call(self._errands.forget)
        self._world.reset(profile)

    @property
    def transactions(self) -> tuple[Transaction, ...]:
        """Copies of all payouts taken, oldest first."""
        with self._world.changed:
            return tuple(replace(t) for t in self._world.transactions)

    def payment(self, originator_id: str) -> Transaction | None:
        """The payout under this id, whether it was paid or not."""
        found = [t for t in self.transactions if t.originator_id == originator_id]
        return found[-1] if found else None

    @property
    def messages(self) -> tuple[Message, ...]:
        """Requests that came and callbacks that went."""
        with self._world.changed:
            return tuple(self._world.messages)

    def balance_cents(self, account: str = ledger.UTILITY) -> int:
        """utility, working, charges_paid, or wallet:2547…"""
        with self._world.changed:
            return self._world.ledger.balances.get(account, 0)

    def wallet_cents(self, phone: str) -> int:
        """What this member's wallet holds."""
        return self.balance_cents(ledger.wallet(phone))

    @property
    def is_conserved(self) -> bool:
        """Whether every cent is still somewhere."""
        with self._world.changed:
            return self._world.ledger.is_conserved()

    @property
    def tokens_issued(self) -> int:
        """How often a token was given out."""
        return self._world.tokens.issued

    def wait_for(self, condition: Callable[[], bool], seconds: float = 5.0) -> bool:
        """Wait until something here makes the condition true; False when the time ran out."""
        with self._world.changed:
            return self._world.changed.wait_for(condition, seconds)

    def wait_until_quiet(self, seconds: float = 5.0) -> bool:
        """Wait until each callback that is not held back has been posted."""
        return self.wait_for(lambda: self._errands.busy == 0, seconds)

    @property
    def held_back(self) -> int:
        """How many callbacks or settlements wait for their time or for a release."""
        return self._errands.held

    @contextlib.asynccontextmanager
    async def _lifespan(self, _: Starlette) -> AsyncIterator[None]:
        await self._errands.open()
        try:
            yield
        finally:
            await self._errands.close()
