"""Which payouts a person has stopped, and why: asked before anything of them leaves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, bindparam, exists, select
from sqlalchemy.orm import InstrumentedAttribute

from sacco_desktop.db.standing import ById, Lookup
from sacco_desktop.db.tables import Payout, PayoutHold
from sacco_desktop.domain.dates import business_date, format_date, format_time
from sacco_desktop.domain.errors import OnHold
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.office import users

_HOLDS = ById(PayoutHold)
_STANDING = Lookup(
    select(PayoutHold.id).where(
        PayoutHold.payout_id == bindparam("payout_id"), PayoutHold.released_at.is_(None)
    )
)


@dataclass(frozen=True, slots=True)
class Hold:
    """Who stopped a payout, when and why."""

    by: str
    at: datetime
    why: str

    @property
    def words(self) -> str:
        """`On hold since 3 Jul 2026 14:05 by Lucy Chebet: the member is abroad.`"""
        when = f"{format_date(business_date(self.at))} {format_time(self.at)}"
        return f"On hold since {when} by {self.by}: {self.why.rstrip('.')}."


def standing(work: Work, payout_id: int) -> Hold | None:
    """The hold of a payout, or None when nothing stops it."""
    row = row_standing(work, payout_id)
    return (
        None if row is None else Hold(users.full_name_of(work, row.held_by), row.held_at, row.why)
    )


def is_held(payout_id: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """The same as a condition of a statement."""
    return exists().where(PayoutHold.payout_id == payout_id, PayoutHold.released_at.is_(None))


def row_standing(work: Work, payout_id: int) -> PayoutHold | None:
    """The row of the hold that stands, for whoever ends it."""
    hold_id = _STANDING.value(work.session, payout_id=payout_id)
    return None if hold_id is None else _HOLDS.find(work.session, hold_id)


def check_not_held(work: Work, payout: Payout) -> None:
    """Raise OnHold, naming who stopped it and who can let it go on, while a payout is stopped."""
    held = standing(work, payout.id)
    if held is not None:
        raise OnHold(f"{why_held(payout.number, held)} Nothing was sent.")


def why_held(number: str, held: Hold) -> str:
    """Why a payout cannot leave now, for a lock on a button and for a refusal."""
    return f"{number} is {held.words[0].lower()}{held.words[1:]} A treasurer can release it."


def end(work: Work, payout_id: int, why: str) -> bool:
    """End the hold that stands, as the person at work; False when none does."""
    row = row_standing(work, payout_id)
    if row is None:
        return False
    row.released_by, row.released_at, row.release_why = work.actor.user_id, work.now, why
    work.session.flush()
    return True
