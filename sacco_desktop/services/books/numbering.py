"""Gives out the next number of a series, inside the transaction that uses it, so that no series has a gap."""

from __future__ import annotations

from sacco_desktop.db.tables import Counter
from sacco_desktop.services.books.work import Work


def next_in(work: Work, series: str) -> int:
    """The next whole number of `series`, from 1."""
    counter = work.session.get(Counter, series)
    if counter is None:
        counter = Counter(series=series, last=0)
        work.session.add(counter)
    counter.last += 1
    work.session.flush()
    return counter.last


def beyond(work: Work, series: str, used: int) -> None:
    """Give `used` and what is below it out no more: books that were restored had given it out before."""
    counter = work.session.get(Counter, series)
    if counter is None:
        counter = Counter(series=series, last=0)
        work.session.add(counter)
    counter.last = max(counter.last, used)
    work.session.flush()
