"""A member's new M-Pesa number, and what it does to payouts that were approved for the old one."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from sacco_desktop.db.tables import Payout
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.payout_ways import Way
from sacco_desktop.domain.payouts import PayoutStatus
from sacco_desktop.domain.permissions import Act
from sacco_desktop.domain.phones import normalise_phone
from sacco_desktop.services.books import audit
from sacco_desktop.services.books.meanwhile import changed_meanwhile
from sacco_desktop.services.books.work import Topic, Work
from sacco_desktop.services.membership import member_search, members
from sacco_desktop.services.membership.members import MemberRow
from sacco_desktop.services.payouts import payout_contents


@dataclass(frozen=True, slots=True)
class PhoneChange:
    """A new M-Pesa number for a member; `version` is that of the record the person looked at."""

    member_id: int
    version: int
    phone: str


@dataclass(frozen=True, slots=True)
class TouchedPayout:
    """A payout to the old number, in cents, that a change would stop."""

    number: str
    net_cents: int
    is_approved: bool


def touched_payouts(work: Work, member_id: int) -> tuple[TouchedPayout, ...]:
    """The payouts that a new number stops: approved ones lose their approval, asked ones cannot be approved."""
    work.allow(Act.LOOK)
    found = work.session.scalars(
        select(Payout)
        .where(
            Payout.member_id == member_id,
            Payout.way == Way.MPESA.value,
            Payout.status.in_([PayoutStatus.DRAFT.value, PayoutStatus.APPROVED.value]),
        )
        .order_by(Payout.id)
    )
    return tuple(
        TouchedPayout(row.number, row.net_cents, row.status == PayoutStatus.APPROVED.value)
        for row in found
    )


def change_phone(work: Work, change: PhoneChange) -> MemberRow:
    """Give a member another number. Approvals of payouts to the old number become void at once."""
    work.allow(Act.REGISTER_MEMBER)
    member = members.load(work, change.member_id)
    if member.version != change.version:
        raise changed_meanwhile(work, member.number)
    old = member.phone
    if normalise_phone(change.phone, "phone") == old:
        raise InvalidInput("This is the number that the member has now.", "phone")
    member.phone = members.unused_phone(work, change.phone)
    member.phone_changed_at = work.now
    member.version += 1
    work.session.flush()
    member_search.keep(work, member)
    audit.record(work, "changed the phone of", member.number, {"old": old, "new": member.phone})
    payout_contents.void_changed_of(work, member.id)
    work.changed(Topic.MEMBERS, Topic.APPROVALS, Topic.PAYOUTS)
    return members.row_of(work, member.id)
