"""Compares closed days with the journal: each must name an entry that is still there, and nothing may lie behind it
that is dated in the closed day or before.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from sqlalchemy import exists, select

from sacco_desktop.db.tables import DayClosing, DayReopening, Entry
from sacco_desktop.domain.dates import format_date
from sacco_desktop.services.books.faults import Fault
from sacco_desktop.services.books.work import Work


def readable(work: Work) -> Iterator[Fault]:
    """Every fault of the closed days, the oldest day first."""
    closings = work.session.execute(
        select(
            DayClosing.business_date.label("day"),
            DayClosing.head_number,
            DayClosing.head_hash,
            Entry.hash,
            exists().where(DayReopening.closing_id == DayClosing.id).label("is_reopened"),
        )
        .outerjoin(Entry, Entry.number == DayClosing.head_number)
        .order_by(DayClosing.id)
    ).all()
    before = date.min
    for one in closings:
        where = f"The closing of {format_date(one.day)}"
        if one.head_number and one.hash != one.head_hash:
            yield Fault(
                where, f"was signed over another entry {one.head_number} than the one in the books."
            )
        # An entry is looked at with the first closing that covers its date; of a reopened one nobody can say more.
        if not one.is_reopened:
            for number in _slipped_in(work, before, one.day, one.head_number):
                yield Fault(
                    f"Entry {number}",
                    f"was posted after {format_date(one.day)} was closed, and is dated up to that day.",
                )
            before = one.day


def _slipped_in(work: Work, before: date, day: date, head: int) -> list[int]:
    return list(
        work.session.scalars(
            select(Entry.number)
            .where(
                Entry.value_date > before,
                Entry.value_date <= day,
                Entry.number > head,
                Entry.posted_at.is_not(None),
            )
            .order_by(Entry.number)
        )
    )
