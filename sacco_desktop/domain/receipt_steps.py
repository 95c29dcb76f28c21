"""A payment that names only a member, divided step by step over what the member owes. Pure.

The steps and their order are a dated rule of the society. Within a loan penalties, fees, interest and principal follow
each other by the loan's own rule, the oldest instalment first, so that one late instalment is not left starved.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sacco_desktop.domain.errors import InvalidInput


class Step(StrEnum):
    """What is paid next of a payment that names only a member."""

    FEES = "fees"  # The registration fee, and fees that are brought beside a loan.
    FINES = "fines"
    LOANS = "loans"  # What is due of each loan, the oldest loan first.
    CONTRIBUTIONS = "contributions"  # What is overdue of each product.
    DEPOSITS = "deposits"  # All that is left.


STEP_WORDS = {
    Step.FEES: "Fees",
    Step.FINES: "Fines",
    Step.LOANS: "What is due of loans",
    Step.CONTRIBUTIONS: "Overdue contributions",
    Step.DEPOSITS: "The rest to the deposits",
}


@dataclass(frozen=True, slots=True)
class Due:
    """One thing that a member owes, in cents, and the step in which it is paid. What `is_whole` is paid whole or not at
    all.
    """

    step: Step
    purpose: str
    cents: int
    loan_id: int | None = None
    application_id: int | None = None
    is_whole: bool = False


@dataclass(frozen=True, slots=True)
class Routed:
    """What a payment pays, each with its cents, and the cents that no step takes; together the payment."""

    paid: tuple[tuple[Due, int], ...]
    left_cents: int


def route(cents: int, dues: Iterable[Due], steps: Sequence[Step]) -> Routed:
    """Divide so many cents over what is owed, step by step; within a step in the order in which it is listed."""
    owed = [due for step in steps for due in dues_of(dues, step)]
    left, sums = cents, dict[Due, int]()
    places: dict[tuple[str, int | None, int | None], Due] = {}
    for due in owed:
        share = min(left, due.cents)
        if share <= 0 or (due.is_whole and share < due.cents):
            continue
        # What is overdue of the deposits and what is left for them are one payment into them.
        first = places.setdefault((due.purpose, due.loan_id, due.application_id), due)
        sums[first] = sums.get(first, 0) + share
        left -= share
    return Routed(tuple(sums.items()), left)


def dues_of(dues: Iterable[Due], step: Step) -> tuple[Due, ...]:
    """What of it belongs to one step."""
    return tuple(due for due in dues if due.step is step)


def read_steps(text: str) -> tuple[Step, ...]:
    """The steps from words such as `fees, fines, loans, deposits`. Raises InvalidInput under `value`."""
    words = [word.strip().lower() for word in text.split(",")]
    known = [step.value for step in Step]
    if not all(word in known for word in words) or len(set(words)) != len(words):
        raise InvalidInput(
            f"Write each step once, in the order in which they are paid: {', '.join(known)}."
            " A step that is left out is not paid by itself.",
            "value",
        )
    steps = tuple(Step(word) for word in words)
    if Step.DEPOSITS in steps[:-1]:
        raise InvalidInput(
            "The deposits take all that is left, so they come last or not at all.", "value"
        )
    return steps


def kept_steps(steps: Sequence[Step]) -> str:
    """The steps as `read_steps` reads them."""
    return ", ".join(step.value for step in steps)


def steps_in_words(steps: Sequence[Step]) -> str:
    """`Fees, then fines, then the rest to the deposits`."""
    first, *rest = [STEP_WORDS[step] for step in steps]
    words = [first, *(f"then {one[0].lower()}{one[1:]}" for one in rest)]
    tail = "" if Step.DEPOSITS in steps else "; the rest waits for a person"
    return ", ".join(words) + tail
