"""Lays a statement beside what is known of the account: which rows are new, and whether they join without a gap."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sacco_desktop.domain.dates import format_date
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.money import format_amount
from sacco_desktop.domain.reconciling.running_balance import where
from sacco_desktop.domain.reconciling.statement import Statement, StatementRow

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Reach:
    """How far the statements of an account reach, in cents; `closing_cents` is after the last line of all."""

    first_day: date
    last_day: date
    opening_cents: int
    closing_cents: int


def new_rows(
    statement: Statement,
    reach: Reach | None,
    known: Mapping[str, int],
    name: Callable[[StatementRow], str],
) -> Sequence[StatementRow]:
    """The rows that are not among `known`, which gives the balance kept of each by the name that `name` makes.

    Raises InvalidInput under `file` for a row that was kept otherwise, and where days are missing in between.
    """
    if reach is None:
        return statement.rows
    rows = statement.rows
    places = [at for at, row in enumerate(rows) if name(row) in known]
    if not places:
        _check_joins(statement, reach)
        return rows
    for at in places:
        _check_kept(rows[at], known[name(rows[at])])
    first, last = places[0], places[-1]
    if last - first + 1 != len(places):
        stray = next(at for at, place in enumerate(places, first) if at != place)
        raise InvalidInput(
            f"{where(rows[stray])} lies between rows that an earlier statement has one after the other. One of the"
            " files was changed. Export it anew.",
            "file",
        )
    before, behind = rows[:first], rows[last + 1 :]
    misses_before = before and rows[first].balance_cents - rows[first].cents != reach.opening_cents
    misses_behind = behind and rows[last].balance_cents != reach.closing_cents
    if misses_before or misses_behind:
        raise _gap(reach)
    return (*before, *behind)


def _check_kept(row: StatementRow, kept_cents: int) -> None:
    if row.balance_cents == kept_cents:
        return
    raise InvalidInput(
        f"{where(row)} has the balance {format_amount(row.balance_cents)}; an earlier statement gave"
        f" {format_amount(kept_cents)}. One of the files was changed. Export it anew.",
        "file",
    )


def _check_joins(statement: Statement, reach: Reach) -> None:
    """Without a common row a statement begins where the others end, or ends where they begin, by balance and days."""
    follows = statement.opening_cents == reach.closing_cents
    precedes = statement.closing_cents == reach.opening_cents
    is_behind = follows and reach.first_day <= statement.first_day <= reach.last_day + _DAY
    is_before = precedes and reach.first_day - _DAY <= statement.last_day <= reach.last_day
    if not is_behind and not is_before:
        raise _gap(reach)


def _gap(reach: Reach) -> InvalidInput:
    first, last = format_date(reach.first_day), format_date(reach.last_day)
    return InvalidInput(
        f"Days are missing between this statement and those that are here, from {first}"
        f" ({format_amount(reach.opening_cents)}) to {last} ({format_amount(reach.closing_cents)})."
        " Take the days between in first.",
        "file",
    )
