"""The intent of a payment, laid down at the relay before M-Pesa is called, so that restored books find what
they forgot.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from sqlalchemy import func, select

from sacco_desktop.db.tables import AuditRow, Payout, PayoutAttempt
from sacco_desktop.domain.money import format_kes
from sacco_desktop.domain.payouts import B2C_V1, AttemptStatus, intent_note_id
from sacco_desktop.services import relay_clock
from sacco_desktop.services.payout_news import Parked
from sacco_desktop.services.payout_sending import SENT_ACTS, SendOrder, order_of
from sacco_desktop.services.relay_rests import LET_REST
from sacco_desktop.services.work import Work

_KIND = "payout-intent/1"


class ForgottenPayment(Parked):
    """An intent at the relay that the books do not hold; the queue stops for it."""


@dataclass(frozen=True, slots=True)
class IntentNews:
    """An intent read back from the feed."""

    originator_conversation_id: str
    payout_number: str
    phone: str
    amount_shillings: int

    @classmethod
    def read(cls, body: bytes) -> IntentNews:
        """Read what `intent_of` wrote. Raises ValueError for any other note: only devices of this society can lay one
        down, but one of them may run a newer program.
        """
        try:
            found = json.loads(body)
            return cls(
                str(found["id"]),
                str(found["payout"]),
                str(found["phone"]),
                int(found["shillings"]),
            )
        except (LookupError, TypeError, ValueError) as error:
            raise ValueError("This note is no intent of a payment.") from error


def intent_of(order: SendOrder) -> bytes:
    """What is laid down before the order goes out."""
    return json.dumps(
        {
            "kind": _KIND,
            "id": order.originator_conversation_id,
            "payout": order.payout_number,
            "phone": order.phone,
            "shillings": order.amount_shillings,
        },
        sort_keys=True,
    ).encode()


def note_id(order: SendOrder) -> str:
    """The note's id at a relay."""
    return intent_note_id(order.originator_conversation_id)


def sent_since_rest(work: Work, relay_name: str) -> tuple[SendOrder, ...]:
    """What went out, or began to, since this relay rests: what it has not been told.

    By the order of the audit and not by the clock, which may have been put back meanwhile.
    """
    rested = work.session.scalar(
        select(func.max(AuditRow.id)).where(
            AuditRow.action == LET_REST, AuditRow.subject == relay_name
        )
    )
    # Read first: on a server what the audit is about lies sealed, and the number of a payout does not.
    numbers = work.session.scalars(
        select(AuditRow.subject).where(AuditRow.id > (rested or 0), AuditRow.action.in_(SENT_ACTS))
    ).all()
    attempts = work.session.scalars(
        select(PayoutAttempt)
        .join(Payout, Payout.id == PayoutAttempt.payout_id)
        .where(Payout.number.in_(numbers))
        .order_by(PayoutAttempt.id)
    )
    return tuple(order_of(work, attempt) for attempt in attempts)


def missing(work: Work, _nothing: None = None) -> tuple[SendOrder, ...]:
    """The doubts that only a relay's clock can end, and that no relay holds: the program died before it laid them down.

    On v1 nobody can ask M-Pesa about a payment for which it gave no id. Two people decide after some hours, which are
    counted from when a relay received the intent.
    """
    attempts = work.session.scalars(
        select(PayoutAttempt)
        .where(
            PayoutAttempt.status == AttemptStatus.UNKNOWN.value,
            PayoutAttempt.b2c_version == B2C_V1,
            PayoutAttempt.conversation_id.is_(None),
        )
        .order_by(PayoutAttempt.id)
    ).all()
    return tuple(
        order_of(work, attempt)
        for attempt in attempts
        if relay_clock.laid_down_at(work, attempt.originator_conversation_id) is None
    )


def apply_intent(work: Work, news: IntentNews) -> str:
    """Compare an intent with the books. One that they do not know means that they were restored from a copy.

    Restored books give numbers out anew, so the same id for another receiver or sum is one that they do not know.
    """
    known = work.session.scalar(
        select(PayoutAttempt.id)
        .join(Payout, Payout.id == PayoutAttempt.payout_id)
        .where(
            PayoutAttempt.originator_conversation_id == news.originator_conversation_id,
            Payout.phone == news.phone,
            Payout.mpesa_cents == news.amount_shillings * 100,
        )
    )
    if known is not None:
        return "The books know this payment."
    words = (
        f"The relay holds {news.payout_number} of {format_kes(news.amount_shillings * 100)}, which these books do"
        " not know. They were restored from an older copy; it may have been paid."
    )
    raise ForgottenPayment(words)
