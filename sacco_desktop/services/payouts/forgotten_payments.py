"""Payments that the relays have heard of and that these books forgot, because they were restored from an older copy.

Until all relays in use were read, nobody knows whether there are any; until each is settled, nothing may be done by
which its money could leave a second time.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import bindparam, func, select

from sacco_desktop.db.standing import Lookup
from sacco_desktop.db.tables import AuditRow, PayoutAttempt, Relay, RelayEntry, RelayRest
from sacco_desktop.domain.errors import SamePerson, WrongState
from sacco_desktop.domain.payouts import intent_note_id
from sacco_desktop.services.books import audit, relay_clock
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.office import society

# How the audit names what counts here.
RESTORED, THESE_BOOKS = "books.restored", "these books"
FOUND_UNPAID = "found a forgotten payment unpaid"
LET_GO_ON = "let sending go on"

# An intent that the books know is applied; one that they forgot is parked until it is settled.
_PARKED_NOTES = Lookup(
    select(RelayEntry.id, RelayEntry.body)
    .where(RelayEntry.kind == "note", RelayEntry.state == "parked")
    .order_by(RelayEntry.id)
)
_OTHERS_NOTE = Lookup(
    select(RelayEntry.id).where(
        RelayEntry.kind == "note",
        (RelayEntry.state == "parked") | (RelayEntry.state == "noted"),
        RelayEntry.tag == bindparam("note_id"),
    )
)
_ATTEMPT = Lookup(
    select(PayoutAttempt.id).where(PayoutAttempt.originator_conversation_id == bindparam("own_id"))
)
# By its subject, which has an index: the log of acts grows for ever.
_RESTORED = Lookup(
    select(AuditRow.id).where(AuditRow.subject == THESE_BOOKS, AuditRow.action == RESTORED).limit(1)
)
_UNREAD_RELAYS = Lookup(
    select(Relay.name)
    .where(
        Relay.is_active,
        Relay.read_to_head_at.is_(None),
        ~select(RelayRest.id)
        .where(RelayRest.relay_id == Relay.id, RelayRest.until.is_(None))
        .exists(),
    )
    .order_by(Relay.id)
)


@dataclass(frozen=True, slots=True)
class Forgotten:
    """An intent that is not settled yet, under the id that M-Pesa knows it by."""

    entry_id: int
    originator_id: str
    payout_number: str


def unsettled(work: Work) -> tuple[Forgotten, ...]:
    """The payments that these books forgot and about which nothing was decided, in the order of the feeds."""
    found = (_read(entry_id, body) for entry_id, body in _PARKED_NOTES.rows(work.session))
    return tuple(each for each in found if each is not None)


def _read(entry_id: int, body: bytes) -> Forgotten | None:
    try:
        said = json.loads(body)
        return Forgotten(entry_id, str(said["id"]), str(said["payout"]))
    except (LookupError, TypeError, ValueError):
        # A note of another kind, by a newer program.
        return None


def check_heard(work: Work) -> None:
    """Raise WrongState while restored books have not read each relay in use to its head since they came back.

    A restore forgets how far each relay was read, so no clock is asked.
    """
    unread = [name for (name,) in _UNREAD_RELAYS.rows(work.session)]
    if unread and _was_restored(work):
        raise WrongState(
            f"These books came back from a copy, and {' and '.join(unread)} was not read to its end since. It may hold"
            " payments that they forgot. Nothing was changed; try again when it was read."
        )


def is_used(work: Work, originator_id: str) -> bool:
    """Whether this id is that of an attempt, or of a payment that these books forgot: M-Pesa pays under it once."""
    if _ATTEMPT.value(work.session, own_id=originator_id) is not None:
        return True
    note_id = intent_note_id(originator_id)
    return _OTHERS_NOTE.value(work.session, note_id=note_id) is not None


def _was_restored(work: Work) -> bool:
    return _RESTORED.value(work.session) is not None


def check_settled(work: Work) -> None:
    """Raise WrongState while money could leave twice: the relays were not read, or a forgotten payment is open."""
    check_heard(work)
    waiting = unsettled(work)
    if waiting:
        raise WrongState(f"{_waiting_words(waiting)} Nothing was changed.")


def _waiting_words(waiting: tuple[Forgotten, ...]) -> str:
    numbers = ", ".join(dict.fromkeys(each.payout_number for each in waiting))
    return (
        f"These books forgot {numbers}, which may have been paid. Approve that payout again, or ask for it again with"
        " the same sum, and M-Pesa is asked. What M-Pesa's statement does not show, two people let rest under Problems."
    )


def check_may_go_on(work: Work) -> None:
    """Raise unless a person may let sending go on: each forgotten payment is settled, and by somebody else where it was
    found unpaid. Raises WrongState, SamePerson.
    """
    waiting = unsettled(work)
    if waiting:
        raise WrongState(f"{_waiting_words(waiting)} Sending stands still until then.")
    last_go_on = select(func.coalesce(func.max(AuditRow.id), 0)).where(AuditRow.action == LET_GO_ON)
    mine = select(AuditRow.id).where(
        AuditRow.action == FOUND_UNPAID,
        AuditRow.user_id == work.actor.user_id,
        AuditRow.id > last_go_on.scalar_subquery(),
    )
    if work.session.scalar(mine.limit(1)) is not None:
        raise SamePerson(
            "You found a forgotten payment unpaid, so somebody else compares it with M-Pesa's statement too and lets"
            " sending go on."
        )


def check_may_rest(work: Work, entry: RelayEntry) -> bool:
    """Whether this entry is a forgotten payment; then a person says by letting it rest that the statement does not show
    it, and that is written down. Raises WrongState before the hours have passed by the relay's clock.
    """
    forgotten = _read(entry.id, entry.body) if entry.kind == "note" else None
    if forgotten is None:
        return False
    hours = society.number_setting(work, "payout.not_found_hours")
    passed = relay_clock.since_laid_down(work, forgotten.originator_id)
    if passed is None or passed < timedelta(hours=hours):
        raise WrongState(
            f"{forgotten.payout_number} may still be paid. {hours} hours after it went out, look whether M-Pesa's"
            " statement shows it."
        )
    audit.record(work, FOUND_UNPAID, forgotten.payout_number, {"id": forgotten.originator_id})
    return True
