"""The share capital of every member beside the least that the society asks for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select

from sacco_desktop.db.tables import Account, AccountBalance, Member
from sacco_desktop.domain.chart import SHARE_CAPITAL
from sacco_desktop.domain.member_status import BELONGS, belongs
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.membership.share_shortfall import LEAST_SHARE_CAPITAL
from sacco_desktop.services.office import society


@dataclass(frozen=True, slots=True)
class ShareRow:
    """What a member holds of the share capital, the least that is asked for and what is missing to it, in cents.

    Nothing is missing of somebody who has left, whose shares wait for a buyer.
    """

    member_id: int
    number: str
    full_name: str
    status: str
    joined_on: date
    held_cents: int
    least_cents: int
    missing_cents: int

    @property
    def is_below(self) -> bool:
        """Whether this member holds less than the least."""
        return self.missing_cents > 0

    @property
    def has_left(self) -> bool:
        """Whether the shares belong to somebody who is no member any more."""
        return not belongs(self.status)


def list_shares(work: Work, _nothing: None = None) -> tuple[ShareRow, ...]:
    """Every member who belongs to the society, and whoever has left and still holds shares, by their number."""
    work.allow(Act.LOOK)
    least = society.number_setting(work, LEAST_SHARE_CAPITAL)
    held = AccountBalance.credit_cents - AccountBalance.debit_cents
    found = work.session.execute(
        select(Member, func.coalesce(held, 0))
        .outerjoin(Account, Account.code == func.concat(f"{SHARE_CAPITAL}.", Member.number))
        .outerjoin(AccountBalance, AccountBalance.account_id == Account.id)
        .where(or_(Member.status.in_(BELONGS), held != 0))
        .order_by(Member.number)
    )
    return tuple(
        ShareRow(
            member.id,
            member.number,
            member.full_name,
            member.status,
            member.joined_on,
            cents,
            least,
            max(0, least - cents) if belongs(member.status) else 0,
        )
        for member, cents in found
    )
