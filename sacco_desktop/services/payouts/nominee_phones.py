"""Whose phone a payout goes to: that of the member, or of a nominee of a member who has died. Never the dead one's."""

from __future__ import annotations

from sqlalchemy import select

from sacco_desktop.db.tables import NomineeClaim, Payout
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.membership import members


def is_nominees(work: Work, payout: Payout) -> bool:
    """Whether a nominee is paid, and not the member."""
    of = select(NomineeClaim.id).where(NomineeClaim.payout_id == payout.id)
    return work.session.scalar(of) is not None


def phone_now(work: Work, payout: Payout) -> str:
    """The number to which a payout by M-Pesa may go today: the member's as it stands in the books, or the one that was
    checked for a nominee. Empty where that would be the dead member's own.
    """
    assert payout.member_id is not None, "somebody who is no member has the number of the payout"
    member = members.load(work, payout.member_id)
    if not is_nominees(work, payout):
        return member.phone
    return "" if payout.phone == member.phone else payout.phone
