"""How much time has passed by the relays' clocks. That of the PC may be set wrong, and an hour must not be days."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from sqlalchemy import func, select

from callback_relay.protocol.checkpoint import Checkpoint, SignedText
from callback_relay.protocol.encoding import Malformed
from callback_relay.protocol.messages import NOTE_KIND
from sacco_desktop.db.standing import Lookup
from sacco_desktop.db.tables import Relay, RelayEntry
from sacco_desktop.domain.payouts import intent_note_id
from sacco_desktop.services.books.work import Work

_NEWEST_ENTRY = Lookup(
    select(RelayEntry.received_at).order_by(RelayEntry.id.desc()).limit(1),
)


def since_laid_down(work: Work, originator_conversation_id: str) -> timedelta | None:
    """How long ago the intent with this id was laid down, by what the relays have signed since; None where no relay
    holds it.
    """
    began_at, told_at = laid_down_at(work, originator_conversation_id), _newest_word(work)
    return told_at - began_at if began_at is not None and told_at is not None else None


def is_older(work: Work, originator_conversation_id: str, than: timedelta) -> bool:
    """Whether the relays know that this intent was laid down longer ago; False where none holds it."""
    passed = since_laid_down(work, originator_conversation_id)
    return passed is not None and passed > than


def laid_down_at(work: Work, originator_conversation_id: str) -> datetime | None:
    """When the first relay received the intent with this id; None where no relay holds it."""
    return work.session.scalar(
        select(func.min(RelayEntry.received_at)).where(
            RelayEntry.kind == NOTE_KIND,
            RelayEntry.tag == intent_note_id(originator_conversation_id),
        )
    )


def latest(work: Work) -> datetime:
    """The latest moment that any clock has told: that of the PC or, where it is behind, of a relay."""
    return max(work.now, _newest_word(work) or work.now)


def _newest_word(work: Work) -> datetime | None:
    """The newest time that a relay has signed, among those that were read. While a slice of the feed is taken in, its
    checkpoint is not kept yet, but its entries are.
    """
    told = [_signed_at(text) for text in work.session.scalars(select(Relay.checkpoint))]
    told.append(_NEWEST_ENTRY.value(work.session))
    return max((moment for moment in told if moment is not None), default=None)


def _signed_at(checkpoint: str | None) -> datetime | None:
    """The time in a checkpoint that was verified before it was kept."""
    try:
        return Checkpoint.parse(SignedText.from_message(json.loads(checkpoint or "")).text).time
    except (ValueError, Malformed):
        return None
