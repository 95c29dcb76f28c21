"""News about payouts from M-Pesa: results and queue time-outs. Each is a claim, compared with what we asked
before it counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BindParameter, bindparam, select

from sacco_desktop.db.standing import Lookup
from sacco_desktop.db.tables import Payout, PayoutAttempt
from sacco_desktop.domain.errors import SaccoError
from sacco_desktop.domain.money import format_kes
from sacco_desktop.domain.mpesa_accounts import CHARGES, UTILITY, WORKING
from sacco_desktop.domain.payouts import AttemptStatus, Evidence, PayoutStatus
from sacco_desktop.domain.phones import display_phone
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.payouts import late_payments, two_relays
from sacco_desktop.services.payouts.payout_moves import (
    learn,
    load_payout,
    move_attempt,
    move_payout,
    note,
)
from sacco_desktop.services.payouts.payout_settling import ProvenPayment, settle_paid
from sacco_desktop.services.sending import account_readings, queue_stops
from sacco_desktop.services.sending.account_readings import Origin, Reading


class Parked(SaccoError):
    """This entry has no effect now. It stays visible with this reason, and is tried again by the clock and by hand."""


class DoesNotFit(Parked):
    """The notice contradicts what we sent. The queue stops, and a person compares it with M-Pesa's statement."""

    def __init__(self, attempt_id: int, why: str) -> None:
        super().__init__(f"The notice does not fit what we sent. {why} Nothing was booked.")
        self.attempt_id = attempt_id


@dataclass(frozen=True, slots=True)
class ResultNews:
    """A payout's result as a callback claims it; amount in cents, moments in UTC."""

    code: str
    words: str
    kind: str
    is_final: bool
    stops_queue: bool
    originator_conversation_id: str
    conversation_id: str
    receipt: str | None
    amount_cents: int | None
    receiver_phone: str | None
    completed_at: datetime | None
    utility_available_cents: int | None
    working_available_cents: int | None = None
    charges_paid_cents: int | None = None


@dataclass(frozen=True, slots=True)
class TimeoutNews:
    """M-Pesa did not take a request from its queue in time; that is no failure."""

    words: str


@dataclass(frozen=True, slots=True)
class Address:
    """Where an entry came to and when: the tag in its path, the relay whose address that was, and its clock's word.

    How long M-Pesa has been silent is reckoned by the relay's clock: that of the PC may be set wrong meanwhile.
    """

    relay_id: int
    tag: str | None
    received_at: datetime


_AT_ADDRESS = select(PayoutAttempt).where(
    PayoutAttempt.tag == bindparam("tag"), PayoutAttempt.relay_id == bindparam("relay_id")
)
_NAMED: tuple[BindParameter[str], ...] = (bindparam("one_id"), bindparam("other_id"))
_OTHER_NAMED = Lookup(
    select(PayoutAttempt.id).where(
        PayoutAttempt.id != bindparam("but_this"),
        (PayoutAttempt.originator_conversation_id.in_(_NAMED))
        | (PayoutAttempt.conversation_id.in_(_NAMED)),
    )
)
_WITH_RECEIPT = Lookup(select(Payout.number).where(Payout.receipt == bindparam("receipt")))


def attempt_at(work: Work, address: Address) -> PayoutAttempt:
    """The attempt whose own address an entry came to. Raises Parked for every other address.

    Only the address counts: anybody may write any id into a body, but only M-Pesa was told this address.
    """
    given = {"tag": address.tag or "", "relay_id": address.relay_id}
    attempt = work.session.scalar(_AT_ADDRESS, given)
    if attempt is None:
        raise Parked("It came to an address that belongs to no payment of ours.")
    return attempt


def apply_result(work: Work, address: Address, news: ResultNews) -> str:
    """Apply a result and say in words what it did. Raises Parked when a person must look."""
    attempt = attempt_at(work, address)
    _check_ids(work, attempt, news)
    entry = late_payments.booked_as_owed(work, news.receipt) if news.receipt else None
    if entry is not None and attempt.status == AttemptStatus.UNSENT.value:
        return _owed_words(entry)
    _know_as_sent(work, attempt)
    if news.stops_queue:
        queue_stops.stop(work, news.code, news.words)
    if attempt.conversation_id is None and news.conversation_id:
        learn(work, attempt, conversation_id=news.conversation_id)
    if news.kind == "paid" and news.is_final:
        return _paid(work, attempt, news)
    return _not_paid(work, attempt, news)


def _know_as_sent(work: Work, attempt: PayoutAttempt) -> None:
    """M-Pesa speaks of a request that we held as never sent: then it reached M-Pesa after all."""
    if attempt.status != AttemptStatus.UNSENT.value:
        return
    payout = load_payout(work, attempt.payout_id)
    if late_payments.is_held_as_not_paid(attempt, payout):
        raise DoesNotFit(
            attempt.id,
            "It is about a payment that was taken back as never sent. Two people decide about it.",
        )
    words = "M-Pesa speaks of this request, so it was sent after all."
    move_attempt(work, attempt, AttemptStatus.UNKNOWN, words)
    move_payout(work, payout, PayoutStatus.IN_FLIGHT, words)


def _check_ids(work: Work, attempt: PayoutAttempt, news: ResultNews) -> None:
    """A result at the right address with another payment's ids fits nothing that we sent."""
    known = {attempt.originator_conversation_id, attempt.conversation_id or news.conversation_id}
    told = {news.originator_conversation_id, news.conversation_id} - {""}
    if not told:
        return
    named = {"one_id": min(told), "other_id": max(told), "but_this": attempt.id}
    if _OTHER_NAMED.value(work.session, **named) is not None or not told & known:
        raise DoesNotFit(attempt.id, "It names another payment than the one it came for.")


def check_fits(
    attempt: PayoutAttempt, payout: Payout, amount_cents: int | None, phone: str | None
) -> None:
    """Raise DoesNotFit when amount or receiver differ from what was sent, or when the amount is not told."""
    if amount_cents is None:
        raise DoesNotFit(attempt.id, "It does not say how much was paid.")
    if amount_cents != payout.mpesa_cents:
        raise DoesNotFit(
            attempt.id,
            f"It says {format_kes(amount_cents)} and we sent {format_kes(payout.mpesa_cents)}.",
        )
    # M-Pesa may mask the number one day; a number that is told must be the right one.
    if phone is not None and phone != payout.phone:
        raise DoesNotFit(
            attempt.id,
            f"It says {display_phone(phone)} and we sent to {display_phone(payout.phone)}.",
        )


def _paid(work: Work, attempt: PayoutAttempt, news: ResultNews) -> str:
    payout = load_payout(work, attempt.payout_id)
    check_fits(attempt, payout, news.amount_cents, news.receiver_phone)
    if news.receipt is None:
        raise DoesNotFit(attempt.id, "It says paid but carries no receipt.")
    is_repeat = attempt.status == AttemptStatus.PAID.value
    if not is_repeat:
        account_readings.note(work, _readings(news), Origin("B2C result", work.now))
    claim: dict[str, object] = {
        "claim": "paid",
        "claim_code": news.code,
        "claim_words": news.words,
        "claimed_at": work.now,
    }
    words = book_paid(
        work,
        attempt,
        ProvenPayment(
            news.receipt,
            news.completed_at or work.now,
            Evidence.CLAIMED,
            f"M-Pesa's notice says paid, receipt {news.receipt}.",
        ),
        **({} if attempt.claim == "paid" else claim),
    )
    if attempt.claim != "paid":
        learn(work, attempt, **claim)
    return _PROVEN if two_relays.prove_paid(work, attempt) else words


_PROVEN = "Two relays say that it was paid: the payment is proven."


def _readings(news: ResultNews) -> Iterator[Reading]:
    told = {
        UTILITY: news.utility_available_cents,
        WORKING: news.working_available_cents,
        CHARGES: news.charges_paid_cents,
    }
    for account, cents in told.items():
        if cents is not None:
            yield Reading(account, cents)


def book_paid(work: Work, attempt: PayoutAttempt, proof: ProvenPayment, **learnt: object) -> str:
    """Book a payment that fits what was sent, whichever road the news came by; a repeat changes nothing. `learnt` are
    columns of the attempt that are kept with the booking.
    """
    payout = load_payout(work, attempt.payout_id)
    if attempt.status == AttemptStatus.PAID.value:
        if payout.receipt == proof.receipt:
            return "The same news came again; it changed nothing."
        raise DoesNotFit(
            attempt.id, f"It names receipt {proof.receipt}, but {payout.receipt} is booked."
        )
    if attempt.status == AttemptStatus.FAILED.value:
        entry = late_payments.booked_as_owed(work, proof.receipt)
        if entry is not None:
            return _owed_words(entry)
        raise DoesNotFit(
            attempt.id,
            "It says paid, but this attempt is booked as failed. Two people decide about it.",
        )
    entry = late_payments.booked_as_owed(work, proof.receipt)
    if entry is not None:
        raise DoesNotFit(
            attempt.id, f"Its receipt {proof.receipt} is in the books already, in entry {entry}."
        )
    used = _WITH_RECEIPT.value(work.session, receipt=proof.receipt)
    if used is not None:
        raise DoesNotFit(attempt.id, f"Its receipt {proof.receipt} is that of {used} already.")
    settle_paid(work, attempt, proof, **learnt)
    return f"Paid, receipt {proof.receipt}."


def _owed_words(entry: int) -> str:
    return f"This second payment is booked as owed by the member, in entry {entry}."


def _not_paid(work: Work, attempt: PayoutAttempt, news: ResultNews) -> str:
    if attempt.status == AttemptStatus.PAID.value:
        words = f"It says not paid ({news.words}), but the payment is booked as paid. Compare with M-Pesa's statement."
        said_paid = two_relays.relays_that_said(work, attempt, two_relays.COMPLETED)
        if said_paid == frozenset() or attempt.relay_id in said_paid:
            raise Parked(words)
        raise DoesNotFit(attempt.id, f"Two relays say different things. {words}")
    if attempt.status == AttemptStatus.FAILED.value:
        return "It agrees that this attempt failed; nothing changed."
    failed = news.is_final and news.kind in ("failed", "failed_stop_queue")
    if failed and attempt.claim == "":
        attempt.claim, attempt.claim_code, attempt.claim_words = "failed", news.code, news.words
        attempt.claimed_at = work.now
    attempt.next_question_at = work.now
    words = f"A notice says: {news.words}" if failed else f"M-Pesa is not clear: {news.words}"
    move_attempt(work, attempt, AttemptStatus.UNKNOWN, words)
    return f"{words} M-Pesa is asked back before anything else."


def apply_timeout(work: Work, address: Address, news: TimeoutNews) -> str:
    """A queue time-out: the outcome is unknown, whatever the word sounds like."""
    attempt = attempt_at(work, address)
    if attempt.status in (AttemptStatus.PAID.value, AttemptStatus.FAILED.value):
        return "The payment is settled already; the time-out changed nothing."
    _know_as_sent(work, attempt)
    attempt.next_question_at = work.now
    words = f"M-Pesa did not take it from its queue in time ({news.words}). It may still pay."
    move_attempt(work, attempt, AttemptStatus.UNKNOWN, words)
    return words


def flag_misfit(work: Work, attempt_id: int, why: str) -> None:
    """Mark an attempt whose notice does not fit, and stop the queue; called outside what was rolled back."""
    attempt = work.session.get_one(PayoutAttempt, attempt_id)
    queue_stops.stop(work, "notice does not fit", why)
    if attempt.status in (AttemptStatus.SENDING.value, AttemptStatus.ACCEPTED.value):
        attempt.next_question_at = work.now
        move_attempt(work, attempt, AttemptStatus.UNKNOWN, why)
    else:
        note(work, attempt, why)
