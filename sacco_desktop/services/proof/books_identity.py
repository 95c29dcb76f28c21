"""Whose books these are, told of a copy before it takes their place, and the audit row of a restore."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select, text

from sacco_desktop.db.tables import Entry, Relay
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.books import audit
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.payouts import forgotten_payments
from sacco_desktop.services.sending import forgotten_doubts


@dataclass(frozen=True, slots=True)
class Identity:
    """The society of these books, the id that was drawn for them once, and the number of their last entry."""

    society: str
    registration_number: str
    books_id: str
    environment: str
    entries: int


@dataclass(frozen=True, slots=True)
class Restoring:
    """The copy that was brought back, and the last entry of the books that it replaced, where that could be read."""

    copy: str
    replaced_entry: int | None


@dataclass(frozen=True, slots=True)
class CopyMade:
    """A copy of the books that was proven: the name of its file, its last entry and the head of its journal."""

    copy: str
    entries: int
    head_hash: str


# How the audit names a copy.
COPIED = "books.copied"

# In words that fit every schema, for a copy may be of an older one.
_SOCIETY = text("SELECT name, registration_number, books_id, environment FROM society")


def identity_of(work: Work, _nothing: None = None) -> Identity | None:
    """Whose books these are; None for books in which no society has begun."""
    work.allow(Act.LOOK)
    row = work.session.execute(_SOCIETY).one_or_none()
    if row is None:
        return None
    last = work.session.scalar(select(func.max(Entry.number)))
    return Identity(row.name, row.registration_number, row.books_id, row.environment, last or 0)


def may_copy(work: Work, _nothing: None = None) -> None:
    """Raise NotAllowed unless the person may make copies of the books."""
    work.allow(Act.BACK_UP_BOOKS)


def note_copied(work: Work, made: CopyMade) -> None:
    """Write down who made a copy of what. The head of the journal stands for all of it."""
    work.allow(Act.BACK_UP_BOOKS)
    detail: audit.Detail = {"entries": made.entries, "head_hash": made.head_hash}
    audit.record(work, COPIED, made.copy, detail)


def note_restored(work: Work, restoring: Restoring) -> None:
    """Write down in the restored books that they were, and what they replaced; what they say of relays and of requests
    that never left holds no more.
    """
    work.allow(Act.FOLLOW_UP)
    detail: audit.Detail = {"copy": restoring.copy, "replaced_entry": restoring.replaced_entry}
    audit.record(work, forgotten_payments.RESTORED, forgotten_payments.THESE_BOOKS, detail)
    # Only what is read from now on tells what these books forgot.
    for relay in work.session.scalars(select(Relay)):
        relay.read_to_head_at = None
    forgotten_doubts.doubt_all_unsent(work)
