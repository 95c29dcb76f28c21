"""Numbers that were changed so lately that a member should be called on the old one before money goes out."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from sacco_desktop.db.tables import AuditRow
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.membership import members

# A thief changes the number just before the payout, and the member notices within days.
FRESH = timedelta(hours=48)


@dataclass(frozen=True, slots=True)
class FreshNumber:
    """A member's number as it was and is, who changed it and when."""

    at: datetime
    by: str
    old: str
    new: str


def fresh_number(work: Work, member_id: int | None) -> FreshNumber | None:
    """The change of a member's number within the last 48 hours, as the audit rows tell it, or None."""
    work.allow(Act.LOOK)
    if member_id is None:
        return None
    member = members.load(work, member_id)
    changed_at = member.phone_changed_at
    if changed_at is None or work.now - changed_at > FRESH:
        return None
    row = work.session.scalars(
        select(AuditRow)
        .where(AuditRow.action == "changed the phone of", AuditRow.subject == member.number)
        .order_by(AuditRow.id.desc())
        .limit(1)
    ).one()
    detail = json.loads(row.detail)
    return FreshNumber(row.at, row.full_name, detail["old"], detail["new"])
