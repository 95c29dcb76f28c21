"""How well a paid payout is known, and the one place that says what may be done while it rests on one notice alone."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import ColumnElement, and_, bindparam, func, select

from sacco_desktop.db.standing import Lookup
from sacco_desktop.db.tables import Payout, PayoutAttempt, Relay
from sacco_desktop.domain.errors import NotProven
from sacco_desktop.domain.money import format_kes
from sacco_desktop.domain.payouts import Evidence, PayoutStatus
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.books import question_order
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.office import society
from sacco_desktop.services.payouts import payouts
from sacco_desktop.services.payouts.payouts import PayoutRow
from sacco_desktop.services.relays import relay_rests

# After a notice M-Pesa is asked through another relay, soon and then ever more seldom; there is no last time.
_PROOF_WAITS = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=12),
)


def _first_claimed(is_part_of_the_same: ColumnElement[bool]) -> Lookup[str]:
    return Lookup(
        select(Payout.number)
        .where(
            Payout.member_id == bindparam("member_id"),
            Payout.id != bindparam("but_this"),
            Payout.status == PayoutStatus.PAID.value,
            Payout.evidence == Evidence.CLAIMED.value,
            ~is_part_of_the_same,
        )
        .order_by(Payout.id)
        .limit(1)
    )


_BESIDE_LOAN = _first_claimed(func.coalesce(Payout.loan_id, 0) == bindparam("loan_id"))
# The parts of one sum are asked for in one act, at one moment.
_BESIDE_SUM = _first_claimed(
    and_(
        Payout.loan_id.is_(None),
        Payout.purpose == bindparam("purpose"),
        Payout.parts == bindparam("parts"),
        Payout.parts > 1,
        Payout.requested_at == bindparam("requested_at"),
    )
)


def pay_again_why_not(work: Work, payout: Payout) -> str:
    """Why this payout must wait for the proof of an earlier one to the same member; empty when nothing speaks against.

    The parts of one loan, or of another sum that was split, were approved together and do not wait for each other.
    """
    if payout.member_id is None:
        return ""
    first = _first_claimed_beside(work, payout)
    if first is None:
        return ""
    most = society.number_setting(work, "evidence.pay_again_cents")
    leaving = payout.mpesa_cents + payout.handed_cents
    if leaving <= most:
        return ""
    claim = f"{first} to the same member rests on one notice alone"
    rule = (
        f"{claim}. Up to {format_kes(most)} may be paid on that,"
        if most
        else f"{claim}. Until it is proven the member is paid nothing more,"
    )
    return f"{rule} and this is {format_kes(leaving)}. Find {first} on M-Pesa's statement first."


def _first_claimed_beside(work: Work, payout: Payout) -> str | None:
    given = {"member_id": payout.member_id, "but_this": payout.id}
    if payout.loan_id is not None:
        return _BESIDE_LOAN.value(work.session, loan_id=payout.loan_id, **given)
    return _BESIDE_SUM.value(
        work.session,
        purpose=payout.purpose,
        parts=payout.parts,
        requested_at=payout.requested_at,
        **given,
    )


def check_pay_again(work: Work, payout: Payout) -> None:
    """Raise NotProven when money would leave again to a member whose earlier payment is not proven."""
    why = pay_again_why_not(work, payout)
    if why:
        raise NotProven(f"{why} Nothing was sent.")


def still_claimed(work: Work, _nothing: None = None) -> tuple[PayoutRow, ...]:
    """What is paid but not proven at this moment, the oldest first: the list for the end of the day.

    The one action on each is to find it on M-Pesa's statement.
    """
    work.allow(Act.LOOK)
    found = work.session.scalars(
        select(Payout.id)
        .where(Payout.status == PayoutStatus.PAID.value, Payout.evidence == Evidence.CLAIMED.value)
        .order_by(Payout.paid_at, Payout.id)
    )
    return tuple(payouts.row_of(work, payout_id) for payout_id in found.all())


def to_prove(work: Work, _nothing: None = None) -> tuple[int, ...]:
    """The attempts whose payment is only claimed and about which another relay should be asked now."""
    relays = work.session.scalars(select(Relay.id).where(Relay.is_active))
    if sum(relay_rests.rest_of(work, relay_id) is None for relay_id in relays) < 2:
        return ()
    claimed = work.session.scalars(
        select(PayoutAttempt)
        .join(Payout, Payout.id == PayoutAttempt.payout_id)
        .where(
            PayoutAttempt.status == "paid",
            Payout.evidence == Evidence.CLAIMED.value,
            (PayoutAttempt.b2c_version != "v1") | PayoutAttempt.conversation_id.is_not(None),
        )
        .order_by(PayoutAttempt.settled_at)
    )
    return tuple(attempt.id for attempt in claimed if _is_due(work, attempt))


def _is_due(work: Work, attempt: PayoutAttempt) -> bool:
    """A clock that was put back since the last question makes no proof wait until it has caught up."""
    count, last = question_order.questions_since_paid(work, attempt)
    wait = _PROOF_WAITS[min(count, len(_PROOF_WAITS) - 1)]
    return last is None or not timedelta(0) <= work.now - last < wait
