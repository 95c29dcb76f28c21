"""Why so much of a member's deposits is free, and what binds the rest."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from sacco_desktop.domain.explanations.explanation import Explanation, Frame, Given, Step, Unit

_RULE = (
    "Free is what may be paid out of the deposits: not what other payouts on their way take. What the own loans need"
    " stays, which is all of them divided by the strictest multiple of their products, part of a cent counting as a"
    " whole one. What promises for others bind stays too, never more than their loans owe. It is never below zero."
)
_NOT_KEPT = (
    "Free is what may be paid out of the deposits: not what other payouts on their way take. This society lets"
    " deposits go although loans or promises rest on them. It is never below zero."
)

_NEVER = (
    "The terms of the deposits say that they are paid back only when a member leaves, so nothing of them is free while"
    " the member stays. Settling the leaving pays them."
)


@dataclass(frozen=True, slots=True)
class CarriedLoan:
    """An own loan that rests on the deposits: what was lent in cents, and how many times them its product lends."""

    number: str
    lent_cents: int
    multiple: Decimal


@dataclass(frozen=True, slots=True)
class LockedPromise:
    """A promise for a loan of somebody else, in cents: what of it binds, and what that loan owes."""

    loan_number: str
    live_cents: int
    owed_cents: int


@dataclass(frozen=True, slots=True)
class DepositFacts:
    """The deposits of a member in cents, and what rests on them; `keeps` is the society's rule that it must stay, and
    `is_paid_out` whether the terms pay any of them out at all.
    """

    balance_cents: int
    on_the_way_cents: int
    keeps: bool
    loans: tuple[CarriedLoan, ...] = ()
    promises: tuple[LockedPromise, ...] = ()
    is_paid_out: bool = True


def needed_for_loans(loans: tuple[CarriedLoan, ...]) -> int:
    """The deposits that own loans need, in cents, by the strictest multiple among their products."""
    multiples = [loan.multiple for loan in loans]
    if not multiples or min(multiples) <= 0:
        return 0
    needed = Decimal(sum(loan.lent_cents for loan in loans)) / min(multiples)
    return int(needed.to_integral_value(ROUND_CEILING))


def free_deposits(facts: DepositFacts, frame: Frame) -> Explanation:
    """What of the deposits may be paid out."""
    loans = needed_for_loans(facts.loans) if facts.keeps else 0
    bound = [min(one.live_cents, one.owed_cents) if facts.keeps else 0 for one in facts.promises]
    left = facts.balance_cents - facts.on_the_way_cents - loans - sum(bound)
    stays = 0 if facts.is_paid_out else max(left, 0)
    rule = _RULE if facts.keeps else _NOT_KEPT
    return Explanation(
        title="Free deposits",
        rule=rule if facts.is_paid_out else _NEVER,
        given=_given(facts),
        steps=(
            Step("Deposits", facts.balance_cents),
            Step("Payouts on their way", -facts.on_the_way_cents),
            Step("Needed for own loans", -loans),
            *(
                Step(f"Bound for {one.loan_number}", -cents)
                for one, cents in zip(facts.promises, bound, strict=True)
            ),
            *((Step("Stays until the member leaves", -stays),) if stays else ()),
        ),
        result_cents=max(left, 0) - stays,
        frame=frame,
    )


def _given(facts: DepositFacts) -> tuple[Given, ...]:
    found = [
        Given("deposits", "Deposits", facts.balance_cents),
        Given("on_the_way", "Payouts on their way take", facts.on_the_way_cents),
        Given(
            "keeps",
            "Loans and promises keep deposits",
            "yes" if facts.keeps else "no",
            Unit.WORDS,
        ),
        Given(
            "paid_out",
            "Deposits are paid out while a member stays",
            "yes" if facts.is_paid_out else "no",
            Unit.WORDS,
        ),
    ]
    for loan in facts.loans:
        found.append(
            Given("lent", f"Own loan {loan.number}, lent", loan.lent_cents, of=loan.number)
        )
        label = f"Multiple of the product of {loan.number}"
        found.append(Given("multiple", label, loan.multiple, Unit.TIMES, of=loan.number))
    for one in facts.promises:
        label = f"Promise for {one.loan_number} binds"
        found.append(Given("promise", label, one.live_cents, of=one.loan_number))
        found.append(Given("owed", f"{one.loan_number} owes", one.owed_cents, of=one.loan_number))
    return tuple(found)
