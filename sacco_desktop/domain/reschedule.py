"""A running loan is agreed anew: what is outstanding over new instalments, and what has fallen due is not forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.loan_position import Left, Position
from sacco_desktop.domain.loan_terms import LoanTerms
from sacco_desktop.domain.money import Rounding, rounded_ratio
from sacco_desktop.domain.schedule import Instalment, make_schedule
from sacco_desktop.domain.settlement import Running


@dataclass(frozen=True, slots=True)
class Anew:
    """The schedule from a day on, in cents: the outstanding principal over the new instalments, which come behind
    number `before`. Interest and fees that were late, and the interest for the days of the period that had begun, fall
    due with the first of them: they are neither forgiven nor lent.
    """

    on: date
    principal_cents: int
    carried_cents: int
    used_cents: int
    before: int
    rows: tuple[Instalment, ...]

    @property
    def new_rows(self) -> tuple[Instalment, ...]:
        """The instalments that were agreed anew."""
        return tuple(row for row in self.rows if row.number > self.before)


def terms_over(terms: LoanTerms, principal_cents: int, instalments: int) -> LoanTerms:
    """The loan's own terms over what is left. Its grace was at the beginning and is over."""
    return replace(
        terms,
        principal_cents=principal_cents,
        instalments=instalments,
        grace_days=0,
        principal_grace=0,
        interest_grace=0,
    )


def agree_anew(running: Running, found: Position, on: date, instalments: int) -> Anew:
    """The schedule when what is outstanding on that day is repaid in so many instalments from then on.

    Raises InvalidInput under `instalments` when the terms make no schedule, or nothing is outstanding.
    """
    principal = found.principal_cents
    if principal <= 0:
        raise InvalidInput("No principal is outstanding. Take what is due instead.", "instalments")
    fresh = make_schedule(terms_over(running.terms, principal, instalments), on)
    first = fresh[0].due_on
    paid = sum(row.principal_cents for row in running.rows) - principal
    kept = list(_kept(running, found, on, (first, principal + paid)))
    used = _used_cents(running, on)
    number = kept[-1].number if kept else running.rows[0].number - 1
    if used:
        number += 1
        kept.append(Instalment(number, first, 0, used, principal))
    carried = sum(
        line.interest_cents + line.fee_cents
        for line in found.left
        if _has_fallen_due(running, line, on)
    )
    rows = (*kept, *(row._replace(number=row.number + number) for row in fresh))
    return Anew(on, principal, carried, used, number, rows)


def _has_fallen_due(running: Running, line: Left, on: date) -> bool:
    return line.due_on <= on or line.number <= running.before


def _kept(
    running: Running, found: Position, on: date, anew: tuple[date, int]
) -> Iterator[Instalment]:
    """What was paid stays paid where it was paid; interest and fees that are late wait for the new first due date."""
    first, owed = anew
    for row, line in zip(running.rows, found.left, strict=True):
        principal = row.principal_cents - line.principal_cents
        interest, fee = row.interest_cents, row.fee_cents
        if not _has_fallen_due(running, line, on):
            interest, fee = interest - line.interest_cents, fee - line.fee_cents
        if not (principal or interest or fee or row.due_on <= on):
            continue
        owed -= principal
        is_late = line.interest_cents + line.fee_cents and _has_fallen_due(running, line, on)
        due_on = first if is_late else row.due_on
        yield Instalment(row.number, due_on, principal, interest, owed, fee)


def _used_cents(running: Running, on: date) -> int:
    """The interest of the period that has begun, for the days of it that have passed."""
    own = [row for row in running.rows if row.number > running.before]
    since, now = running.begun_on, None
    for row in own:
        if row.due_on > on:
            now = row
            break
        since = row.due_on
    if now is None or on <= since:
        return 0
    days = (on - since).days, (now.due_on - since).days
    return rounded_ratio(now.interest_cents * days[0], days[1], Rounding.HALF_UP)
