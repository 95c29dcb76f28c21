"""What a running loan owes: its schedule less what was paid on each part of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from sacco_desktop.domain.allocation import Allocation, AllocationRule, Component, Owed, allocate
from sacco_desktop.domain.schedule import Instalment


class Overpayment(StrEnum):
    """What becomes of a payment that is more than what has fallen due; a setting of the society."""

    HOLD = "hold"
    DEPOSITS = "deposits"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class Left:
    """What is left to pay of one instalment, in cents."""

    number: int
    due_on: date
    principal_cents: int
    interest_cents: int
    fee_cents: int

    @property
    def total_cents(self) -> int:
        """All parts together."""
        return self.principal_cents + self.interest_cents + self.fee_cents

    def owed(self) -> tuple[Owed, ...]:
        """The parts as a repayment meets them."""
        return (
            Owed(self.number, Component.FEE, self.fee_cents),
            Owed(self.number, Component.INTEREST, self.interest_cents),
            Owed(self.number, Component.PRINCIPAL, self.principal_cents),
        )


@dataclass(frozen=True, slots=True)
class Position:
    """What is left of every instalment, the cents that were paid for instalments to come, and the penalties that are
    charged and not paid. A penalty is owed from the day of its charge on.
    """

    left: tuple[Left, ...]
    prepaid_cents: int = 0
    penalty_cents: int = 0

    @property
    def penalties(self) -> tuple[Owed, ...]:
        """The penalties as a repayment meets them."""
        return (Owed(0, Component.PENALTY, self.penalty_cents),) if self.penalty_cents else ()

    @property
    def principal_cents(self) -> int:
        """The outstanding principal."""
        return sum(line.principal_cents for line in self.left)

    @property
    def is_repaid(self) -> bool:
        """Whether nothing is left of any instalment nor of a penalty."""
        return not self.penalty_cents and all(line.total_cents == 0 for line in self.left)

    def fallen_due(self, on: date) -> tuple[Left, ...]:
        """The instalments that are due by the end of that day and not wholly paid."""
        return tuple(line for line in self.left if line.due_on <= on and line.total_cents)

    def due_cents(self, on: date) -> int:
        """What is due by the end of that day, in cents, with the penalties."""
        return self.penalty_cents + sum(line.total_cents for line in self.fallen_due(on))

    def arrears_cents(self, today: date) -> int:
        """What is late, in cents, with the penalties: on its due date itself nothing is late yet."""
        late = sum(line.total_cents for line in self.left if line.due_on < today)
        return late + self.penalty_cents

    @property
    def unpaid_since(self) -> date | None:
        """When the oldest instalment falls due, or fell due, of which something is left; None when nothing is."""
        return min((line.due_on for line in self.left if line.total_cents), default=None)


def position(
    schedule: Iterable[Instalment],
    paid: Iterable[Owed],
    prepaid_cents: int = 0,
    penalty_cents: int = 0,
) -> Position:
    """What is left of each instalment after these payments, and of the penalties. Raises ValueError when more was paid
    than was owed.
    """
    sums: dict[tuple[int, Component], int] = {}
    for part in paid:
        place = part.instalment, part.component
        sums[place] = sums.get(place, 0) + part.cents
    left = []
    for row in schedule:
        line = Left(
            row.number,
            row.due_on,
            row.principal_cents - sums.pop((row.number, Component.PRINCIPAL), 0),
            row.interest_cents - sums.pop((row.number, Component.INTEREST), 0),
            row.fee_cents - sums.pop((row.number, Component.FEE), 0),
        )
        if min(line.principal_cents, line.interest_cents, line.fee_cents) < 0:
            raise ValueError(f"instalment {row.number} was paid more than once")
        left.append(line)
    # Principal that was repaid early belongs to no instalment: the schedule that came with it is smaller by it.
    sums.pop((0, Component.PRINCIPAL), None)
    if any(
        cents for (_number, component), cents in sums.items() if component is not Component.PENALTY
    ):
        raise ValueError("something was paid on an instalment that does not exist")
    return Position(tuple(left), prepaid_cents, penalty_cents)


def with_prepayment_used(found: Position, on: date, rule: AllocationRule) -> Position:
    """The position once what was prepaid has paid the instalments that are due by the end of that day."""
    kept, left = found.prepaid_cents, []
    for line in found.left:
        if kept and line.due_on <= on and line.total_cents:
            paid = allocate(kept, line.owed(), rule)
            kept = paid.over_cents
            line = replace(
                line,
                principal_cents=line.principal_cents - paid.paid_cents(Component.PRINCIPAL),
                interest_cents=line.interest_cents - paid.paid_cents(Component.INTEREST),
                fee_cents=line.fee_cents - paid.paid_cents(Component.FEE),
            )
        left.append(line)
    return replace(found, left=tuple(left), prepaid_cents=kept)


@dataclass(frozen=True, slots=True)
class Division:
    """How a payment divides: over what is due, what is kept for instalments to come, and what goes to the member's
    deposits; all in cents, and together the payment.
    """

    parts: tuple[Owed, ...]
    prepaid_cents: int = 0
    deposits_cents: int = 0


def divide(
    amount_cents: int,
    found: Position,
    on: date,
    rule: AllocationRule,
    over: Overpayment,
) -> Division:
    """Divide a payment of that day. What is over is never more than the loan can take: the rest goes to the deposits.

    What REFUSE would leave over is told as deposits; the caller refuses it.
    """
    due = [*found.penalties, *(part for line in found.fallen_due(on) for part in line.owed())]
    paid: Allocation = allocate(amount_cents, due, rule)
    rest = paid.over_cents
    to_come = [line for line in found.left if line.due_on > on]
    if over is Overpayment.HOLD:
        kept = min(rest, sum(line.total_cents for line in to_come) - found.prepaid_cents)
        return Division(paid.parts, prepaid_cents=max(0, kept), deposits_cents=rest - max(0, kept))
    return Division(paid.parts, deposits_cents=rest)
