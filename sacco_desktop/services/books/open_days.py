"""Which days still take entries: those behind the last closed day and the last that is reconciled, in a month that is
not closed.
"""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import bindparam, exists, select

from sacco_desktop.db.standing import Lookup
from sacco_desktop.db.tables import (
    ClosedMonth,
    DayClosing,
    DayReopening,
    Reconciliation,
    ReconciliationReopening,
)
from sacco_desktop.services.books.work import Work

_CLOSED = Lookup(select(ClosedMonth.month).where(ClosedMonth.month == bindparam("month")))
_CLOSED_UNTIL = Lookup(
    select(DayClosing.business_date)
    .where(~exists().where(DayReopening.closing_id == DayClosing.id))
    .order_by(DayClosing.business_date.desc())
    .limit(1)
)
_RECONCILED_UNTIL = Lookup(
    select(Reconciliation.until)
    .where(~exists().where(ReconciliationReopening.reconciliation_id == Reconciliation.id))
    .order_by(Reconciliation.until.desc())
    .limit(1)
)


def open_day(work: Work, on: date) -> date:
    """The day itself, or the first open one from today on when its month or its day is closed: what has happened with
    money must be booked somewhere, even on a clock that was set back into a closed month.
    """
    ends = (closed_until(work), _RECONCILED_UNTIL.value(work.session))
    last = max((end for end in ends if end is not None), default=None)
    if (last is None or on > last) and not _is_month_closed(work, on):
        return on
    day = work.today if last is None else max(work.today, last + timedelta(days=1))
    while _is_month_closed(work, day):
        day = (day.replace(day=1) + timedelta(days=31)).replace(day=1)
    return day


def closed_until(work: Work) -> date | None:
    """The last day that is closed, and with it every day before; None when none is."""
    return _CLOSED_UNTIL.value(work.session)


def _is_month_closed(work: Work, day: date) -> bool:
    return _CLOSED.value(work.session, month=day.isoformat()[:7]) is not None
