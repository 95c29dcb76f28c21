"""Members on whose accounts nothing has moved for long become dormant by the clock, and active when something moves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, func, or_, select

from sacco_desktop.db.tables import Account, Entry, Loan, Member, PostingRow
from sacco_desktop.domain.chart import CONTROLS_BY_MEMBER
from sacco_desktop.domain.dates import add_months
from sacco_desktop.domain.member_status import MemberStatus
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.membership import member_moves
from sacco_desktop.services.office import society

DORMANT_MONTHS = "member.dormant_months"
# So many members take a tenth of a second, after which a person's click has its turn.
_A_SLICE = 50


@dataclass(frozen=True, slots=True)
class DormancySlice:
    """The last member who was moved, by id, and how many moved; None when there are no more."""

    last_id: int | None
    moved: int = 0


def catch_up_slice(work: Work, given: DormancySlice) -> DormancySlice:
    """Move the next few members whose status is not what their accounts say; none where the rule is zero months."""
    work.allow(Act.FOLLOW_UP)
    months = society.number_setting(work, DORMANT_MONTHS)
    if not months:
        return DormancySlice(None, given.moved)
    since = add_months(work.today, -months)
    found = work.session.scalars(
        select(Member)
        .where(Member.id > (given.last_id or 0), _is_to_move(since))
        .order_by(Member.id)
        .limit(_A_SLICE)
    ).all()
    for member in found:
        if member.status == MemberStatus.ACTIVE.value:
            words = f"Nothing has moved on the accounts for {months} months."
            member_moves.move(work, member, MemberStatus.DORMANT, words)
        else:
            words = "Something has moved on the accounts again."
            member_moves.move(work, member, MemberStatus.ACTIVE, words)
    last = found[-1].id if len(found) == _A_SLICE else None
    return DormancySlice(last, given.moved + len(found))


def _is_to_move(since: date) -> ColumnElement[bool]:
    """Whoever has a loan that runs or is asked for is never dormant: the loan is reminded of instead."""
    codes = [func.concat(f"{control}.", Member.number) for control in sorted(CONTROLS_BY_MEMBER)]
    moved = (
        select(Entry.id)
        .join(PostingRow, PostingRow.entry_id == Entry.id)
        .join(Account, Account.id == PostingRow.account_id)
        .where(Account.code.in_(codes), Entry.value_date > since, Entry.posted_at.is_not(None))
        .correlate(Member)
        .exists()
    )
    loan = (
        select(Loan.id)
        .where(Loan.member_id == Member.id, Loan.status.not_in(("closed", "rejected")))
        .correlate(Member)
        .exists()
    )
    sleeps = and_(
        Member.status == MemberStatus.ACTIVE.value, Member.joined_on <= since, ~moved, ~loan
    )
    return or_(sleeps, and_(Member.status == MemberStatus.DORMANT.value, or_(moved, loan)))
