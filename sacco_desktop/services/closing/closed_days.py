"""Days that were closed as people read them again: who closed and signed, what was found, who opened one again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, select

from sacco_desktop.db.tables import DayClosing, DayReopening, Entry
from sacco_desktop.domain.dates import format_date
from sacco_desktop.domain.errors import NotFound
from sacco_desktop.domain.permissions import Act, may
from sacco_desktop.services.books import open_days
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.office import users


@dataclass(frozen=True, slots=True)
class KeptCheck:
    """A check as it was signed: with the reason, empty where it was in order."""

    title: str
    is_green: bool
    finding: str
    reason: str


@dataclass(frozen=True, slots=True)
class Reopened:
    """Who opened a closed day again, who signed that, and why."""

    by: str
    signed_by: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class ClosedDay:
    """A closing of a day. `entries_since` were posted for that day or an earlier one after it, which needs a
    reopening; `can_reopen` says whether it is the last that stands.
    """

    closing_id: int
    day: date
    closed_by: str
    signed_by: str
    closed_at: datetime
    head_number: int
    head_hash: str
    checks: tuple[KeptCheck, ...]
    entries_since: int
    reopened: Reopened | None
    can_reopen: bool


@dataclass(frozen=True, slots=True)
class DayState:
    """Where today stands: its closing, or None when it is open; the last day that is closed; the newest closing when
    that was opened again; and whether this person may close.
    """

    day: date
    closed: ClosedDay | None
    last: date | None
    reopened: ClosedDay | None
    has_any: bool
    may_close: bool


def state(work: Work, _nothing: None = None) -> DayState:
    """Today as the page shows it."""
    work.allow(Act.LOOK)
    newest = work.session.scalar(_NEWEST_FIRST.limit(1))
    last = open_days.closed_until(work)
    day = None if newest is None else _closed_days(work, [newest])[0]
    is_closed = last is not None and last >= work.today
    return DayState(
        work.today,
        day if is_closed else None,
        last,
        day if day is not None and day.reopened is not None else None,
        day is not None,
        may(work.standing(), Act.CLOSE_DAY),
    )


def read(work: Work, closing_id: int) -> ClosedDay:
    """One closing of a day. Raises NotFound."""
    work.allow(Act.LOOK)
    row = work.session.get(DayClosing, closing_id)
    if row is None:
        raise NotFound("That closing of a day is not in the books.")
    return _closed_days(work, [row])[0]


def newest_of(work: Work, day: date) -> ClosedDay:
    """The last closing of a day. Raises NotFound."""
    work.allow(Act.LOOK)
    row = work.session.scalar(_NEWEST_FIRST.where(DayClosing.business_date == day).limit(1))
    if row is None:
        raise NotFound(f"{format_date(day)} was not closed.")
    return _closed_days(work, [row])[0]


def list_all(work: Work, _nothing: None = None) -> tuple[ClosedDay, ...]:
    """Every closing, the newest first."""
    work.allow(Act.LOOK)
    return _closed_days(work, work.session.scalars(_NEWEST_FIRST).all())


_NEWEST_FIRST = select(DayClosing).order_by(DayClosing.id.desc())


def _closed_days(work: Work, rows: Sequence[DayClosing]) -> tuple[ClosedDay, ...]:
    back = {
        row.closing_id: row
        for row in work.session.scalars(
            select(DayReopening).where(DayReopening.closing_id.in_([row.id for row in rows]))
        )
    }
    last = open_days.closed_until(work)
    return tuple(_closed_day(work, row, back.get(row.id), last) for row in rows)


def _closed_day(
    work: Work, row: DayClosing, back: DayReopening | None, last: date | None
) -> ClosedDay:
    return ClosedDay(
        closing_id=row.id,
        day=row.business_date,
        closed_by=users.full_name_of(work, row.closed_by),
        signed_by=users.full_name_of(work, row.signed_by),
        closed_at=row.closed_at,
        head_number=row.head_number,
        head_hash=row.head_hash,
        checks=tuple(
            KeptCheck(one["title"], one["is_green"], one["finding"], one["reason"])
            for one in json.loads(row.checks)
        ),
        entries_since=work.session.scalar(select(func.count()).where(_since(row))) or 0,
        reopened=None if back is None else _reopened(work, back),
        can_reopen=back is None and row.business_date == last,
    )


def _reopened(work: Work, row: DayReopening) -> Reopened:
    by, signed_by = (users.full_name_of(work, one) for one in (row.reopened_by, row.signed_by))
    return Reopened(by, signed_by, row.reopened_at, row.reason)


def _since(row: DayClosing) -> ColumnElement[bool]:
    """Entries behind the head that was signed, for the closed day or one before it."""
    return (Entry.number > row.head_number) & (Entry.value_date <= row.business_date)
