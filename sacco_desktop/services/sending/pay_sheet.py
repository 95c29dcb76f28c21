"""Everything that a person must see before money leaves, read in one view of the books."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from sacco_desktop.db.tables import Payout
from sacco_desktop.domain.approvals import ApprovalKind
from sacco_desktop.domain.payout_ways import Way
from sacco_desktop.domain.payouts import PayoutStatus
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.membership import fresh_numbers
from sacco_desktop.services.membership.fresh_numbers import FreshNumber
from sacco_desktop.services.office import given_approvals, limits, society
from sacco_desktop.services.office.limits import Left
from sacco_desktop.services.payouts import (
    evidence,
    payout_contents,
    payouts,
    receiver_limit,
    standing_holds,
)
from sacco_desktop.services.payouts.payout_moves import load_payout
from sacco_desktop.services.payouts.payouts import PayoutRow
from sacco_desktop.services.sending import (
    account_view,
    balance_questions,
    queue_stops,
    utility_float,
)
from sacco_desktop.services.sending.queue_stops import Stop
from sacco_desktop.services.sending.utility_float import UtilityFloat

# The same sum to the same member within this time looks like a payment made twice.
_LOOKS_LIKE_TWICE = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class PayLine:
    """One payout to be sent. `twin` is another one of the same sum to the same member, a day old at the most.

    `at_once_cents` is what a person's limit at once looks at: a part counts as the whole of its loan.
    """

    row: PayoutRow
    approved_at: datetime | None
    phone_change: FreshNumber | None
    twin: PayoutRow | None
    locked_why: str
    at_once_cents: int


@dataclass(frozen=True, slots=True)
class PaySheet:
    """The payouts to be sent, the account they are drawn on, M-Pesa's limit for one payment in cents, and what
    the person at the desk may still send today.

    `question_words` say what became of the last question about the balance; `steps_when_short` what to do when these
    payouts are more than the account carries.
    """

    lines: tuple[PayLine, ...]
    utility: UtilityFloat
    most_cents: int
    stop: Stop | None
    left: Left | None
    question_words: str = ""
    steps_when_short: tuple[str, ...] = ()


def pay_sheet(work: Work, payout_ids: tuple[int, ...]) -> PaySheet:
    """What the Pay dialog shows of these payouts. Raises NotAllowed, NotFound."""
    work.allow(Act.SEND_PAYOUT)
    lines = tuple(_line(work, payout_id) for payout_id in payout_ids)
    utility = utility_float.current(work)
    missing = sum(line.row.mpesa_cents for line in lines) - utility.free_cents
    return PaySheet(
        lines=lines,
        utility=utility,
        most_cents=society.number_setting(work, "payout.maximum_cents"),
        stop=queue_stops.standing(work),
        left=limits.left_for(work, Act.SEND_PAYOUT),
        question_words=balance_questions.state_words(work),
        steps_when_short=account_view.steps_when_short(work, missing),
    )


def _line(work: Work, payout_id: int) -> PayLine:
    row = payouts.row_of(work, payout_id)
    approvers = given_approvals.approvers_of(work, ApprovalKind.PAYOUT, payout_id)
    return PayLine(
        row=row,
        approved_at=approvers[-1].at if approvers else None,
        phone_change=fresh_numbers.fresh_number(work, row.member_id),
        twin=_twin(work, row),
        locked_why=send_locked_why(work, row),
        at_once_cents=limits.sum_of_payout(work, load_payout(work, payout_id)).at_once_cents,
    )


def send_locked_why(work: Work, row: PayoutRow) -> str:
    """Why this person cannot send this payout now; empty when nothing stands in the way."""
    if why := plain_locked_why(work, row):
        return why
    if payout_contents.content_changed(work, row.payout_id):
        return f"What was approved for {row.number} has changed since. Ask for approval again."
    why = evidence.pay_again_why_not(work, load_payout(work, row.payout_id))
    return why or receiver_limit.why_not_today(work, row.payout_id)


def plain_locked_why(work: Work, row: PayoutRow) -> str:
    """The same as far as the row itself tells; nothing is read."""
    if row.status is not PayoutStatus.APPROVED:
        return f"{row.number} is not approved, so it cannot be sent."
    if row.way is not Way.MPESA:
        return f"{row.number} is not paid by M-Pesa."
    if row.held is not None:
        return standing_holds.why_held(row.number, row.held)
    if work.actor.user_id in row.approver_ids:
        return f"You approved {row.number}, so someone else must send it."
    return ""


def _twin(work: Work, row: PayoutRow) -> PayoutRow | None:
    """A payout of the same sum to the same member that has left, or may have left, within a day."""
    other = work.session.scalar(
        select(Payout.id)
        .where(
            Payout.id != row.payout_id,
            Payout.member_id == row.member_id,
            Payout.mpesa_cents == row.mpesa_cents,
            # The parts of one loan may well be alike; the database lets none of them be paid twice.
            Payout.loan_id.is_distinct_from(row.loan_id) | Payout.loan_id.is_(None),
            Payout.status.in_([PayoutStatus.IN_FLIGHT.value, PayoutStatus.PAID.value]),
            Payout.requested_at >= work.now - _LOOKS_LIKE_TWICE,
        )
        .order_by(Payout.id.desc())
        .limit(1)
    )
    return None if other is None else payouts.row_of(work, other)
