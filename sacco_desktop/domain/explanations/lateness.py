"""Why a loan is in arrears with so much, and what the society must provide for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sacco_desktop.domain.dates import add_months, format_date
from sacco_desktop.domain.explanations.explanation import Explanation, Frame, Given, Step, Unit
from sacco_desktop.domain.lateness import days_late
from sacco_desktop.domain.loan_classes import LoanClass, allowance_cents, class_of
from sacco_desktop.domain.loan_position import Left, Position
from sacco_desktop.domain.schedule import Instalment

_ARREARS = (
    "Late is what fell due before this day and is not paid. On its due date itself an instalment is not late yet."
    " What was paid beforehand counts once it has paid an instalment. Penalties that are not paid belong to it."
)
_ALLOWANCE = (
    "The days since the oldest unpaid instalment fell due decide the class, and the class decides which part of the"
    " whole outstanding principal is provided. A loan that was late when it was agreed anew is classed no better than"
    " it was then, for some months. Deposits do not lessen the provision. A half cent goes up."
)


def arrears(
    schedule: Sequence[Instalment], found: Position, today: date, frame: Frame
) -> Explanation:
    """What of the loan is late today, instalment by instalment."""
    late = [line for line in found.left if line.due_on < today and line.total_cents]
    whole = {row.number: row.total_cents for row in schedule}
    given = [Given("as_of", "As of", today, Unit.DAY)]
    for line in late:
        given += _instalment(line, whole[line.number])
    fined = found.penalty_cents
    if fined:
        given.append(Given("penalties", "Penalties not paid", fined))
    since = late[0].due_on if late else None
    days = days_late(since, today)
    notes = [f"The oldest is {days} {'day' if days == 1 else 'days'} late."] if since else []
    return Explanation(
        title="Arrears",
        rule=_ARREARS,
        given=tuple(given),
        steps=(
            *(Step(f"Left of instalment {line.number}", line.total_cents) for line in late),
            *((Step("Penalties", fined),) if fined else ()),
        ),
        result_cents=found.arrears_cents(today),
        frame=Frame(frame.about, frame.as_of, frame.sources, frame.entries, (*notes, *frame.notes)),
    )


def _instalment(line: Left, whole_cents: int) -> list[Given]:
    of, on = str(line.number), line.due_on
    title = f"Instalment {of}, due {format_date(on)}"
    paid = whole_cents - line.total_cents
    found = [Given("due", title, whole_cents, of=of, on=on)]
    if paid:
        found.append(Given("paid", f"Paid of instalment {of}", paid, of=of, on=on))
    return found


@dataclass(frozen=True, slots=True)
class AgreedAnew:
    """A late loan that was agreed anew: since when, and how many days late it was."""

    since: date
    days_late: int


@dataclass(frozen=True, slots=True)
class ToProvide:
    """A loan at the end of a day: its outstanding principal in cents, and the day of its oldest unpaid instalment. For
    `kept_months` after it was agreed anew it is classed no better than it was.
    """

    outstanding_cents: int
    unpaid_since: date | None
    on: date
    agreed_anew: tuple[AgreedAnew, ...] = ()
    kept_months: int = 0


def allowance(loan: ToProvide, classes: Sequence[LoanClass], frame: Frame) -> Explanation:
    """What must be provided for this loan by its class."""
    since, on = loan.unpaid_since, loan.on
    kept = (
        each.days_late
        for each in loan.agreed_anew
        if on < add_months(each.since, loan.kept_months, each.since.day)
    )
    days = max(days_late(since, on), *kept, 0)
    own = class_of(days, classes)
    provided = allowance_cents(loan.outstanding_cents, own)
    late = (Given("since", "Unpaid since", since, Unit.DAY),) if since else ()
    bands = [
        given
        for each in classes
        for given in (
            Given("from_days", f"{each.name} from day", each.from_days, Unit.DAYS, of=each.name),
            Given("percent", f"{each.name} provides", each.percent, Unit.PERCENT, of=each.name),
        )
    ]
    return Explanation(
        title="Provision",
        rule=_ALLOWANCE,
        given=(
            Given("as_of", "As of", on, Unit.DAY),
            Given("outstanding", "Outstanding principal", loan.outstanding_cents),
            *late,
            *_agreed_anew(loan),
            *bands,
        ),
        steps=(
            Step(f"{own.percent} % of it, as {own.name.lower()} at {days} days late", provided),
        ),
        result_cents=provided,
        frame=frame,
    )


def _agreed_anew(loan: ToProvide) -> tuple[Given, ...]:
    """How late the loan was when it was agreed anew, and how long that is remembered."""
    if not loan.agreed_anew:
        return ()
    return (
        Given("kept_months", "Its class is kept for", loan.kept_months, Unit.MONTHS),
        *(
            Given(
                "was_late",
                f"Late when agreed anew on {format_date(each.since)}",
                each.days_late,
                Unit.DAYS,
                on=each.since,
            )
            for each in loan.agreed_anew
        ),
    )
