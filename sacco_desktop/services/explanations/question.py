"""Which figure is asked about, of whom, and as of which day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Figure(StrEnum):
    """The figures that can be asked about; the value is the word for it on a button."""

    LIMIT = "Can borrow"
    LOAN_LIMIT = "Can borrow beside this loan"
    FREE_DEPOSITS = "Free deposits"
    CAPACITY = "Can still guarantee"
    ARREARS = "Arrears"
    PAYOFF = "Payoff"
    ALLOWANCE = "Provision"
    PENALTY = "Penalty"


# These stand as of any day; the others as of now.
OF_ANY_DAY = frozenset({Figure.PAYOFF, Figure.ALLOWANCE})


@dataclass(frozen=True, slots=True)
class Question:
    """`about` is the id of a member for what a member can do, of a loan for what a loan owes, and of the charge for a
    penalty. Without `on` it is today.
    """

    figure: Figure
    about: int
    product_code: str = ""
    on: date | None = None
