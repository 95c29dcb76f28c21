"""The intent of a payment, laid down at the relay before M-Pesa is called, so that restored books find what
they forgot.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from sacco_desktop.db.tables import AuditRow, Payout, PayoutAttempt, RelayEntry
from sacco_desktop.domain.errors import SaccoError
from sacco_desktop.domain.money import format_kes
from sacco_desktop.domain.payouts import B2C_V1, B2C_V3, AttemptStatus, intent_note_id
from sacco_desktop.services.books import relay_clock
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.payouts import forgotten_payments
from sacco_desktop.services.payouts.payout_moves import last_attempt
from sacco_desktop.services.relays.relay_rests import LET_REST
from sacco_desktop.services.sending import forgotten_doubts, queue_stops
from sacco_desktop.services.sending.forgotten_doubts import ForgottenPayment, Intent
from sacco_desktop.services.sending.payout_sending import SENT_ACTS, SendOrder, order_of

_KIND = "payout-intent/2"
# The code of the stop for payments that restored books forgot.
FORGOTTEN = "forgotten payment"


@dataclass(frozen=True, slots=True)
class IntentNews:
    """An intent read back from the feed. `tag` is empty in notes of the first form, which said less."""

    originator_conversation_id: str
    payout_number: str
    phone: str
    amount_shillings: int
    attempt_number: int = 1
    b2c_version: str = B2C_V3
    relay_id: int = 0
    tag: str = ""

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
                int(found.get("attempt", 1)),
                str(found.get("version", B2C_V3)),
                int(found.get("relay", 0)),
                str(found.get("tag", "")),
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
            "attempt": order.attempt_number,
            "version": order.b2c_version,
            "relay": order.relay_id,
            "tag": order.tag,
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


def apply_intent(work: Work, news: IntentNews, laid_down_at: datetime) -> str:
    """Compare an intent with the books. One that they do not know means that they were restored from a copy: it becomes
    a doubt, and the queue stops. Raises ForgottenPayment where people must act first.

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
    try:
        done = forgotten_doubts.write(work, _intent(news, laid_down_at))
    except ForgottenPayment as waits:
        raise ForgottenPayment(f"{words} {waits.message}") from waits
    queue_stops.stop(work, FORGOTTEN, f"{words} {done}")
    return f"{words} {done}"


def _intent(news: IntentNews, laid_down_at: datetime) -> Intent:
    return Intent(
        news.originator_conversation_id,
        news.payout_number,
        news.phone,
        news.amount_shillings * 100,
        news.attempt_number,
        news.b2c_version,
        news.relay_id,
        news.tag,
        laid_down_at,
    )


def take_up_forgotten(work: Work, payout_id: int) -> None:
    """A payout was approved: where these books forgot that it went out, it is a doubt and does not wait to be sent."""
    last = last_attempt(work, payout_id)
    if last is not None and last.status == AttemptStatus.UNSENT.value and last.times_sent > 1:
        forgotten_doubts.doubt_unsent(work, last)
    for forgotten in forgotten_payments.unsettled(work):
        row = work.session.get_one(RelayEntry, forgotten.entry_id)
        with suppress(SaccoError), work.session.begin_nested():
            row.outcome = apply_intent(work, IntentNews.read(row.body), row.received_at)
            row.state = "applied"
