"""What members do at their phones, for tests and for the practice office. May be called from any thread."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from sacco_desktop.demo.safaricom.incoming import Incoming, PhonePrompt
from sacco_desktop.demo.safaricom.paybill import Paybill
from sacco_desktop.demo.safaricom.world import World


class Members:
    """Members who pay to the paybill, and what they were asked. Sums in cents."""

    def __init__(
        self, world: World, paybill: Paybill, call_soon: Callable[[Callable[[], None]], None]
    ) -> None:
        self._world = world
        self._paybill = paybill
        self._call_soon = call_soon

    def pay(
        self, phone: str, cents: int, reference: str = "", *, patience_seconds: float = 5.0
    ) -> Incoming:
        """Somebody pays to the paybill; returns the payment when M-Pesa has it.

        Raises `TimeoutError` when the payment was declined.
        """
        before = len(self.payments)
        self._call_soon(lambda: self._paybill.pay(phone, cents, reference))
        with self._world.changed:
            if not self._world.changed.wait_for(
                lambda: len(self._world.incoming) > before, patience_seconds
            ):
                raise TimeoutError("The payment was declined.")
            return replace(self._world.incoming[-1])

    def forge(self, phone: str, cents: int, reference: str = "") -> None:
        """Somebody who knows the address reports a payment that never was."""
        self._call_soon(lambda: self._paybill.forge(phone, cents, reference))

    @property
    def payments(self) -> tuple[Incoming, ...]:
        """Copies of all payments to the paybill, oldest first."""
        with self._world.changed:
            return tuple(replace(paid) for paid in self._world.incoming)

    @property
    def prompts(self) -> tuple[PhonePrompt, ...]:
        """Copies of all prompts, oldest first."""
        with self._world.changed:
            return tuple(replace(prompt) for prompt in self._world.prompts)
