"""A member's new M-Pesa number, and what it does to payouts that were approved for the old one."""

from __future__ import annotations

from dataclasses import dataclass

from sacco_desktop.domain.errors import ChangedMeanwhile
from sacco_desktop.domain.permissions import Act
from sacco_desktop.domain.phones import normalise_phone
from sacco_desktop.services import audit, members, payouts
from sacco_desktop.services.members import MemberRow
from sacco_desktop.services.work import Topic, Work


@dataclass(frozen=True, slots=True)
class PhoneChange:
    """A new M-Pesa number for a member; `version` is that of the record the person looked at."""

    member_id: int
    version: int
    phone: str


def change_phone(work: Work, change: PhoneChange) -> MemberRow:
    """Give a member another number. Approvals of payouts to the old number become void at once."""
    work.allow(Act.REGISTER_MEMBER)
    member = members.load(work, change.member_id)
    if member.version != change.version:
        raise ChangedMeanwhile(
            f"Somebody else changed {member.number} after you opened it. Look at it again."
        )
    old = member.phone
    member.phone = normalise_phone(change.phone, "phone")
    member.phone_changed_at = work.now
    member.version += 1
    work.session.flush()
    audit.record(work, "changed the phone of", member.number, {"old": old, "new": member.phone})
    payouts.void_changed_of(work, member.id)
    work.changed(Topic.MEMBERS, Topic.APPROVALS, Topic.PAYOUTS)
    return members.row_of(work, member.id)
