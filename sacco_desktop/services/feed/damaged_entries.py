"""A damaged entry of a relay's feed: kept with its raw bytes, shown, and skipped by two people when nothing else helps.

No program ever skips one: it may have been the news of a payment, or the note of a payment that these books forgot.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select

from sacco_desktop.db.tables import DamagedEntry, Payout, PayoutAttempt, Relay, RelayEntry
from sacco_desktop.domain.approvals import ApprovalKind, ApprovalStatus, Content
from sacco_desktop.domain.errors import InvalidInput, NotFound, WrongState
from sacco_desktop.domain.payouts import AttemptStatus
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.books import audit
from sacco_desktop.services.books.work import Topic, Work
from sacco_desktop.services.office import approvals, given_approvals
from sacco_desktop.services.payouts import payout_moves
from sacco_desktop.services.relays.relays import Place
from sacco_desktop.services.sending import queue_stops

KIND = "damaged"
_OPEN = (AttemptStatus.SENDING, AttemptStatus.ACCEPTED, AttemptStatus.UNKNOWN)


@dataclass(frozen=True, slots=True)
class FoundDamaged:
    """An entry that could not be verified; `place` is behind it, and the relay has signed for that place."""

    relay_id: int
    place: Place
    why: str
    header: bytes = field(repr=False)
    box: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class DamagedRow:
    """A damaged entry at which a feed stands, and the payouts that its news could have been about."""

    entry_id: int
    relay_id: int
    relay_name: str
    sequence: int
    why: str
    found_at: datetime
    payouts: tuple[str, ...]
    is_asked: bool
    header: bytes = field(repr=False)
    box: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class SkipRequest:
    """Ask another person to skip exactly this entry, and why: what the relay's operator and the statement say."""

    entry_id: int
    reason: str


def keep(work: Work, found: FoundDamaged) -> None:
    """Keep the raw bytes of an entry that stops a feed; the same entry is kept once."""
    work.allow(Act.FOLLOW_UP)
    place = found.place
    before = work.session.scalar(
        select(DamagedEntry.id).where(
            DamagedEntry.relay_id == found.relay_id,
            DamagedEntry.epoch == place.epoch,
            DamagedEntry.sequence == place.sequence,
            DamagedEntry.chain_hash == place.chain_hash,
        )
    )
    if before is not None:
        return
    work.session.add(
        DamagedEntry(
            relay_id=found.relay_id,
            epoch=place.epoch,
            sequence=place.sequence,
            chain_hash=place.chain_hash,
            header=found.header,
            box=found.box,
            why=found.why,
            found_at=work.now,
        )
    )
    audit.record(work, "kept a damaged entry", f"entry {place.sequence} of relay {found.relay_id}")
    work.changed(Topic.RELAYS)


def list_damaged(work: Work, _nothing: None = None) -> tuple[DamagedRow, ...]:
    """The entries at which a feed stands now; what was skipped or has healed is not among them."""
    work.allow(Act.LOOK)
    rows = work.session.scalars(
        select(DamagedEntry).where(DamagedEntry.skipped_at.is_(None)).order_by(DamagedEntry.id)
    ).all()
    return tuple(_row(work, row) for row in rows if _stands_at(work, row))


def _row(work: Work, row: DamagedEntry) -> DamagedRow:
    asked = given_approvals.last_of(work, ApprovalKind.RELAY_SKIP, row.id, ApprovalStatus.WAITING)
    return DamagedRow(
        row.id,
        row.relay_id,
        work.session.get_one(Relay, row.relay_id).name,
        row.sequence,
        row.why,
        row.found_at,
        tuple(number for _, number in _concerned(work)),
        asked is not None,
        row.header,
        row.box,
    )


def _stands_at(work: Work, row: DamagedEntry) -> bool:
    """Whether the feed is read exactly up to this entry."""
    relay = work.session.get_one(Relay, row.relay_id)
    return relay.sequence + 1 == row.sequence and relay.epoch <= row.epoch


def _concerned(work: Work) -> list[tuple[PayoutAttempt, str]]:
    """Every payment that is still open: nobody can read of which one the entry spoke."""
    found = work.session.execute(
        select(PayoutAttempt, Payout.number)
        .join(Payout, Payout.id == PayoutAttempt.payout_id)
        .where(PayoutAttempt.status.in_([status.value for status in _OPEN]))
        .order_by(PayoutAttempt.id)
    )
    return [(attempt, number) for attempt, number in found.all()]


def ask_skip(work: Work, asked: SkipRequest) -> int:
    """Ask another person to skip the entry; returns the request's id. The feed stands until it is approved.

    Raises NotFound, WrongState when the feed does not stand there, InvalidInput under `reason`.
    """
    work.allow(Act.SETTLE_PAYOUT)
    row = work.session.get(DamagedEntry, asked.entry_id)
    if row is None:
        raise NotFound("There is no such damaged entry.")
    if row.skipped_at is not None or not _stands_at(work, row):
        raise WrongState(
            "The relay is read beyond this entry already. Nothing needs to be skipped."
        )
    if not asked.reason.strip():
        raise InvalidInput(
            "Write what the relay's operator says of this entry, and what the statement shows.",
            "reason",
        )
    relay = work.session.get_one(Relay, row.relay_id)
    content: dict[str, str | int | list[list[str | int]]] = {
        "relay": relay.name,
        "entry": row.sequence,
        "why": row.why,
        "bytes": hashlib.sha256(row.header + row.box).hexdigest(),
        "size": len(row.header) + len(row.box),
        "payouts": ", ".join(number for _, number in _concerned(work)),
        "reason": asked.reason.strip(),
    }
    about = f"Skip entry {row.sequence} of {relay.name}"
    return approvals.ask(
        work, approvals.NewRequest(ApprovalKind.RELAY_SKIP, row.id, about, 0, content)
    )


def content_now(work: Work, entry_id: int, content: Content) -> Content:
    """The content as asked as long as the feed stands at this entry; afterwards another one, so that a yes is void."""
    row = work.session.get_one(DamagedEntry, entry_id)
    stands = row.skipped_at is None and _stands_at(work, row)
    return content if stands else {**content, "entry": 0}


def carry_out(work: Work, request_id: int) -> None:
    """Move the position behind the entry, ask M-Pesa about every open payment, and stop sending until a person has
    compared with M-Pesa's statement.
    """
    request = approvals.load(work, request_id)
    row = work.session.get_one(DamagedEntry, request.subject_id)
    relay = work.session.get_one(Relay, row.relay_id)
    reason = str(approvals.content_of(request)["reason"])
    row.request_id, row.skipped_at = request_id, work.now
    work.session.add(_kept_in_feed(work, row, reason))
    relay.epoch, relay.sequence, relay.chain_hash = row.epoch, row.sequence, row.chain_hash
    relay.trouble = ""
    concerned = _concerned(work)
    words = f"Entry {row.sequence} of the relay {relay.name} was damaged and skipped, so its news is lost."
    for attempt, _number in concerned:
        if attempt.status == AttemptStatus.ACCEPTED.value:
            payout_moves.move_attempt(work, attempt, AttemptStatus.UNKNOWN, words)
        if attempt.status == AttemptStatus.UNKNOWN.value:
            attempt.next_question_at = work.now
    named = ", ".join(number for _, number in concerned) or "no payment that these books know"
    queue_stops.stop(
        work,
        "relay gap",
        f"{words} It could be about {named}. M-Pesa is asked about every open payment. Compare the days since with"
        " M-Pesa's statement, also for payments that these books do not know.",
    )
    audit.record(
        work,
        "skipped a damaged entry",
        f"entry {row.sequence} of {relay.name}",
        {"request": request_id, "reason": reason, "payouts": named},
    )
    work.changed(Topic.RELAYS, Topic.PAYOUTS)


def _kept_in_feed(work: Work, row: DamagedEntry, reason: str) -> RelayEntry:
    """Its place among the entries, so that our points in the feed have no hole."""
    return RelayEntry(
        relay_id=row.relay_id,
        epoch=row.epoch,
        sequence=row.sequence,
        received_at=row.found_at,
        stored_at=work.now,
        kind=KIND,
        tag=None,
        source="",
        is_listed_source=False,
        body=row.box,
        hash=row.chain_hash,
        state="noted",
        outcome=f"Damaged ({row.why}) and skipped by two people: {reason}",
    )
