"""Words on a request that decide nothing: a question, an answer, what somebody heard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from sacco_desktop.db.tables import ApprovalNote, User
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.books import audit
from sacco_desktop.services.books.work import Topic, Work
from sacco_desktop.services.office import approvals

LONGEST_NOTE = 500


@dataclass(frozen=True, slots=True)
class NewNote:
    """Words for a request."""

    request_id: int
    words: str


@dataclass(frozen=True, slots=True)
class NoteRow:
    """A note as people read it."""

    by: str
    at: datetime
    words: str


def discuss(work: Work, new: NewNote) -> None:
    """Write a note on a request without deciding on it. Raises NotAllowed, NotFound, InvalidInput under `words`."""
    work.allow(Act.DISCUSS)
    request = approvals.load(work, new.request_id)
    words = new.words.strip()
    if not words:
        raise InvalidInput("Write what you want the others to read.", "words")
    if len(words) > LONGEST_NOTE:
        raise InvalidInput(f"Use at most {LONGEST_NOTE} letters.", "words")
    work.session.add(
        ApprovalNote(
            request_id=request.id, written_by=work.actor.user_id, written_at=work.now, words=words
        )
    )
    audit.record(work, f"wrote a note on a {request.kind}", request.about)
    work.changed(Topic.APPROVALS)


def notes_by_request(work: Work, request_ids: Sequence[int]) -> dict[int, tuple[NoteRow, ...]]:
    """The notes on these requests by the id of the request, the oldest first."""
    first, last = (min(request_ids), max(request_ids)) if request_ids else (0, 0)
    found: dict[int, list[NoteRow]] = {}
    rows = work.session.execute(
        select(ApprovalNote, User.full_name)
        .join(User, User.id == ApprovalNote.written_by)
        .where(ApprovalNote.request_id.between(first, last))
        .order_by(ApprovalNote.id)
    )
    for note, name in rows:
        found.setdefault(note.request_id, []).append(NoteRow(name, note.written_at, note.words))
    return {request_id: tuple(notes) for request_id, notes in found.items()}
