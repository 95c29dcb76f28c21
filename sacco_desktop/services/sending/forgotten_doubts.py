"""A payment that these books forgot becomes a doubt under its old id: M-Pesa is asked about it, and its result counts.

It is never an untouched payout again, for then it could be taken back, or sent as if it had not left.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from sacco_desktop.db.tables import Payout, PayoutAttempt, Relay
from sacco_desktop.domain.errors import WrongState
from sacco_desktop.domain.payout_ways import Way
from sacco_desktop.domain.payouts import AttemptStatus, PayoutStatus
from sacco_desktop.services.books import audit, numbering
from sacco_desktop.services.books.held_roles import CLOCK_USER_ID
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.payouts import batch_lines, payout_attempts
from sacco_desktop.services.payouts.payout_moves import (
    last_attempt,
    load_payout,
    move_attempt,
    move_payout,
    note,
)
from sacco_desktop.services.sending.payout_news import Parked


class ForgottenPayment(Parked):
    """An intent at the relay that the books do not hold; the queue stops for it."""


@dataclass(frozen=True, slots=True)
class Intent:
    """What the relay holds of a payment: `number` counts the attempts of its payout, `laid_down_at` is what the relay
    says.
    """

    originator_id: str
    payout_number: str
    phone: str
    amount_cents: int
    number: int
    b2c_version: str
    relay_id: int
    tag: str
    laid_down_at: datetime


_WHAT_FIRST = {
    PayoutStatus.DRAFT: "{} waits for approval here. Approve it; then M-Pesa is asked about it.",
    PayoutStatus.IN_FLIGHT: "Another request for {} is under way here. Bring that to its end first.",
    PayoutStatus.PAID: "{} is booked as paid by another request. Look whether the statement shows a second payment.",
    PayoutStatus.CANCELLED: "{} was taken back here. Look whether the statement shows its payment.",
}
_OPEN_PAYOUT = (PayoutStatus.DRAFT.value, PayoutStatus.APPROVED.value)


def write(work: Work, intent: Intent) -> str:
    """Write the doubt to the payout that this intent is of; returns words. Raises ForgottenPayment where people must
    act first.
    """
    keep_number(work, intent.payout_number)
    payout = _payout_of(work, intent)
    if payout is None:
        raise ForgottenPayment(
            "Look for it on M-Pesa's statement. Ask for this payout again with the same sum to the same number, or let"
            " it rest when the statement does not show it."
        )
    if payout.status != PayoutStatus.APPROVED.value:
        raise ForgottenPayment(_WHAT_FIRST[PayoutStatus(payout.status)].format(payout.number))
    before = last_attempt(work, payout.id)
    if before is not None and before.status == AttemptStatus.UNSENT.value:
        raise ForgottenPayment(f"{payout.number} waits to go out under another id.")
    if not intent.tag or work.session.get(Relay, intent.relay_id) is None:
        raise ForgottenPayment("Its answer would find no way back. Look for it on the statement.")
    _write(work, payout, intent)
    return f"{payout.number} is a doubt, and M-Pesa is asked about it."


def keep_number(work: Work, number: str) -> None:
    """Give this number of a payout to no other one, so that nobody takes one for the other."""
    parts = number.split("-")
    if len(parts) == 3 and parts[2].isdigit():
        numbering.beyond(work, f"payout/{parts[1]}", int(parts[2]))


def _payout_of(work: Work, intent: Intent) -> Payout | None:
    """The payout of this number, if it is the same still; or one that was asked for in its place."""
    same = (
        Payout.phone == intent.phone,
        Payout.mpesa_cents == intent.amount_cents,
        Payout.way == Way.MPESA.value,
    )
    by_number = select(Payout).where(Payout.number == intent.payout_number, *same)
    payout = work.session.scalar(by_number)
    if payout is not None:
        return payout
    untouched = ~select(PayoutAttempt.id).where(PayoutAttempt.payout_id == Payout.id).exists()
    in_its_place = select(Payout).where(*same, Payout.status.in_(_OPEN_PAYOUT), untouched)
    return work.session.scalar(in_its_place.order_by(Payout.id.desc()).limit(1))


def doubt_unsent(work: Work, attempt: PayoutAttempt) -> None:
    """What restored books hold as never sent may have gone out since the copy was made."""
    payout = load_payout(work, attempt.payout_id)
    if payout.status != PayoutStatus.APPROVED.value:
        return
    words = "These books came back from a copy; this request may have gone out since."
    move_attempt(work, attempt, AttemptStatus.UNKNOWN, words, next_question_at=work.now)
    with suppress(WrongState):
        # Its batch was about something else; that must not keep the doubt out of the books.
        batch_lines.leaves(work, payout)
    move_payout(work, payout, PayoutStatus.IN_FLIGHT, words)


def doubt_all_unsent(work: Work) -> None:
    """At a restore: what the copy says of requests that never left, or that M-Pesa did not know, holds no more."""
    unsent = select(PayoutAttempt).where(PayoutAttempt.status == AttemptStatus.UNSENT.value)
    for attempt in work.session.scalars(unsent.order_by(PayoutAttempt.id)).all():
        # From now on no refusal proves that it never left, and its payout is not let go.
        attempt.times_sent += 1
        doubt_unsent(work, attempt)
    unknown = select(PayoutAttempt).where(PayoutAttempt.status == AttemptStatus.UNKNOWN.value)
    for attempt in work.session.scalars(unknown).all():
        attempt.not_found_answers = 0
        attempt.first_not_found_at = attempt.last_not_found_at = None
    work.session.flush()


def _write(work: Work, payout: Payout, intent: Intent) -> None:
    before = last_attempt(work, payout.id)
    attempt = payout_attempts.write(
        work,
        payout_id=payout.id,
        number=max(intent.number, before.number + 1 if before else 1),
        originator_conversation_id=intent.originator_id,
        b2c_version=intent.b2c_version,
        relay_id=intent.relay_id,
        tag=intent.tag,
        times_sent=1,
        sent_by=CLOCK_USER_ID,
        sent_at=intent.laid_down_at,
    )
    note(work, attempt, "Written from what the relay holds; these books had forgotten it.")
    batch_lines.leaves(work, payout)
    words = "It went out before these books came back from a copy, so it may have been paid."
    move_payout(work, payout, PayoutStatus.IN_FLIGHT, words)
    move_attempt(work, attempt, AttemptStatus.UNKNOWN, words, next_question_at=work.now)
    audit.record(work, "found a forgotten payment", payout.number, {"id": intent.originator_id})
