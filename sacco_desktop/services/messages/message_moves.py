"""Moves a message by the table of allowed moves; the only place that changes its state."""

from __future__ import annotations

from sacco_desktop.db.tables import Message
from sacco_desktop.domain.messages.states import MessageState, check_move
from sacco_desktop.services.books.work import Topic, Work

_ENDED = frozenset({MessageState.DELIVERED, MessageState.FAILED, MessageState.DROPPED})


def move(work: Work, row: Message, new: MessageState, words: str) -> None:
    """Raises WrongState for a move that is not in the table."""
    check_move(MessageState(row.status), new)
    row.status, row.words = new.value, words
    row.ended_at = work.now if new in _ENDED else None
    row.version += 1
    work.session.flush()
    work.changed(Topic.MESSAGES)
