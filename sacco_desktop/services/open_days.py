"""Which days still take entries: those behind the last closed day, in a month that is not closed."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import bindparam, exists, select

from sacco_desktop.db.standing import Lookup
from sacco_desktop.db.tables import ClosedMonth, DayClosing, DayReopening
from sacco_desktop.services.work import Work

_CLOSED = Lookup(select(ClosedMonth.month).where(ClosedMonth.month == bindparam("month")))
_CLOSED_UNTIL = Lookup(
    select(DayClosing.business_date)
    .where(~exists().where(DayReopening.closing_id == DayClosing.id))
    .order_by(DayClosing.business_date.desc())
    .limit(1)
)


def open_day(work: Work, on: date) -> date:
    """The day itself, or the first open one from today on when its month or its day is closed: what has happened with
    money must be booked somewhere.
    """
    last = closed_until(work)
    is_open = last is None or on > last
    if is_open and _CLOSED.value(work.session, month=on.isoformat()[:7]) is None:
        return on
    return work.today if last is None else max(work.today, last + timedelta(days=1))


def closed_until(work: Work) -> date | None:
    """The last day that is closed, and with it every day before; None when none is."""
    return _CLOSED_UNTIL.value(work.session)
