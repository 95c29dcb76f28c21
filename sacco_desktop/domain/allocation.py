"""How a repayment divides over what a loan owes, component by component and instalment by instalment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Component(StrEnum):
    """What of a loan a shilling can repay."""

    RECOVERY_COST = "recovery_cost"
    PENALTY = "penalty"
    FEE = "fee"
    INTEREST = "interest"
    PRINCIPAL = "principal"


class Direction(StrEnum):
    """Horizontal pays the oldest instalment whole before the next, vertical one component of all of them first."""

    HORIZONTAL = "horizontal"
    VERTICAL = "vertical"


DEFAULT_ORDER = (
    Component.RECOVERY_COST,
    Component.PENALTY,
    Component.FEE,
    Component.INTEREST,
    Component.PRINCIPAL,
)


@dataclass(frozen=True, slots=True)
class Owed:
    """One component of one instalment that is still owed, in cents. Instalment 0 is what belongs to the loan as a
    whole, such as a penalty, and comes before all instalments.
    """

    instalment: int
    component: Component
    cents: int


@dataclass(frozen=True, slots=True)
class AllocationRule:
    """The order of the components and the direction, as a society has set them for a product."""

    order: tuple[Component, ...] = DEFAULT_ORDER
    direction: Direction = Direction.HORIZONTAL

    def __post_init__(self) -> None:
        if sorted(self.order) != sorted(Component):
            raise ValueError("an order of allocation names each component once")


@dataclass(frozen=True, slots=True)
class Allocation:
    """What a repayment paid, in the order in which it did, and the cents that nothing was owed for."""

    parts: tuple[Owed, ...]
    over_cents: int

    def paid_cents(self, component: Component) -> int:
        """What of it went to one component, in cents."""
        return sum(part.cents for part in self.parts if part.component is component)


def allocate(amount_cents: int, owed: Iterable[Owed], rule: AllocationRule) -> Allocation:
    """Divide a repayment over what is owed now; in whatever order that is listed, the parts are the same.

    The parts and what is over always add up to the amount.
    """
    if amount_cents <= 0:
        raise ValueError("a repayment is more than zero")
    left = amount_cents
    parts = []
    for due in _in_order(owed, rule):
        paid = min(left, due.cents)
        if paid > 0:
            parts.append(Owed(due.instalment, due.component, paid))
            left -= paid
    return Allocation(tuple(parts), left)


def _in_order(owed: Iterable[Owed], rule: AllocationRule) -> Sequence[Owed]:
    place = {component: number for number, component in enumerate(rule.order)}

    def horizontal(due: Owed) -> tuple[int, int]:
        return due.instalment, place[due.component]

    def vertical(due: Owed) -> tuple[int, int]:
        return place[due.component], due.instalment

    found = [due for due in owed if due.cents > 0]
    return sorted(found, key=horizontal if rule.direction is Direction.HORIZONTAL else vertical)


@dataclass(frozen=True, slots=True)
class Claim:
    """One purpose of a receipt and what it can take, in cents; None takes whatever is left."""

    purpose: str
    cents: int | None


def waterfall(amount_cents: int, claims: Iterable[Claim]) -> Iterator[tuple[str, int]]:
    """Divide one receipt over several purposes, each full before the next; the shares add up to the amount.

    The last claim should take whatever is left; a receipt that no claim takes wholly is refused.
    """
    left = amount_cents
    for claim in claims:
        share = left if claim.cents is None else min(left, claim.cents)
        yield claim.purpose, share
        left -= share
    if left:
        raise ValueError(f"{left} cents have no purpose")
