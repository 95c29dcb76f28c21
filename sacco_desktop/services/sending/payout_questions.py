"""Asking M-Pesa what became of a payment: the question is a row before it is asked, and its answer comes by
callback or never.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select

from callback_relay.protocol.tag import request_tag
from sacco_desktop.db.tables import Exchange, PayoutAttempt, Question
from sacco_desktop.domain.errors import WrongState
from sacco_desktop.domain.payouts import (
    LONGEST_QUERY_WAIT,
    OPEN_ATTEMPTS,
    AttemptStatus,
    Evidence,
)
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.books import question_order
from sacco_desktop.services.books.work import Topic, Work
from sacco_desktop.services.payouts import two_relays
from sacco_desktop.services.payouts.payout_moves import (
    load_attempt,
    load_payout,
    move_attempt,
    note,
)
from sacco_desktop.services.payouts.payout_settling import ProvenPayment, settle_failed
from sacco_desktop.services.sending import queue_stops
from sacco_desktop.services.sending.payout_news import (
    Address,
    DoesNotFit,
    Parked,
    book_paid,
    check_fits,
)
from sacco_desktop.services.sending.payout_sending import (
    AnswerKind,
    Route,
    SendAnswer,
    schedule_next_question,
)

# How long a question may stay without an answer before it counts as lost.
_LOST_AFTER = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Asking:
    """Ask about this attempt, with the answer to come by this route."""

    attempt_id: int
    route: Route


@dataclass(frozen=True, slots=True)
class QuestionOrder:
    """A question as committed. On v1 the id is M-Pesa's own, on v3 ours."""

    question_id: int
    attempt_id: int
    asked_id: str
    tag: str


@dataclass(frozen=True, slots=True)
class StatusNews:
    """What a status answer says of the payment asked about; amount in cents, moments in UTC. `code` is that of
    the question itself; the parties are written as M-Pesa does, number and name.
    """

    outcome: str
    words: str
    stops_queue: bool
    query_conversation_id: str
    originator_conversation_id: str
    conversation_id: str
    receipt: str | None
    amount_cents: int | None
    receiver_phone: str | None
    finalised_at: datetime | None
    code: str = ""
    debit_party: str = field(default="", repr=False)
    credit_party: str = field(default="", repr=False)


def due(work: Work, _nothing: None = None) -> tuple[int, ...]:
    """The attempts about which M-Pesa should be asked now, the longest doubt first.

    One that is set for later than any ever is was set by a clock that was ahead, or the clock is behind now: that must
    not make a doubt wait for days or years.
    """
    return tuple(
        work.session.scalars(
            select(PayoutAttempt.id)
            .where(
                PayoutAttempt.status.in_([status.value for status in OPEN_ATTEMPTS]),
                PayoutAttempt.status != AttemptStatus.SENDING.value,
                (PayoutAttempt.next_question_at <= work.now)
                | (PayoutAttempt.next_question_at > work.now + LONGEST_QUERY_WAIT),
            )
            .order_by(PayoutAttempt.first_sent_at)
        )
    )


def begin(work: Work, asking: Asking) -> QuestionOrder:
    """Write the question down before it goes out. Asking moves no money, so a person may ask at any time."""
    work.allow_one_of(Act.SETTLE_PAYOUT, Act.FOLLOW_UP)
    attempt = load_attempt(work, asking.attempt_id)
    asked_id = attempt.originator_conversation_id
    if attempt.b2c_version == "v1":
        asked_id = attempt.conversation_id or ""
    if not asked_id:
        raise WrongState("M-Pesa gave no id for this payment, so only the statement can tell.")
    question = Question(
        attempt_id=attempt.id,
        relay_id=asking.route.relay_id,
        tag="",
        state="asking",
        asked_at=work.now,
    )
    attempt.questions_asked += 1
    question.tag = request_tag(
        asking.route.tag_key,
        asking.route.relay_host,
        "status-result",
        f"{attempt.originator_conversation_id}/{attempt.questions_asked}",
    )
    work.session.add(question)
    if attempt.status in OPEN_ATTEMPTS:
        schedule_next_question(work, attempt)
    _give_up_on_lost_questions(work, attempt)
    note(work, attempt, question_order.ASKED)
    return QuestionOrder(question.id, attempt.id, asked_id, question.tag)


def _give_up_on_lost_questions(work: Work, attempt: PayoutAttempt) -> None:
    for lost in work.session.scalars(
        select(Question).where(
            Question.attempt_id == attempt.id,
            Question.state.in_(["asking", "accepted"]),
            Question.asked_at < work.now - _LOST_AFTER,
        )
    ):
        lost.state = "unanswered"


@dataclass(frozen=True, slots=True)
class QuestionAnswered:
    """M-Pesa's immediate answer to a question; the real one comes later."""

    question_id: int
    answer: SendAnswer


def record_answer(work: Work, answered: QuestionAnswered) -> None:
    """Keep the immediate answer to a question."""
    work.allow_one_of(Act.SETTLE_PAYOUT, Act.FOLLOW_UP)
    question = work.session.get_one(Question, answered.question_id)
    answer = answered.answer
    attempt = load_attempt(work, question.attempt_id)
    trace = answer.trace
    work.session.add(
        Exchange(
            attempt_id=attempt.id,
            at=work.now,
            path=trace.path,
            request=trace.request,
            http_status=trace.http_status,
            answer=trace.answer,
            reading=f"question {answer.kind.value} {answer.code} {answer.words}".strip(),
        )
    )
    if answer.stop_queue:
        queue_stops.stop(work, answer.code or "refused", answer.words)
    if question.state != "asking":
        return
    if answer.kind is AnswerKind.ACCEPTED:
        question.state, question.conversation_id = "accepted", answer.conversation_id
    else:
        question.state, question.words = "unanswered", answer.words
        note(work, attempt, f"M-Pesa could not be asked: {answer.words}")
    work.session.flush()
    work.changed(Topic.PAYOUTS)


def apply_status(work: Work, address: Address, news: StatusNews) -> str:
    """Apply the answer to a question of ours and say in words what it did. Raises Parked when a person must look."""
    question = work.session.scalar(
        select(Question).where(
            Question.tag == (address.tag or ""), Question.relay_id == address.relay_id
        )
    )
    if question is None:
        raise Parked("It came to an address that belongs to no question of ours.")
    attempt = load_attempt(work, question.attempt_id)
    _check_is_ours(question, attempt, news)
    if question.state == "answered" and news.outcome not in ("completed", "open"):
        # What speaks for a failure counts once a question. What speaks against one is always heard.
        return "This question was answered already; it changed nothing."
    question.state, question.answered_at = "answered", work.now
    # Without M-Pesa's own id of the question it is a word, and never half of a proof.
    is_ours = question.conversation_id and question.conversation_id == news.query_conversation_id
    question.finding = news.outcome if is_ours else f"{news.outcome}?"
    question.words = news.words
    work.session.flush()
    if news.stops_queue:
        queue_stops.stop(work, news.code or news.outcome, news.words)
    work.changed(Topic.PAYOUTS)
    if news.outcome == "not_found":
        return _not_found(work, question, attempt, address.received_at)
    return _FINDINGS.get(news.outcome, _unclear)(work, question, attempt, news)


def _check_is_ours(question: Question, attempt: PayoutAttempt, news: StatusNews) -> None:
    if question.conversation_id and news.query_conversation_id not in (
        "",
        question.conversation_id,
    ):
        raise Parked("It answers another question than the one that this address was made for.")
    told = {news.originator_conversation_id, news.conversation_id} - {""}
    known = {attempt.originator_conversation_id, attempt.conversation_id or ""}
    if news.outcome != "not_found" and told and not told & known:
        raise DoesNotFit(attempt.id, "The answer speaks of another payment.")


def _completed(work: Work, _question: Question, attempt: PayoutAttempt, news: StatusNews) -> str:
    payout = load_payout(work, attempt.payout_id)
    check_fits(attempt, payout, news.amount_cents, news.receiver_phone)
    if news.receipt is None:
        raise DoesNotFit(attempt.id, "It says completed but carries no receipt.")
    words = "It agrees that this was paid. One relay alone is no second proof."
    if attempt.status != AttemptStatus.PAID.value or payout.receipt != news.receipt:
        why = f"M-Pesa answered that it is paid, receipt {news.receipt}."
        paid_at = news.finalised_at or work.now
        proof = ProvenPayment(news.receipt, paid_at, Evidence.CLAIMED, why)
        words = book_paid(work, attempt, proof)
    if two_relays.prove_paid(work, attempt):
        return "Two relays say that it was paid: the payment is proven."
    return words


def _still_open(work: Work, _question: Question, attempt: PayoutAttempt, news: StatusNews) -> str:
    # M-Pesa knows it and may pay, so whatever looked like a failure before counts no more.
    attempt.agreed_at = attempt.first_not_found_at = attempt.last_not_found_at = None
    attempt.not_found_answers = 0
    words = f"{question_order.MAY_STILL_PAY}: {news.words}"
    if attempt.status == AttemptStatus.UNKNOWN.value:
        move_attempt(work, attempt, AttemptStatus.ACCEPTED, words)
    else:
        note(work, attempt, words)
    return "M-Pesa may still pay."


def _ended(work: Work, question: Question, attempt: PayoutAttempt, news: StatusNews) -> str:
    if attempt.status in (AttemptStatus.PAID.value, AttemptStatus.FAILED.value):
        return _against_settled(work, question, attempt)
    if len(two_relays.relays_that_said(work, attempt, two_relays.ENDED)) >= 2:
        settle_failed(work, attempt, f"M-Pesa says so through two relays: {news.words}")
        return "Two relays say that it was not paid: that is proven."
    return _claim_or_agree(work, question, attempt, news)


def _claim_or_agree(
    work: Work, question: Question, attempt: PayoutAttempt, news: StatusNews
) -> str:
    """With one relay a failure needs a notice, then an answer to a question asked after it, then a person."""
    if attempt.claim != "failed":
        attempt.claim, attempt.claim_words = "failed", news.words
        attempt.claim_code = two_relays.STATUS_CLAIM
        attempt.claimed_at = work.now
        move_attempt(work, attempt, AttemptStatus.UNKNOWN, f"M-Pesa's answer: {news.words}")
        return "M-Pesa says that it was not paid. It is asked once more."
    if attempt.claimed_at is not None and question_order.was_asked_after_claim(
        work, question, attempt
    ):
        attempt.agreed_at = attempt.agreed_at or work.now
        # Perhaps it was held as accepted, because an answer in between said that it was still open.
        words = f"M-Pesa was asked back and agrees: {news.words}"
        move_attempt(work, attempt, AttemptStatus.UNKNOWN, words)
        return "The answer agrees with the notice. A treasurer decides now."
    return "The answer is older than the notice. M-Pesa is asked once more."


def _not_found(work: Work, question: Question, attempt: PayoutAttempt, told_at: datetime) -> str:
    """`told_at` is the relay's word: a PC whose clock jumps would make days of an hour."""
    if attempt.status in (AttemptStatus.PAID.value, AttemptStatus.FAILED.value):
        return _against_settled(work, question, attempt)
    if question_order.was_asked_after_sending(work, question, attempt):
        attempt.not_found_answers += 1
        attempt.first_not_found_at = min(attempt.first_not_found_at or told_at, told_at)
        attempt.last_not_found_at = max(attempt.last_not_found_at or told_at, told_at)
    # It never agrees with a notice of failure: that may be forged, and what is not found yet may still be paid. After
    # the set hours two people decide, with the statement in hand (daraja.md §5).
    move_attempt(work, attempt, AttemptStatus.UNKNOWN, "M-Pesa does not know this payment so far.")
    return "M-Pesa does not know this payment so far. That is not yet a failure."


def _against_settled(work: Work, question: Question, attempt: PayoutAttempt) -> str:
    if attempt.status == AttemptStatus.PAID.value:
        words = (
            f"M-Pesa answered {question.words!r} about a payment that is booked as paid."
            " Compare with the statement."
        )
        said_paid = two_relays.relays_that_said(work, attempt, two_relays.COMPLETED)
        # M-Pesa may forget what it once knew; that it was never paid, one of two relays must have made up.
        if question.finding == two_relays.ENDED and said_paid - {question.relay_id}:
            raise DoesNotFit(attempt.id, f"Two relays say different things. {words}")
        raise Parked(words)
    return "It agrees that this attempt failed; nothing changed."


def _unclear(work: Work, _question: Question, attempt: PayoutAttempt, news: StatusNews) -> str:
    note(work, attempt, f"M-Pesa's answer says nothing about the payment: {news.words}")
    return "The answer says nothing about the payment. M-Pesa is asked again."


_FINDINGS = {
    "completed": _completed,
    "open": _still_open,
    "ended": _ended,
}


def is_over(work: Work, question_id: int) -> bool:
    """Whether no answer to this question is waited for any more."""
    return work.session.get_one(Question, question_id).state not in ("asking", "accepted")


@dataclass(frozen=True, slots=True)
class Offered:
    """The relays through which the answer to a question about this attempt could come."""

    attempt_id: int
    relay_ids: tuple[int, ...]


def relay_to_ask(work: Work, offered: Offered) -> int:
    """One of the offered relays: if there is any, one that has not spoken of the attempt, as a second proof."""
    return two_relays.better_relay(work, load_attempt(work, offered.attempt_id), offered.relay_ids)
