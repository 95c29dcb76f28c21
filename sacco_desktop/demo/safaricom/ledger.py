"""The simulated Safaricom's own accounts in cents. All accounts together are always zero."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

UTILITY = "utility"
WORKING = "working"
CHARGES_PAID = "charges_paid"
FEES = "safaricom_fees"
OUTSIDE = "outside"
FUNDABLE = (UTILITY, WORKING, CHARGES_PAID)


@dataclass(frozen=True, slots=True)
class Movement:
    """Money going from one account to another, never nothing and never backwards."""

    source: str
    target: str
    cents: int
    why: str


class Ledger:
    """Balances by account name. Money only ever moves; bank money comes in through `outside`."""

    def __init__(
        self, utility_cents: int, working_cents: int, now: Callable[[], datetime] | None = None
    ) -> None:
        self.balances: dict[str, int] = defaultdict(int)
        self.movements: list[Movement] = []
        # When each of them moved; empty for a ledger without a clock.
        self.moments: list[datetime] = []
        self._now = now
        self._received: dict[tuple[str, date], int] = defaultdict(int)
        for account, cents in ((UTILITY, utility_cents), (WORKING, working_cents)):
            if cents:
                self.move(Movement(OUTSIDE, account, cents, "opening"))

    def move(self, movement: Movement) -> None:
        """Raises `ValueError` for a sum that is not positive or for a float that is short."""
        if movement.cents <= 0:
            raise ValueError("Only a sum above zero can move.")
        if movement.source in (UTILITY, WORKING) and (
            self.balances[movement.source] < movement.cents
        ):
            raise ValueError(f"{movement.source} does not hold that much.")
        self.balances[movement.source] -= movement.cents
        self.balances[movement.target] += movement.cents
        self.movements.append(movement)
        if self._now is not None:
            self.moments.append(self._now())

    def transfer(self, source: str, target: str, cents: int) -> None:
        """Move money between the organisation's own accounts, as on M-Pesa's portal.

        Raises `ValueError` for accounts that are not its own or the same, or for money not there.
        """
        for account in (source, target):
            if account not in FUNDABLE:
                raise ValueError(f"An account is one of {', '.join(FUNDABLE)}.")
        if source == target:
            raise ValueError("Money moves between two different accounts.")
        if self.balances[source] < cents:
            raise ValueError(f"{source} does not hold that much.")
        self.move(Movement(source, target, cents, "moved by control"))

    def pay_out(self, phone: str, cents: int, fee_cents: int, on: date, receipt: str = "") -> None:
        """From utility to the wallet; the fee makes the charges account go negative."""
        self.move(Movement(UTILITY, wallet(phone), cents, f"payout {receipt}".rstrip()))
        if fee_cents:
            fee = Movement(CHARGES_PAID, FEES, fee_cents, f"payout fee {receipt}".rstrip())
            self.move(fee)
        self._received[phone, on] += cents

    def drain_utility(self) -> None:
        """All of the float goes to working, where a payout cannot use it."""
        if self.balances[UTILITY] > 0:
            self.move(Movement(UTILITY, WORKING, self.balances[UTILITY], "drained"))

    def set_wallet(self, phone: str, cents: int) -> None:
        """Give a wallet this balance, with the difference coming from or going to the outside."""
        difference = cents - self.balances[wallet(phone)]
        if difference > 0:
            self.move(Movement(OUTSIDE, wallet(phone), difference, "set by control"))
        elif difference < 0:
            self.move(Movement(wallet(phone), OUTSIDE, -difference, "set by control"))

    def received_on(self, phone: str, day: date) -> int:
        """What this wallet was paid on this day, in cents."""
        return self._received.get((phone, day), 0)

    def wallet_cents(self, phone: str) -> int:
        """The balance of a wallet in cents; nothing for a phone never heard of."""
        return self.balances.get(wallet(phone), 0)

    def is_conserved(self) -> bool:
        """No money was made or lost: all accounts add up to zero, and so does replaying them."""
        replayed: dict[str, int] = defaultdict(int)
        for movement in self.movements:
            replayed[movement.source] -= movement.cents
            replayed[movement.target] += movement.cents
        same = {k: v for k, v in replayed.items() if v} == {
            k: v for k, v in self.balances.items() if v
        }
        return same and sum(self.balances.values()) == 0


def wallet(phone: str) -> str:
    """The account name of a member's wallet."""
    return f"wallet:{phone}"
