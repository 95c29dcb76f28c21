"""Fees of a loan, and what is left of it to pay out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.money import format_kes, round_half_up

EXCISE_ACCOUNT = "2140"


@dataclass(frozen=True, slots=True)
class Fee:
    """A fee taken at the payout: `percent` of the approved amount (1 is 1 %), or `amount_cents`.

    Exactly one of the two is given. Floor and cap are cents, before excise. `excise_percent` of the
    fee itself (20 is 20 %) is owed to the state on top of it; 0 where the society charges none.
    """

    code: str
    name: str
    percent: Decimal | None
    amount_cents: int | None
    floor_cents: int | None
    cap_cents: int | None
    account_code: str
    excise_percent: Decimal = Decimal(0)

    def __post_init__(self) -> None:
        if (self.percent is None) == (self.amount_cents is None):
            raise InvalidInput(
                f"The fee {self.name} needs a percentage or an amount, and not both.", "fee"
            )
        amounts = (
            self.percent,
            self.amount_cents,
            self.floor_cents,
            self.cap_cents,
            self.excise_percent,
        )
        if any(amount is not None and amount < 0 for amount in amounts):
            raise InvalidInput(f"The fee {self.name} has a figure below zero.", "fee")
        if self.cap_cents is not None and (self.floor_cents or 0) > self.cap_cents:
            raise InvalidInput(f"The fee {self.name} has a floor above its cap.", "fee")


@dataclass(frozen=True, slots=True)
class Deduction:
    """One line taken off the loan, in cents, and the account that it is credited to."""

    name: str
    amount_cents: int
    account_code: str


def fee_cents(fee: Fee, approved_cents: int) -> int:
    """The fee on an approved amount, in cents: rounded half-up, then held between floor and cap."""
    if fee.percent is None:
        amount = fee.amount_cents or 0
    else:
        amount = round_half_up(Fraction(fee.percent) * approved_cents / 100)
    if fee.floor_cents is not None:
        amount = max(amount, fee.floor_cents)
    if fee.cap_cents is not None:
        amount = min(amount, fee.cap_cents)
    return amount


def deductions(fees: Iterable[Fee], approved_cents: int) -> tuple[Deduction, ...]:
    """The fees on `approved_cents` in their order, each followed by its excise duty.

    Lines of zero are left out. Excise is a debt to the state and never income, so it is always a
    deduction of its own.
    """
    lines = []
    for fee in fees:
        amount = fee_cents(fee, approved_cents)
        excise = round_half_up(Fraction(fee.excise_percent) * amount / 100)
        lines.append(Deduction(fee.name, amount, fee.account_code))
        lines.append(Deduction(f"Excise duty on {fee.name}", excise, EXCISE_ACCOUNT))
    return tuple(line for line in lines if line.amount_cents > 0)


def net_disbursement(approved_cents: int, taken: Iterable[Deduction]) -> int:
    """What is left to pay out, in cents. Raises InvalidInput (`amount`) when it is below zero."""
    lines = tuple(taken)
    if any(line.amount_cents < 0 for line in lines):
        raise ValueError("a deduction is never negative")
    whole = sum(line.amount_cents for line in lines)
    if whole > approved_cents:
        raise InvalidInput(
            f"The deductions of {format_kes(whole)} are more than "
            f"the loan of {format_kes(approved_cents)}. "
            "Raise the loan or take some deductions out.",
            "amount",
        )
    return approved_cents - whole
