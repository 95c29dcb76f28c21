"""One payment from the notice to its owner: how we heard of it, and both entries of every part that was given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select

from sacco_desktop.db.tables import (
    Entry,
    Member,
    MpesaReceipt,
    ReceiptAllocation,
    ReceiptWord,
    User,
)
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.collecting import allocations, owner_requests
from sacco_desktop.services.collecting.allocations import Purpose


@dataclass(frozen=True, slots=True)
class HeardBy:
    """One road by which a payment was heard of, and what it said; cents."""

    road: str
    amount_cents: int
    heard_at: datetime


@dataclass(frozen=True, slots=True)
class GivenPart:
    """What of a payment went to one purpose, in cents, by this entry. `is_back` says that it was taken back. Who only
    applies has no member's number.
    """

    member_number: str
    owner: str
    what: str
    cents: int
    entry_number: int
    slip: str
    how: str
    by: str
    at: datetime
    is_back: bool


@dataclass(frozen=True, slots=True)
class PaymentCard:
    """A payment with its first entry, by which it came into the unallocated receipts, and the parts that left them."""

    receipt_id: int
    entry_number: int
    heard: tuple[HeardBy, ...]
    parts: tuple[GivenPart, ...]


def card(work: Work, receipt_id: int) -> PaymentCard:
    """Raises NotFound."""
    work.allow(Act.LOOK)
    row = allocations.load(work, receipt_id)
    words = work.session.scalars(
        select(ReceiptWord).where(ReceiptWord.receipt_id == row.id).order_by(ReceiptWord.id)
    )
    return PaymentCard(
        row.id,
        row.entry_number,
        tuple(HeardBy(word.road, word.amount_cents, word.heard_at) for word in words),
        _parts(work, row),
    )


def _parts(work: Work, row: MpesaReceipt) -> tuple[GivenPart, ...]:
    is_back = exists().where(
        Entry.reverses_number == ReceiptAllocation.entry_number, Entry.posted_at.is_not(None)
    )
    found = work.session.execute(
        select(ReceiptAllocation, Member, User.full_name, is_back)
        .outerjoin(Member, Member.id == ReceiptAllocation.member_id)
        .join(User, User.id == ReceiptAllocation.allocated_by)
        .where(ReceiptAllocation.receipt_id == row.id)
        .order_by(ReceiptAllocation.id)
    )
    return tuple(
        GivenPart(
            "" if member is None else member.number,
            owner_requests.owner_words(work, part.member_id, part.application_id),
            owner_requests.purpose_words(
                work, Purpose(part.purpose, part.member_id, part.loan_id, part.cents)
            ),
            part.cents,
            part.entry_number,
            part.slip,
            part.how,
            by,
            part.allocated_at,
            bool(back),
        )
        for part, member, by, back in found
    )
