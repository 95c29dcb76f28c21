"""How much time has passed by the relays' clocks. That of the PC may be set wrong, and an hour must not be days."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from sqlalchemy import func, select

from callback_relay.protocol.checkpoint import Checkpoint, SignedText
from callback_relay.protocol.encoding import Malformed
from callback_relay.protocol.messages import NOTE_KIND
from sacco_desktop.db.tables import Relay, RelayEntry
from sacco_desktop.services import payout_intents
from sacco_desktop.services.work import Work


def since_laid_down(work: Work, originator_conversation_id: str) -> timedelta | None:
    """How long ago the intent with this id was laid down, by what the relays have signed since; None where no relay
    holds it.
    """
    laid_down_at = work.session.scalar(
        select(func.min(RelayEntry.received_at)).where(
            RelayEntry.kind == NOTE_KIND,
            RelayEntry.tag == payout_intents.note_id_of(originator_conversation_id),
        )
    )
    told = [_signed_at(text) for text in work.session.scalars(select(Relay.checkpoint))]
    known = [moment for moment in told if moment is not None]
    return max(known) - laid_down_at if laid_down_at is not None and known else None


def _signed_at(checkpoint: str | None) -> datetime | None:
    """The time in a checkpoint that was verified before it was kept."""
    try:
        return Checkpoint.parse(SignedText.from_message(json.loads(checkpoint or "")).text).time
    except (ValueError, Malformed):
        return None
