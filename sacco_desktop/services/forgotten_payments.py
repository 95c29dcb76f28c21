"""Payments that the relay has heard of and that these books forgot, because they were restored from an older copy."""

from __future__ import annotations

import json

from sqlalchemy import select

from sacco_desktop.db.standing import Lookup
from sacco_desktop.db.tables import RelayEntry
from sacco_desktop.services.work import Work

# An intent that the books know is applied; one that they forgot is parked, or was let rest by a person.
_UNKNOWN_INTENTS = Lookup(
    select(RelayEntry.body).where(RelayEntry.kind == "note", RelayEntry.state != "applied")
)


def went_out_before(work: Work, originator_id: str) -> bool:
    """Whether an intent under this id came back from the relay while no attempt had it.

    Then an earlier call may have been taken, and what M-Pesa says to the next one proves nothing about that.
    """
    return any(_id_in(body) == originator_id for (body,) in _UNKNOWN_INTENTS.rows(work.session))


def _id_in(body: bytes) -> str:
    try:
        return str(json.loads(body)["id"])
    except (LookupError, TypeError, ValueError):
        # A note of another kind, by a newer program.
        return ""
