"""Opens the accounts of members and loans that an import brings, and counts on from their numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import select, update

from sacco_desktop.db.many_rows import ManyRows
from sacco_desktop.db.tables import Account, Counter
from sacco_desktop.domain.chart import sub_account_code
from sacco_desktop.services.books import ledger
from sacco_desktop.services.books.work import Work

_ACCOUNTS = ManyRows(Account, ("code", "name"), same=("type", "is_control", "control_id"))


def open_for(work: Work, control_code: str, names: Mapping[str, str], words: str) -> None:
    """Open the accounts of these owners by number; one that an undone import has left is used again
    under the new name.
    """
    if not names:
        return
    control = ledger.account_of(work, control_code)
    there = set(work.session.scalars(select(Account.code).where(Account.control_id == control.id)))
    named = {
        sub_account_code(control_code, number): f"{words} of {owner}"
        for number, owner in names.items()
    }
    for code in there.intersection(named):
        again = update(Account).where(Account.code == code).values(name=named.pop(code))
        work.session.execute(again)
    _ACCOUNTS.write(work.session, named.items(), (control.type, False, control.id))


def count_on(work: Work, series: str, numbers: Iterable[str]) -> None:
    """New members and loans are counted on from the highest number that the old books gave."""
    plain = [number.partition("-")[2] for number in numbers]
    highest = max([int(one) for one in plain if one.isdigit()], default=0)
    counter = work.session.get(Counter, series)
    if counter is None:
        work.session.add(Counter(series=series, last=highest))
    else:
        counter.last = max(counter.last, highest)
    work.session.flush()
