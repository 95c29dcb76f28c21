"""What M-Pesa has said our accounts hold: one row for each word of it, never changed, with what the books said then."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select

from sacco_desktop.db.standing import Change, Lookup
from sacco_desktop.db.tables import FloatReading
from sacco_desktop.domain.mpesa_accounts import LEDGER_CODES
from sacco_desktop.services.books import ledger
from sacco_desktop.services.books.work import Work


@dataclass(frozen=True, slots=True)
class Reading:
    """One account as M-Pesa tells it, in cents; what it did not tell is None."""

    account: str
    available_cents: int
    current_cents: int | None = None
    reserved_cents: int | None = None
    uncleared_cents: int | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """Who said it, when M-Pesa knew it, and which question of ours it answers, if any."""

    source: str
    at: datetime
    question_id: int | None = None


@dataclass(frozen=True, slots=True)
class Word:
    """What M-Pesa said of an account and when it knew that, and what the books said then; in cents."""

    at: datetime
    available_cents: int
    current_cents: int | None
    books_cents: int | None


_KEEP = Change.new_row(FloatReading)
_LAST = Lookup(
    select(
        FloatReading.at,
        FloatReading.available_cents,
        FloatReading.current_cents,
        FloatReading.books_cents,
    )
    .where(FloatReading.account == bindparam("account"))
    .order_by(FloatReading.at.desc(), FloatReading.id.desc())
    .limit(1)
)


def note(work: Work, readings: Iterable[Reading], said: Origin) -> None:
    """Keep what M-Pesa said, together with what our ledger says of the same accounts at this moment."""
    for reading in readings:
        code = LEDGER_CODES.get(reading.account)
        _KEEP.make(
            work.session,
            account=reading.account,
            at=said.at,
            available_cents=reading.available_cents,
            current_cents=reading.current_cents,
            reserved_cents=reading.reserved_cents,
            uncleared_cents=reading.uncleared_cents,
            books_cents=None if code is None else ledger.balance(work, code),
            source=said.source,
            question_id=said.question_id,
        )


def last(work: Work, account: str) -> Word | None:
    """M-Pesa's newest word on an account, or None when it never spoke of it."""
    found = _LAST.row(work.session, account=account)
    return None if found is None else Word(*found)
