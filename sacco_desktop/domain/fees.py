"""Fees of a loan, when they are paid, and what is left of the loan to pay out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.money import format_kes, round_half_up

EXCISE_ACCOUNT = "2140"


class FeeTiming(StrEnum):
    """When a fee is paid: taken off the loan, lent on top of it, in each instalment, or brought beside it."""

    UPFRONT_DEDUCTED = "upfront_deducted"
    ADDED_TO_LOAN = "added_to_loan"
    PER_INSTALMENT = "per_instalment"
    PAID_SEPARATELY = "paid_separately"


class FeeBasis(StrEnum):
    """What a percentage is taken of: the approved amount, or the principal of an old loan that this one clears."""

    APPROVED_AMOUNT = "approved_amount"
    CLEARED_PRINCIPAL = "cleared_principal"


@dataclass(frozen=True, slots=True)
class Fee:
    """A fee on a loan: `percent` of its basis (1 is 1 %), or `amount_cents`; exactly one of the two is given.

    Floor and cap are cents, before excise. `excise_percent` of the fee itself (20 is 20 %) is owed to the state on top
    of it; 0 where the society charges none. A fee per instalment is this much in every instalment.
    """

    code: str
    name: str
    percent: Decimal | None
    amount_cents: int | None
    floor_cents: int | None
    cap_cents: int | None
    account_code: str
    excise_percent: Decimal = Decimal(0)
    timing: FeeTiming = FeeTiming.UPFRONT_DEDUCTED
    basis: FeeBasis = FeeBasis.APPROVED_AMOUNT

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


def fee_cents(fee: Fee, approved_cents: int, cleared_cents: int = 0) -> int:
    """The fee in cents: rounded half-up, then held between floor and cap. `cleared_cents` is the principal of an old
    loan that is cleared; a fee on it is nothing where nothing is cleared.
    """
    is_on_old_loan = fee.basis is FeeBasis.CLEARED_PRINCIPAL
    if is_on_old_loan and cleared_cents == 0:
        return 0
    if fee.percent is None:
        amount = fee.amount_cents or 0
    else:
        basis = cleared_cents if is_on_old_loan else approved_cents
        amount = round_half_up(Fraction(fee.percent) * basis / 100)
    if fee.floor_cents is not None:
        amount = max(amount, fee.floor_cents)
    if fee.cap_cents is not None:
        amount = min(amount, fee.cap_cents)
    return amount


def fee_lines(
    fees: Iterable[Fee], timing: FeeTiming, approved_cents: int, cleared_cents: int = 0
) -> tuple[Deduction, ...]:
    """The fees of one timing in their order, each followed by its excise duty.

    Lines of zero are left out. Excise is a debt to the state and never income, so it is always a line of its own.
    """
    lines = []
    for fee in fees:
        if fee.timing is not timing:
            continue
        amount = fee_cents(fee, approved_cents, cleared_cents)
        excise = round_half_up(Fraction(fee.excise_percent) * amount / 100)
        lines.append(Deduction(fee.name, amount, fee.account_code))
        lines.append(Deduction(f"Excise duty on {fee.name}", excise, EXCISE_ACCOUNT))
    return tuple(line for line in lines if line.amount_cents > 0)


def total_cents(lines: Iterable[Deduction]) -> int:
    """All lines together, in cents."""
    return sum(line.amount_cents for line in lines)


def net_disbursement(approved_cents: int, taken: Iterable[Deduction]) -> int:
    """What is left to pay out, in cents. Raises InvalidInput (`amount`) when it is below zero."""
    lines = tuple(taken)
    if any(line.amount_cents < 0 for line in lines):
        raise ValueError("a deduction is never negative")
    whole = total_cents(lines)
    if whole > approved_cents:
        raise InvalidInput(
            f"The deductions of {format_kes(whole)} are more than "
            f"the loan of {format_kes(approved_cents)}. "
            "Raise the loan or take some deductions out.",
            "amount",
        )
    return approved_cents - whole
