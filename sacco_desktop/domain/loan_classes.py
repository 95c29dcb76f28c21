"""Classes of loans by days in arrears, what must be provided for each, and the portfolio at risk."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.money import round_half_up

_PERCENT = re.compile(r"[0-9]{1,3}(\.[0-9]{1,2})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class LoanClass:
    """One class: its name, the first day in arrears that belongs to it, and the percentage to provide (25 is 25 %)."""

    name: str
    from_days: int
    percent: Decimal


# The table of the deposit-taking regulations; societies and years differ, so it is shipped as a dated row.
REGULATED = (
    LoanClass("Performing", 0, Decimal(1)),
    LoanClass("Watch", 1, Decimal(5)),
    LoanClass("Substandard", 31, Decimal(25)),
    LoanClass("Doubtful", 181, Decimal(50)),
    LoanClass("Loss", 361, Decimal(100)),
)


@dataclass(frozen=True, slots=True)
class Provision:
    """What one class holds: loans, their outstanding principal and the allowance wanted, in cents."""

    loan_class: LoanClass
    count: int
    outstanding_cents: int
    allowance_cents: int


@dataclass(frozen=True, slots=True)
class PortfolioAtRisk:
    """The outstanding principal of all loans late by more than `days`, and of all loans, in cents."""

    days: int
    late_cents: int
    outstanding_cents: int

    @property
    def percent(self) -> Decimal:
        """The share in percent to two decimals; nothing at risk where nothing is owed."""
        if self.outstanding_cents == 0:
            return Decimal("0.00")
        share = round_half_up(Fraction(self.late_cents * 10_000, self.outstanding_cents))
        return Decimal(share).scaleb(-2)


_NAMES = tuple(each.name for each in REGULATED)
_EXAMPLE = "0: 1, 1: 5, 31: 25, 181: 50, 361: 100"


def read_classes(text: str) -> tuple[LoanClass, ...]:
    """The five classes from pairs of the first day and the percentage, such as `0: 1, 1: 5, 31: 25, 181: 50, 361: 100`.

    Raises InvalidInput under `value` when that is not what is written, or when days or percentages cannot be.
    """
    wrong = (
        f"Write the first day and the percentage of each of the five classes, such as {_EXAMPLE}."
    )
    pairs = [each.replace("%", "").split(":") for each in text.split(",")]
    if len(pairs) != len(_NAMES) or any(len(pair) != 2 for pair in pairs):
        raise InvalidInput(wrong, "value")
    days, percents = ([pair[place].strip() for pair in pairs] for place in (0, 1))
    if not all(each.isascii() and each.isdigit() and len(each) <= 5 for each in days):
        raise InvalidInput(wrong, "value")
    if not all(_PERCENT.fullmatch(each) for each in percents):
        raise InvalidInput(wrong, "value")
    rows = zip(_NAMES, days, percents, strict=True)
    classes = tuple(LoanClass(name, int(day), Decimal(percent)) for name, day, percent in rows)
    try:
        check_classes(classes)
    except ValueError as error:
        raise InvalidInput(f"In the list, {error}.", "value") from error
    return classes


def kept_text(classes: Sequence[LoanClass]) -> str:
    """The classes as `read_classes` reads them."""
    return ", ".join(f"{each.from_days}: {each.percent}" for each in classes)


def in_words(classes: Sequence[LoanClass]) -> str:
    """`Performing 1 %, Watch from day 1 5 %, …`."""
    told = (
        f"{each.name} from day {each.from_days}: {each.percent} %"
        if each.from_days
        else f"{each.name}: {each.percent} %"
        for each in classes
    )
    return "; ".join(told)


def class_of(days_in_arrears: int, classes: Sequence[LoanClass]) -> LoanClass:
    """The class of a loan that is so many days in arrears; the classes are in the order of their days."""
    return [found for found in classes if found.from_days <= max(0, days_in_arrears)][-1]


def check_classes(classes: Sequence[LoanClass]) -> None:
    """Raises ValueError unless the classes begin at day 0, rise, and provide from nothing to everything."""
    days = [found.from_days for found in classes]
    if not days or days[0] != 0 or days != sorted(set(days)):
        raise ValueError("classes begin at day 0 and rise")
    if any(not 0 <= found.percent <= 100 for found in classes):
        raise ValueError("a class provides 0 to 100 percent")


def allowance_cents(outstanding_cents: int, loan_class: LoanClass) -> int:
    """What must be provided for this principal in this class, in cents; a half cent goes up."""
    return round_half_up(Fraction(outstanding_cents) * Fraction(loan_class.percent) / 100)


def provisions(
    outstanding: Mapping[str, tuple[int, int]], classes: Sequence[LoanClass]
) -> tuple[Provision, ...]:
    """The allowance of each class, from the count and the outstanding cents under its name; on the whole principal."""
    found = []
    for each in classes:
        count, cents = outstanding.get(each.name, (0, 0))
        found.append(Provision(each, count, cents, allowance_cents(cents, each)))
    return tuple(found)


def provision_expense_cents(wanted: Iterable[Provision], allowance_held_cents: int) -> int:
    """What must be charged to expense so that the allowance is as wanted; negative where too much is held."""
    return sum(each.allowance_cents for each in wanted) - allowance_held_cents


def at_risk(loans: Iterable[tuple[int, int]], days: int) -> PortfolioAtRisk:
    """PAR over `days`, from pairs of days in arrears and outstanding cents."""
    late = whole = 0
    for arrears, cents in loans:
        whole += cents
        late += cents if arrears > days else 0
    return PortfolioAtRisk(days, late, whole)
